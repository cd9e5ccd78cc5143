import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decideGates } from '../../src/gates/decide.ts';
import { neededFacts, type UsablePolicy } from '../../src/gates/gates-policy.ts';
import type { Candidate, CandidateFacts, Fact, StandingDeployment } from '../../src/gates/snapshot.ts';
import { deploymentId } from '../../src/github/trusted.ts';
import type { EnvironmentEntry, Gate } from '../../src/policy/schema.ts';
import type { GateDecision } from '../../src/reports/gate-decision.ts';
import {
  candidate,
  check,
  HOUR,
  known,
  MINUTE,
  NOW,
  only,
  policy,
  pullRequest,
  snapshot,
  standing,
  unreadable,
} from './case.ts';

const COMMITS = ['a', 'b', 'c', 'd'];
const commit = fc.constantFrom(...COMMITS);
/** Few values, so that ages coincide. */
const age = fc.integer({ min: 0, max: 12 }).map((tens) => tens * 10 * MINUTE);

function factOf<T>(...values: readonly T[]): fc.Arbitrary<Fact<T>> {
  return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values).map(known) }, fc.constant(unreadable));
}

const people = { teams: ['sre'], users: ['mona'], apps: [] };

const gate: fc.Arbitrary<Gate> = fc.constantFrom<Gate>(
  { ref: ['main', 'release/*'] },
  { ref: ['release/*', { tag: 'v*' }] },
  { creator: people },
  { checks: ['build'] },
  { checks: ['*'] },
  { pull_request: { base: 'main', merged: true, approvals: 1 } },
  { succeeded_in: { environment: 'staging', for: 30 * MINUTE } },
  {
    windows: [
      { name: 'open', time_zone: 'UTC', days: ['mon'], from: { hour: 9, minute: 0 }, to: { hour: 17, minute: 0 } },
    ],
  },
  {
    windows: [
      { name: 'shut', time_zone: 'UTC', days: ['tue'], from: { hour: 9, minute: 0 }, to: { hour: 17, minute: 0 } },
    ],
  },
  { max_in_progress: 1 },
  { max_in_progress: 2 },
  { latest_only: true },
  { forward_only: true },
  { forward_only: { rollback_by: people } },
);

const facts: fc.Arbitrary<CandidateFacts> = fc.record({
  containedIn: factOf<readonly string[]>([], ['main']),
  creatorTeams: factOf<ReadonlySet<string>>(new Set(), new Set(['sre'])),
  checks: factOf([], [check('build', 'success')], [check('build', 'failure')], [check('build', 'queued')]),
  pullRequests: factOf([], [pullRequest()], [pullRequest({ state: 'open' })], [pullRequest({ state: 'closed' })]),
  elsewhere: factOf(
    null,
    { id: deploymentId(90), state: 'success' as const, succeededAt: NOW - HOUR },
    { id: deploymentId(91), state: 'failure' as const, succeededAt: null },
  ).map((one) => new Map([['staging', one]])),
  ancestry: factOf('same', 'descendant', 'ancestor', 'diverged', 'active_gone', 'nothing_active'),
  succeededHere: factOf(true, false),
});

const asked = fc
  .record({
    commit,
    age,
    facts,
    ref: fc.constantFrom(
      { kind: 'branch' as const, name: 'main' },
      { kind: 'tag' as const, name: 'v1' },
      { kind: 'commit' as const, name: 'x' },
    ),
    creator: factOf({ login: 'octocat', app: null }, { login: 'mona', app: null }),
    bypasses: fc.constantFrom([], [], [{ by: 'mona', at: NOW - MINUTE }], [{ by: 'mona', at: NOW - 25 * HOUR }]),
  })
  .map((given): Omit<Parameters<typeof candidate>[0] & object, 'id'> => given);

function candidatesOf(count: { readonly min: number; readonly max: number }): fc.Arbitrary<readonly Candidate[]> {
  return fc
    .array(asked, { minLength: count.min, maxLength: count.max })
    .map((all) => all.map((given, index) => candidate({ ...given, id: index + 1 })));
}

const others: fc.Arbitrary<readonly StandingDeployment[]> = fc
  .array(
    fc.record({
      commit,
      age,
      state: fc.constantFrom('queued', 'pending', 'in_progress', 'waiting', 'success', 'failure', 'inactive'),
      answered: fc.constantFrom(null, 'approved' as const, 'rejected' as const),
      mayAsk: fc.boolean(),
    }),
    { maxLength: 4 },
  )
  .map((all) => all.map((given, index) => standing({ ...given, id: index + 50 })));

const ENTRY: EnvironmentEntry | null = policy('').entry;

function policyOf(
  gates: readonly Gate[],
  bypass: 'bypass' | 'no bypass' = 'no bypass',
  freezes: UsablePolicy['freezes'] = [],
): UsablePolicy {
  if (ENTRY === null) throw new Error('The policy has an entry');
  const may = bypass === 'bypass' ? { bypass: { teams: [], users: ['mona'], freezes: false } } : {};
  return { kind: 'usable', entry: { ...ENTRY, gates, ...may }, freezes, checkRuns: true };
}

const bypass = fc.constantFrom('bypass' as const, 'no bypass' as const);
const freezes = fc.constantFrom([], [{ name: 'stop', time_zone: 'UTC' }]);
const FACTS = ['containedIn', 'creatorTeams', 'checks', 'pullRequests', 'ancestry', 'succeededHere'] as const;
const SEVERITY = { approved: 0, waiting: 1, rejected: 2 } as const;

function decide(
  candidates: readonly Candidate[],
  used: UsablePolicy,
  rest: readonly StandingDeployment[] | 'unreadable',
) {
  return decideGates({ snapshot: snapshot(candidates, rest), policy: used, now: NOW });
}

/** A decision without the order in which it is explained. */
function unordered(decisions: ReadonlyMap<string, GateDecision>) {
  return [...decisions]
    .map(([key, { results, ...rest }]) => ({ key, ...rest, results: results.map((one) => JSON.stringify(one)).sort() }))
    .sort((a, b) => a.key.localeCompare(b.key));
}

describe('whatever is asked', () => {
  test('more gates, or a freeze, never make a decision milder', () => {
    const asked = fc.record({
      all: candidatesOf({ min: 1, max: 1 }),
      some: fc.array(gate, { maxLength: 6 }),
      more: fc.array(gate),
      rest: others,
      may: bypass,
      frozen: freezes,
    });
    fc.assert(
      fc.property(asked, ({ all, some, more, rest, may, frozen }) => {
        const before = only(decide(all, policyOf(some, may), rest));
        const after = only(decide(all, policyOf([...some, ...more], may, frozen), rest));
        expect(SEVERITY[after.verdict]).toBeGreaterThanOrEqual(SEVERITY[before.verdict]);
      }),
      { numRuns: 300 },
    );
  });

  test('a fact that cannot be read never lets through what was not let through with it', () => {
    const asked = fc.record({
      all: candidatesOf({ min: 1, max: 1 }),
      gone: fc.subarray([...FACTS]),
      isCreatorGone: fc.boolean(),
      isElsewhereGone: fc.boolean(),
      gates: fc.array(gate, { maxLength: 6 }),
      rest: others,
      may: bypass,
    });
    fc.assert(
      fc.property(asked, ({ all, gone, isCreatorGone, isElsewhereGone, gates, rest, may }) => {
        const dimmed = all.map((one) => ({
          ...one,
          creator: isCreatorGone ? unreadable : one.creator,
          facts: {
            ...one.facts,
            ...Object.fromEntries(gone.map((name) => [name, unreadable])),
            ...(isElsewhereGone ? { elsewhere: new Map() } : {}),
          },
        }));
        const before = only(decide(all, policyOf(gates, may), rest)).verdict;
        const after = only(decide(dimmed, policyOf(gates, may), rest)).verdict;
        if (before !== 'approved') expect(after).not.toBe('approved');
      }),
      { numRuns: 300 },
    );
  });

  test('where nothing at all can be read, nothing that needs to be known is approved', () => {
    const blind: CandidateFacts = {
      containedIn: unreadable,
      creatorTeams: unreadable,
      checks: unreadable,
      pullRequests: unreadable,
      elsewhere: new Map(),
      ancestry: unreadable,
      succeededHere: unreadable,
    };
    fc.assert(
      fc.property(candidatesOf({ min: 1, max: 4 }), fc.array(gate, { minLength: 1, maxLength: 6 }), (all, gates) => {
        const candidates = all.map((one) => ({
          ...one,
          creator: unreadable,
          ref: { kind: 'commit' as const, name: 'x' },
          facts: blind,
          bypasses: [],
        }));
        const used = policyOf(gates);
        const { elsewhere, teams, branches, ...needs } = neededFacts(used);
        const needed = Object.values(needs).includes(true) || elsewhere.length + teams.length + branches.length > 0;
        const verdicts = [...decide(candidates, used, 'unreadable').values()].map(({ verdict }) => verdict);
        if (needed) expect(verdicts).not.toContain('approved');
      }),
      { numRuns: 150 },
    );
  });

  test('neither the order of gates nor that of what waits matters', () => {
    const shuffled = fc
      .array(gate, { maxLength: 6 })
      .chain((gates) => fc.tuple(fc.constant(gates), fc.shuffledSubarray(gates, { minLength: gates.length })));
    const reordered = candidatesOf({ min: 1, max: 5 }).chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    );
    const asked = fc.record({ shuffled, reordered, rest: others, may: bypass, frozen: freezes });
    fc.assert(
      fc.property(asked, ({ shuffled: [gates, mixed], reordered: [all, moved], rest, may, frozen }) => {
        expect(unordered(decide(moved, policyOf(mixed, may, frozen), rest))).toEqual(
          unordered(decide(all, policyOf(gates, may, frozen), rest)),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('what is not decided so far never makes `latest_only` decide what its own decision would have changed', () => {
    const answers = fc.array(fc.constantFrom('approved' as const, 'rejected' as const), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(candidatesOf({ min: 1, max: 2 }), others, answers, (all, rest, answered) => {
        const used = policyOf([{ latest_only: true }]);
        const later = rest.map((one, i) =>
          one.mayAsk && one.answered === null ? { ...one, answered: answered[i] ?? null } : one,
        );
        const [before, after] = [decide(all, used, rest), decide(all, used, later)];
        for (const [key, { verdict }] of before) {
          if (verdict !== 'waiting') expect(after.get(key)?.verdict).toBe(verdict);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('one look never lets more commits go than `max_in_progress` has room for', () => {
    fc.assert(
      fc.property(
        candidatesOf({ min: 1, max: 6 }),
        fc.array(gate, { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        others,
        (all, gates, most, rest) => {
          const decisions = decide(all, policyOf([...gates, { max_in_progress: most }]), rest);
          const before = new Set(
            rest
              .filter(
                ({ state, answered }) =>
                  state === 'queued' ||
                  state === 'in_progress' ||
                  (answered === 'approved' && (state === 'pending' || state === 'waiting')),
              )
              .map(({ sha }) => sha),
          );
          const going = new Set(
            all.filter(({ key }) => decisions.get(key)?.verdict === 'approved').map(({ sha }) => sha),
          );
          expect(new Set([...before, ...going]).size).toBeLessThanOrEqual(Math.max(most, before.size));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what waits and needs nobody says when it may change, and what is decided never changes by itself', () => {
    fc.assert(
      fc.property(
        candidatesOf({ min: 1, max: 3 }),
        fc.array(gate, { maxLength: 6 }),
        others,
        bypass,
        (all, gates, rest, may) => {
          for (const decision of decide(all, policyOf(gates, may), rest).values()) {
            if (decision.verdict !== 'waiting') expect([decision.changesAt, decision.heldUntil]).toEqual([null, null]);
            else if (decision.changesAt !== null) expect(decision.changesAt.at).toBeGreaterThan(NOW);
            const blocking = decision.results.filter(({ verdict, bypassed }) => verdict !== 'passes' && !bypassed);
            for (const { unblockedBy } of blocking) expect(unblockedBy).not.toBeNull();
            if (
              blocking.some(({ code }) => code === 'window_closed') &&
              decision.heldUntil === null &&
              decision.verdict === 'waiting'
            ) {
              expect(decision.changesAt).not.toBeNull();
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
