import { expect, test } from '@jest/globals';
import type { CommitPullRequest } from '../../../src/gates/snapshot.ts';
import { ask, known, MINUTE, NOW, pullRequest, told, unreadable } from '../case.ts';

const MERGED = '{ base: main, merged: true }';

test.each<[string, string, readonly Partial<CommitPullRequest>[], string]>([
  ['a merged one', MERGED, [{}], 'passes: pull_request_satisfied'],
  ['an open one that must be merged', MERGED, [{ state: 'open' }], 'waits: pull_request_unsatisfied'],
  ['an open one that need not be merged', '{ base: main }', [{ state: 'open' }], 'passes: pull_request_satisfied'],
  ['one closed unmerged', '{}', [{ state: 'closed' }], 'fails: pull_request_rejected'],
  [
    'one closed unmerged beside an open one',
    MERGED,
    [{ state: 'closed' }, { state: 'open' }],
    'waits: pull_request_unsatisfied',
  ],
  ['enough approvals', '{ approvals: 2 }', [{ state: 'open', approvals: 2 }], 'passes: pull_request_satisfied'],
  ['too few approvals', '{ approvals: 2 }', [{ state: 'open', approvals: 1 }], 'waits: pull_request_unsatisfied'],
  ['too few approvals of a merged one', '{ approvals: 2 }', [{ approvals: 1 }], 'waits: pull_request_unsatisfied'],
  [
    'enough approvals of one closed unmerged',
    '{ approvals: 1 }',
    [{ state: 'closed' }],
    'fails: pull_request_rejected',
  ],
  [
    'the merge of one, the approval of the other',
    '{ merged: true, approvals: 1 }',
    [{ approvals: 0 }, { state: 'open' }],
    'waits: pull_request_unsatisfied',
  ],
  ['any base, where none is asked for', '{ merged: true }', [{ base: 'develop' }], 'passes: pull_request_satisfied'],
  ['a base that a pattern matches', '{ base: "release/*" }', [{ base: 'release/1' }], 'passes: pull_request_satisfied'],
  ['another base alone', MERGED, [{ base: 'develop' }], 'fails: pull_request_missing'],
  ['another base beside the right one', MERGED, [{ base: 'develop' }, {}], 'passes: pull_request_satisfied'],
  ['none', '{}', [], 'fails: pull_request_missing'],
])('%s (%s)', (_title, required, some, expected) => {
  const pullRequests = known(some.map((one) => pullRequest(one)));
  expect(told(ask(`{ pull_request: ${required} }`, { facts: { pullRequests } }))).toBe(expected);
});

test('none is waited for until the deployment is five minutes old', () => {
  const asked = (age: number | null) => ask(`{ pull_request: ${MERGED} }`, { age, facts: { pullRequests: known([]) } });
  expect(asked(5 * MINUTE - 1)).toMatchObject({
    verdict: 'waits',
    code: 'pull_request_missing',
    changesAt: { at: NOW + 1, zone: 'UTC' },
  });
  expect(told(asked(5 * MINUTE))).toBe('fails: pull_request_missing');
  expect(asked(null)).toMatchObject({ verdict: 'waits', code: 'pull_request_missing', changesAt: null });
});

test('pull requests that cannot be read make it wait', () => {
  expect(told(ask('{ pull_request: {} }', { facts: { pullRequests: unreadable } }))).toBe('waits: fact_unreadable');
});

test('says what is lacking', () => {
  const pullRequests = known([pullRequest({ state: 'open', approvals: 0 })]);
  expect(
    ask('{ pull_request: { base: main, merged: true, approvals: 2 } }', { facts: { pullRequests } }),
  ).toMatchObject({
    required: 'a merged pull request into main with 2 approvals',
    seen: '#5 into main (open) lacks 2 approvals and the merge',
  });
});
