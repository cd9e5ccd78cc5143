import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyProtection } from '../../src/changes/apply-protection.ts';
import type { ProtectionChange, ProtectionKey } from '../../src/changes/protection-change.ts';
import { GitHubError, type GitHub } from '../../src/github/port.ts';
import { repositoryId } from '../../src/github/trusted.ts';
import type { Policy, Protection } from '../../src/policy/schema.ts';
import { decideProtection } from '../../src/protection/decide.ts';
import { observeProtection } from '../../src/protection/observe.ts';
import {
  APPS,
  BARE,
  modelGitHub,
  type ModelEnvironment,
  type Trouble,
  type World,
} from '../protection/model-github.ts';

/** What may deploy, and patterns of it that overlap. */
const REFS = ['branch:main', 'branch:master', 'branch:next', 'tag:v1', 'tag:main'] as const;
const PATTERNS = ['branch:*', 'branch:ma*', 'branch:main', 'branch:next', 'tag:*', 'tag:v1'] as const;
const PROTECTED: ReadonlySet<string> = new Set(['branch:main']);

const some = <T>(values: readonly T[]) => fc.subarray([...values]);
const users = some([1, 2, 3, 4]);
const variables = fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('x', 'y'));

/** As GitHub could have it. */
const state: fc.Arbitrary<ModelEnvironment> = fc
  .record({
    waitTimer: fc.constantFrom(0, 5, 30),
    reviewers: users,
    preventSelfReview: fc.boolean(),
    branchPolicy: fc.constantFrom('all', 'protected', 'custom'),
    patterns: some(PATTERNS),
    rules: some(Object.keys(APPS)),
    variables,
  })
  .map((one) => ({
    ...one,
    preventSelfReview: one.preventSelfReview && one.reviewers.length > 0,
    patterns: one.branchPolicy === 'custom' ? one.patterns : [],
  }));

const branches = fc.oneof(
  fc.constantFrom('all' as const, 'protected' as const),
  some(PATTERNS).map((refs) =>
    refs.map((ref) => (ref.startsWith('tag:') ? { tag: ref.slice(4) } : ref.replace('branch:', ''))),
  ),
);

const protection: fc.Arbitrary<Protection> = fc.record(
  {
    wait_timer: fc.constantFrom(0, 5, 30),
    reviewers: users.map((ids) => ids.map((id) => ({ user: `user-${id}` }))),
    prevent_self_review: fc.boolean(),
    deployment_branch_policy: branches,
    custom_rules: some(Object.keys(APPS)),
    variables: variables.map((all) => Object.fromEntries(Object.entries(all).map(([k, v]) => [k.toLowerCase(), v]))),
  },
  { requiredKeys: [] },
);

const REPOSITORY = { id: repositoryId(1), owner: 'acme', name: 'shop' };

function policyOf(entries: Readonly<Record<string, Protection>>): Pick<Policy, 'environments' | 'freezes'> {
  return {
    freezes: [],
    environments: Object.entries(entries).map(([name, one]) => ({
      name,
      protection: one,
      unusable: [],
      rank: 0,
      own: true,
      locked: false,
    })),
  };
}

async function plan(github: GitHub, policy: Pick<Policy, 'environments' | 'freezes'>) {
  const leftOut = new Map<ProtectionKey, string>();
  const snapshot = await observeProtection(github, { repository: REPOSITORY, policy, leftOut });
  return decideProtection(snapshot, leftOut);
}

/** Applies the plan, and gives up where GitHub fails. Tells what was made. */
async function apply(github: GitHub, changes: readonly ProtectionChange[]): Promise<void> {
  const listener = { outcome: () => undefined, dispatchRefused: () => undefined };
  try {
    await applyProtection({ github, repository: REPOSITORY, listener }, changes);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
  }
}

/** What may deploy to an environment; all may where there is none. */
function allowed(one: ModelEnvironment | undefined): ReadonlySet<string> {
  if (one === undefined || one.branchPolicy === 'all') return new Set(REFS);
  if (one.branchPolicy === 'protected') return PROTECTED;
  return new Set(REFS.filter((ref) => one.patterns.some((pattern) => matches(pattern, ref))));
}

/** A star is at the end, if anywhere. */
function matches(pattern: string, ref: string): boolean {
  return pattern.endsWith('*') ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern;
}

/** Complaints about a state between two others. */
function outOfBounds(
  old: ModelEnvironment | undefined,
  now: ModelEnvironment,
  end: ModelEnvironment,
): readonly string[] {
  const [before, at, after] = [allowed(old), allowed(now), allowed(end)];
  // GitHub offers no way to patterns but through nobody.
  const throughNobody = end.branchPolicy === 'custom' && old?.branchPolicy !== 'custom';
  return [
    ...[...at].filter((ref) => !before.has(ref) && !after.has(ref)).map((ref) => `${ref} slips through`),
    ...(throughNobody ? [] : [...before].filter((ref) => after.has(ref) && !at.has(ref)).map((ref) => `${ref} is out`)),
  ];
}

/** What an entry does not name, of an environment. */
function unnamed(one: ModelEnvironment, entry: Protection): object {
  return {
    ...(entry.wait_timer === undefined ? { waitTimer: one.waitTimer } : {}),
    ...(entry.reviewers === undefined ? { reviewers: one.reviewers } : {}),
    // It goes with the last reviewer.
    ...(entry.prevent_self_review === undefined && entry.reviewers === undefined
      ? { preventSelfReview: one.preventSelfReview }
      : {}),
    ...(entry.deployment_branch_policy === undefined ? { branchPolicy: one.branchPolicy, patterns: one.patterns } : {}),
    rules: one.rules.filter((rule) => !(entry.custom_rules ?? []).includes(rule)),
    variables: Object.fromEntries(
      Object.entries(one.variables).filter(([name]) => !(name.toLowerCase() in (entry.variables ?? {}))),
    ),
  };
}

const pair = fc.record({ exists: fc.boolean(), before: state, entry: protection });

describe('from any state, with any entry', () => {
  test('what was applied leaves nothing to apply, and keeps what is not named', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ({ exists, before, entry }) => {
        const model = modelGitHub(exists ? { one: before } : {});
        const policy = policyOf({ one: entry });
        const planned = await plan(model.github, policy);
        await apply(model.github, planned.changes);
        if (planned.findings.length > 0) {
          // Left alone as a whole.
          expect(model.writes).toEqual([]);
          return;
        }
        const again = await plan(model.github, policy);
        // In a repository without environments, nobody knows which rules it is offered.
        const mayFollow = exists ? [] : ['enable_custom_rule'];
        expect(again.changes.map(({ kind }) => kind).filter((kind) => !mayFollow.includes(kind))).toEqual([]);
        await apply(model.github, again.changes);
        expect((await plan(model.github, policy)).changes).toEqual([]);
        const end = model.states.at(-1)?.['one'] ?? BARE;
        for (const world of model.states) {
          const one = world['one'];
          if (one !== undefined) expect(unnamed(one, entry)).toEqual(unnamed(exists ? before : BARE, entry));
        }
        expect(end.reviewers.length > 0 || !end.preventSelfReview).toBe(true);
        expect(model.writes.filter((write) => write.startsWith('PUT')).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400 },
    );
  });

  test('no state on the way lets through what neither lets through, or holds back what both do', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ({ exists, before, entry }) => {
        const model = modelGitHub(exists ? { one: before } : {});
        const { changes } = await plan(model.github, policyOf({ one: entry }));
        await apply(model.github, changes);
        const old = exists ? before : undefined;
        const end = model.states.at(-1)?.['one'];
        if (end === undefined) return;
        for (const world of model.states.slice(1)) expect(outOfBounds(old, world['one'] ?? BARE, end)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('whatever fails half-way, the bounds hold, and the next look finishes it', async () => {
    const trouble = fc.constantFrom<Trouble>('none', 'none', 'lost before', 'lost after', 'unavailable');
    await fc.assert(
      fc.asyncProperty(
        fc.record({ one: state, two: state }),
        fc.record({ one: protection, two: protection }),
        fc.array(trouble, { maxLength: 8 }),
        async (start, entries, troubles) => {
          const policy = policyOf(entries);
          const smooth = modelGitHub(start);
          await apply(smooth.github, (await plan(smooth.github, policy)).changes);
          const end = smooth.states.at(-1) ?? {};

          const rough = modelGitHub(start);
          rough.troubles = troubles;
          await apply(rough.github, (await plan(rough.github, policy)).changes);
          for (const world of rough.states) {
            for (const name of ['one', 'two'] as const) {
              expect(outOfBounds(start[name], world[name] ?? BARE, end[name] ?? BARE)).toEqual([]);
            }
          }
          rough.troubles = [];
          await apply(rough.github, (await plan(rough.github, policy)).changes);
          expect(inOrder(rough.states.at(-1) ?? {})).toEqual(inOrder(end));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The order in which things were made means nothing. */
function inOrder(world: World): World {
  return Object.fromEntries(
    Object.entries(world).map(([name, one]) => [
      name,
      {
        ...one,
        reviewers: [...one.reviewers].sort(),
        patterns: [...one.patterns].sort(),
        rules: [...one.rules].sort(),
      },
    ]),
  );
}
