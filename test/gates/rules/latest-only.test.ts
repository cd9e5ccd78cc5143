import { expect, test } from '@jest/globals';
import { ask, HOUR, standing, told } from '../case.ts';

type Given = Parameters<typeof standing>[0];

// The deployment that is asked about has number 1 and is two hours old.
test.each<[string, readonly Given[], string]>([
  ['nothing else', [], 'passes: latest'],
  ['an older one', [{ age: 3 * HOUR }], 'passes: latest'],
  ['a newer one that waits', [{ state: 'waiting' }], 'fails: not_latest'],
  ['a newer one without a status', [{ state: 'pending' }], 'fails: not_latest'],
  ['a newer one that was approved', [{ state: 'queued', answered: 'approved' }], 'fails: not_latest'],
  ['a newer one in progress', [{ state: 'in_progress' }], 'fails: not_latest'],
  ['a newer one that has succeeded', [{ state: 'success' }], 'fails: not_latest'],
  ['a newer one that was rejected', [{ state: 'waiting', answered: 'rejected' }], 'passes: latest'],
  ['a newer one that failed', [{ state: 'failure', answered: 'approved' }], 'passes: latest'],
  ['a newer one that is in error', [{ state: 'error' }], 'passes: latest'],
  ['a newer one that was made inactive', [{ state: 'inactive', answered: 'approved' }], 'passes: latest'],
  ['a newer one of the same commit', [{ commit: 'a' }], 'passes: latest'],
  ['a newer one whose gates have not been asked', [{ state: 'waiting', mayAsk: true }], 'waits: newer_undecided'],
  [
    'a newer one that was approved since',
    [{ state: 'waiting', mayAsk: true, answered: 'approved' }],
    'fails: not_latest',
  ],
  [
    'one whose gates have not been asked, and another that was approved',
    [
      { id: 8, commit: 'e', state: 'waiting', mayAsk: true, age: 0 },
      { state: 'queued', answered: 'approved' },
    ],
    'fails: not_latest',
  ],
  [
    'a newer one, older than one of the same commit whose gates have not been asked',
    [
      { commit: 'a', state: 'waiting', mayAsk: true, age: HOUR / 2 },
      { id: 8, age: HOUR },
    ],
    'waits: newer_undecided',
  ],
  ['one of the same second with a higher number', [{ age: 2 * HOUR, id: 2 }], 'fails: not_latest'],
  [
    'one that is newer, but not than the newest of the same commit',
    [
      { commit: 'a', age: HOUR / 2 },
      { id: 8, age: HOUR },
    ],
    'passes: latest',
  ],
  [
    'one that is newer than the newest of the same commit',
    [
      { commit: 'a', age: HOUR },
      { id: 8, age: HOUR / 2 },
    ],
    'fails: not_latest',
  ],
])('%s', (_title, others, expected) => {
  expect(told(ask('{ latest_only: true }', {}, { others: others.map((one) => standing(one)) }))).toBe(expected);
});

test.each<[string, readonly Given[], string]>([
  ['nothing else stands', [], 'passes: latest'],
  ['one of the same commit stands', [{ commit: 'a' }], 'passes: latest'],
  ['another stands, however old', [{ age: 9 * HOUR, state: 'success' }], 'waits: newer_undecided'],
])('of one whose age is not known, where %s', (_title, others, expected) => {
  const given = { id: null, age: null };
  expect(told(ask('{ latest_only: true }', given, { others: others.map((one) => standing(one)) }))).toBe(expected);
});

test('one that was approved and whose age is not known may be newer', () => {
  const other = { ...standing({ state: 'waiting', answered: 'approved' }), createdAt: null };
  expect(told(ask('{ latest_only: true }', {}, { others: [other] }))).toBe('waits: newer_undecided');
});

test('deployments that cannot be read make it wait', () => {
  expect(told(ask('{ latest_only: true }', {}, { others: 'unreadable' }))).toBe('waits: fact_unreadable');
});

test('says which one is newer', () => {
  expect(
    ask('{ latest_only: true }', {}, { others: [standing({}), standing({ id: 10, commit: 'e', age: 0 })] }),
  ).toMatchObject({ seen: 'deployment 10 of eeeeeeeeeeee', unblockedBy: 'a new deployment of this commit' });
});
