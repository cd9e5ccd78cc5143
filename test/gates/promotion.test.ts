import { describe, expect, test } from '@jest/globals';
import { decidePromotion, dueSources } from '../../src/gates/decide-promotion.ts';
import { describePromotion, promotedFrom } from '../../src/gates/promotion-mark.ts';
import type { PromotionSnapshot, PromotionSource } from '../../src/gates/promotion-snapshot.ts';
import { deploymentId } from '../../src/github/trusted.ts';
import { HOUR, known, MINUTE, NOW, sha, unreadable } from './case.ts';

interface Given extends Partial<Omit<PromotionSource, 'id' | 'sha' | 'createdAt' | 'succeededAt'>> {
  readonly id?: number;
  readonly commit?: string;
  /** How long ago it succeeded, in milliseconds; null: it has not. */
  readonly succeeded?: number | null;
}

/** A deployment of `main` to staging that succeeded an hour ago; numbers count up with time. */
function source({ id = 1, commit = 'a', succeeded = HOUR, ...rest }: Given = {}): PromotionSource {
  return {
    ref: 'main',
    task: 'deploy',
    payload: { region: 'eu' },
    state: 'success',
    refHolds: known(true),
    newerHere: known(false),
    ...rest,
    id: deploymentId(id),
    sha: sha(commit),
    createdAt: NOW - 3 * HOUR + id * MINUTE,
    succeededAt: succeeded === null ? null : NOW - succeeded,
  };
}

function decide(
  sources: readonly PromotionSource[] | 'unreadable',
  given: {
    readonly here?: readonly string[];
    readonly landed?: PromotionSnapshot['landedAt'];
    readonly now?: number;
  } = {},
) {
  const { here = [], landed = known(NOW - 24 * HOUR), now = NOW } = given;
  const snapshot: PromotionSnapshot = {
    environment: 'production',
    landedAt: landed,
    sources: sources === 'unreadable' ? unreadable : known(sources),
    deployedHere: known(new Set(here.map(sha))),
    strays: { standing: [], ended: [] },
  };
  const question = { snapshot, promote: { from: 'staging', after: 30 * MINUTE }, now };
  const { promotion, changesAt, unread } = decidePromotion(question);
  return {
    promoted: promotion?.source ?? null,
    next: changesAt === null ? null : (changesAt - NOW) / MINUTE,
    unread: unread.length,
    promotion,
    due: dueSources(question).map(({ id }) => id),
  };
}

describe('promote', () => {
  test('creates a deployment of the same commit, ref, task and payload', () => {
    expect(decide([source()]).promotion).toEqual({
      source: 1,
      environment: 'production',
      sha: sha('a'),
      ref: 'main',
      task: 'deploy',
      payload: { region: 'eu' },
      description: 'Promoted from deployment 1 of staging',
      strays: { standing: [], ended: [] },
    });
  });

  test('takes the commit for the ref where that has moved on', () => {
    expect(decide([source({ refHolds: known(false) })]).promotion?.ref).toBe(sha('a'));
  });

  test.each<[string, readonly PromotionSource[] | 'unreadable', Parameters<typeof decide>[1], object]>([
    ['waits until it has stood for `after`', [source({ succeeded: 10 * MINUTE })], {}, { promoted: null, next: 20 }],
    ['goes at the very moment', [source({ succeeded: 30 * MINUTE })], {}, { promoted: 1, next: null }],
    ['leaves what has not succeeded', [source({ succeeded: null, state: 'in_progress' })], {}, { promoted: null }],
    ['leaves what was made inactive', [source({ state: 'inactive' })], {}, { promoted: null, next: null }],
    ['leaves what failed since', [source({ state: 'failure' })], {}, { promoted: null, next: null }],
    ['leaves what has a deployment here', [source()], { here: ['a'] }, { promoted: null, next: null, due: [] }],
    [
      'leaves it also while it still soaks',
      [source({ succeeded: 0 })],
      { here: ['a'] },
      { promoted: null, next: null },
    ],
    ['leaves an ancestor of what is here', [source({ newerHere: known(true) })], {}, { promoted: null }],
    [
      'leaves what came to `from` before something that is here',
      [source(), source({ id: 2, commit: 'b' })],
      { here: ['b'] },
      { promoted: null, due: [] },
    ],
    [
      'leaves what succeeded before `promote` landed, or in the same second',
      [source()],
      { landed: known(NOW - HOUR) },
      { promoted: null, next: null },
    ],
    ['takes what succeeded since', [source()], { landed: known(NOW - HOUR - 1000) }, { promoted: 1 }],
    [
      'takes the newest of several that are due, and that alone',
      [source(), source({ id: 2, commit: 'b' })],
      {},
      { promoted: 2, due: [2, 1] },
    ],
    [
      'takes what is due while a newer one soaks, and knows when that is due',
      [source(), source({ id: 2, commit: 'b', succeeded: MINUTE })],
      {},
      { promoted: 1, next: 29 },
    ],
    [
      'takes what is due while a newer one is under way, or has failed',
      [source(), source({ id: 2, commit: 'b', succeeded: null, state: 'failure' })],
      {},
      { promoted: 1 },
    ],
    [
      'takes the next one where an ancestor of what is here came later',
      [source(), source({ id: 2, commit: 'b', newerHere: known(true) })],
      {},
      { promoted: 1 },
    ],
    [
      'promotes nothing while it is not known when it landed',
      [source()],
      { landed: unreadable },
      { promoted: null, unread: 1 },
    ],
    ['promotes nothing while deployments cannot be read', 'unreadable', {}, { promoted: null, unread: 1 }],
    [
      'promotes nothing, older neither, while it is not known whether a newer one is here',
      [source(), source({ id: 2, commit: 'b', newerHere: unreadable })],
      {},
      { promoted: null, unread: 1 },
    ],
    [
      'promotes nothing while it is not known where the ref points',
      [source({ refHolds: unreadable })],
      {},
      { promoted: null, unread: 1 },
    ],
    ['does nothing without deployments', [], {}, { promoted: null, next: null, unread: 0 }],
  ])('%s', (_title, sources, given, expected) => {
    expect(decide(sources, given)).toMatchObject(expected);
  });
});

describe('the description of what was promoted', () => {
  test('says which deployment it was, whatever the environment is called', () => {
    for (const from of ['staging', 'x'.repeat(255), '🚀'.repeat(127), 'a\n[b](c) @d']) {
      const text = describePromotion(deploymentId(123), from);
      expect(promotedFrom(text)).toBe(123);
      expect(text.length).toBeLessThanOrEqual(140);
    }
  });

  test.each(['', 'Promoted', 'Promoted from deployment x of staging', 'Deploy: Promoted from deployment 1 of a'])(
    'is not read into %j',
    (text) => {
      expect(promotedFrom(text)).toBeNull();
    },
  );
});
