import { expect, test } from '@jest/globals';
import type { StandingDeployment } from '../../../src/gates/snapshot.ts';
import { ask, standing, told } from '../case.ts';

type Given = Parameters<typeof standing>[0];

test.each<[string, number, readonly Given[], string]>([
  ['nothing', 1, [], 'passes: in_progress_free'],
  ['one that is queued', 1, [{ state: 'queued' }], 'waits: in_progress_full'],
  ['one in progress', 1, [{ state: 'in_progress' }], 'waits: in_progress_full'],
  [
    'one that was approved and has not begun',
    1,
    [{ state: 'waiting', answered: 'approved' }],
    'waits: in_progress_full',
  ],
  [
    'one that was approved, without a status yet',
    1,
    [{ state: 'pending', answered: 'approved' }],
    'waits: in_progress_full',
  ],
  ['one that waits', 1, [{ state: 'waiting' }], 'passes: in_progress_free'],
  ['one that nobody answered', 1, [{ state: 'pending' }], 'passes: in_progress_free'],
  ['one that was rejected', 1, [{ state: 'waiting', answered: 'rejected' }], 'passes: in_progress_free'],
  [
    'one that was rejected, and runs all the same',
    1,
    [{ state: 'in_progress', answered: 'rejected' }],
    'waits: in_progress_full',
  ],
  ['one that has succeeded', 1, [{ state: 'success', answered: 'approved' }], 'passes: in_progress_free'],
  ...(['failure', 'error', 'inactive'] as const).map((state): [string, number, readonly Given[], string] => [
    `one that ended in ${state}`,
    1,
    [{ state, answered: 'approved' }],
    'passes: in_progress_free',
  ]),
  ['fewer than so many', 2, [{ state: 'queued' }], 'passes: in_progress_free'],
  ['as many', 2, [{ state: 'queued' }, { id: 10, commit: 'e' }], 'waits: in_progress_full'],
  ['two of one commit, which count as one', 2, [{ state: 'queued' }, { id: 10 }], 'passes: in_progress_free'],
  ['one of the same commit', 1, [{ commit: 'a' }], 'passes: in_progress_free'],
  ['one of the same commit beside another’s', 1, [{ commit: 'a' }, { id: 10, commit: 'e' }], 'waits: in_progress_full'],
  ['a newer one', 1, [{ age: 0 }], 'waits: in_progress_full'],
])('%s', (_title, most, others, expected) => {
  const given: readonly StandingDeployment[] = others.map((one) => standing(one));
  expect(told(ask(`{ max_in_progress: ${most} }`, {}, { others: given }))).toBe(expected);
});

test('deployments that cannot be read make it wait', () => {
  expect(told(ask('{ max_in_progress: 1 }', {}, { others: 'unreadable' }))).toBe('waits: fact_unreadable');
});

test('says what is in progress', () => {
  const others = [1, 2, 3, 4].map((id) => standing({ id: id + 10, commit: 'bcde'[id - 1] ?? '', age: 1000 - id }));
  expect(ask('{ max_in_progress: 2 }', {}, { others })).toMatchObject({
    required: 'fewer than 2 others in progress',
    seen: 'deployment 11 of bbbbbbbbbbbb, deployment 12 of cccccccccccc, deployment 13 of dddddddddddd, 1 more',
  });
});
