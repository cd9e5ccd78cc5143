import { describe, expect, test } from '@jest/globals';
import type { UpdatedPullRequest } from '../../src/lifecycle/answers.ts';
import {
  addToIndex,
  createPullRequestIndex,
  NEWEST_SHOWN,
  nothingUpdated,
  type NewestPullRequest,
} from '../../src/lifecycle/pull-request-index.ts';

const at = (seconds: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + 1000 * seconds).toISOString();

/** Numbers, newest first, each updated a second before the one in front of it. */
function newest(...numbers: readonly number[]): readonly NewestPullRequest[] {
  return numbers.map((number, i) => ({
    number,
    updatedAt: at(-i),
    state: 'OPEN',
    headRefOid: `head of ${String(number)}`,
  }));
}

const ofOneSecond = (count: number) =>
  newest(...Array.from({ length: count }, (_, i) => i)).map((one) => ({ ...one, updatedAt: at(0) }));

type Case = readonly [
  title: string,
  before: readonly NewestPullRequest[],
  now: readonly NewestPullRequest[],
  same: boolean,
];

const CASES: readonly Case[] = [
  ['when all are the same', newest(3, 2, 1), newest(3, 2, 1), true],
  ['when there are none', [], [], true],
  ['not when there is a first one', [], newest(1), false],
  ['not when another is the newest', newest(3, 2, 1), newest(2, 3, 1), false],
  ['not when the newest was updated again', newest(3), newest(3).map((one) => ({ ...one, updatedAt: at(9) })), false],
  [
    'not when one was closed in the same second',
    newest(3, 2),
    newest(3, 2).map((one) => (one.number === 2 ? { ...one, state: 'CLOSED' } : one)),
    false,
  ],
  [
    'not when one was pushed in the same second',
    newest(3),
    newest(3).map((one) => ({ ...one, headRefOid: 'other' })),
    false,
  ],
  ['when few are of one second', ofOneSecond(NEWEST_SHOWN - 1), ofOneSecond(NEWEST_SHOWN - 1), true],
  ['not when all that are shown are of one second', ofOneSecond(NEWEST_SHOWN), ofOneSecond(NEWEST_SHOWN), false],
];

test.each(CASES)('nothing was updated %s', (...[, before, now, same]) => {
  expect(nothingUpdated(before, now)).toBe(same);
});

function pullRequest(given: {
  readonly number: number;
  readonly commits: readonly string[];
  /** Replaced heads, each with what lies behind it. */
  readonly replaced?: readonly (readonly string[])[];
  readonly updated?: number;
  readonly state?: 'OPEN' | 'CLOSED';
}): UpdatedPullRequest {
  const { number, commits, replaced = [], updated = 0, state = 'OPEN' } = given;
  return {
    number,
    updatedAt: at(updated),
    createdAt: at(-1000),
    closedAt: null,
    state,
    isCrossRepository: false,
    headRefName: `branch ${String(number)}`,
    headRefOid: commits.at(-1) ?? 'none',
    headRef: null,
    mergeCommit: null,
    baseRefName: 'main',
    commits: { nodes: commits.map((oid) => ({ commit: { oid } })) },
    timelineItems: {
      nodes: replaced.map(([oid = '', ...behind]) => ({
        beforeCommit: { oid, history: { nodes: [oid, ...behind].map((each) => ({ oid: each })) } },
      })),
    },
  } as UpdatedPullRequest;
}

describe('the index', () => {
  test('tells a commit of a pull request from one that lies behind a replaced head', () => {
    const index = createPullRequestIndex();
    addToIndex(index, pullRequest({ number: 1, commits: ['b'], replaced: [['a2', 'a1', 'base']] }));
    const kinds = ['b', 'a2', 'a1', 'base', 'other'].map((oid) => index.commits.get(oid)?.get(1)?.kind ?? null);
    expect(kinds).toEqual(['own', 'own', 'behind_replaced', 'behind_replaced', null]);
  });

  test('knows all pull requests of a commit', () => {
    const index = createPullRequestIndex();
    addToIndex(index, pullRequest({ number: 1, commits: ['a'] }));
    addToIndex(index, pullRequest({ number: 2, commits: ['a', 'b'] }));
    expect([...(index.commits.get('a')?.keys() ?? [])]).toEqual([1, 2]);
  });

  test('remembers a commit that a pull request had before', () => {
    const index = createPullRequestIndex();
    addToIndex(index, pullRequest({ number: 1, commits: ['a'] }));
    addToIndex(index, pullRequest({ number: 1, commits: ['b'], updated: 1 }));
    expect(index.commits.get('a')?.has(1)).toBe(true);
  });

  test('keeps what is newer, whichever answer comes first', () => {
    const index = createPullRequestIndex();
    addToIndex(index, pullRequest({ number: 1, commits: ['a'], updated: 1, state: 'CLOSED' }));
    addToIndex(index, pullRequest({ number: 1, commits: ['a'], updated: 0 }));
    expect(index.pullRequests.get(1)?.state).toBe('CLOSED');
  });
});
