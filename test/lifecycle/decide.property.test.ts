import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { couldChange, decideLifecycle } from '../../src/lifecycle/decide.ts';
import { hasEnded, isTransient } from '../../src/lifecycle/facts.ts';
import type { GovernedBy } from '../../src/lifecycle/governed-by.ts';
import type { DeploymentFacts } from '../../src/lifecycle/snapshot.ts';
import { deployment, HOUR, NOW, OFF, pullRequest, snapshot } from './case.ts';

const age = fc.integer({ min: 0, max: 100 }).map((hours) => hours * HOUR);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const facts: fc.Arbitrary<DeploymentFacts> = fc
  .record({
    id: fc.integer({ min: 1, max: 10_000 }),
    created: age,
    status: maybe(age),
    state: fc.constantFrom(
      'queued',
      'pending',
      'in_progress',
      'waiting',
      'success',
      'success',
      'success',
      'failure',
      'error',
      'inactive',
    ),
    transient: maybe(fc.boolean()),
    production: maybe(fc.boolean()),
    ref: fc.record({ kind: fc.constant('named' as const), name: fc.constantFrom('a', 'b'), gone: maybe(fc.boolean()) }),
    pullRequests: maybe(
      fc.array(
        fc
          .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('open' as const, 'closed' as const))
          .map(([n, state]) => pullRequest(n, state)),
        { maxLength: 2 },
      ),
    ),
  })
  .map(({ status, ...given }) =>
    deployment(status === null && given.state !== 'pending' ? given : { ...given, status }),
  );

const deployments = fc.uniqueArray(facts, { selector: ({ id }) => id, maxLength: 12 });

const policy: fc.Arbitrary<GovernedBy> = fc
  .record({
    exact: fc.boolean(),
    transient: fc.boolean(),
    oneActivePer: fc.constantFrom('environment', 'ref', 'pull_request', 'none'),
    onPullRequestClosed: fc.boolean(),
    onRefDeleted: fc.boolean(),
    inactivateAfter: maybe(age),
    failStuckAfter: maybe(age),
    deleteAfter: maybe(age),
    keep: fc.integer({ min: 0, max: 4 }),
  })
  .map((given) => ({ ...OFF, ...given }));

/** The world after the changes. */
function carriedOut(before: readonly DeploymentFacts[], by: GovernedBy): readonly DeploymentFacts[] {
  const { changes } = decideLifecycle({ snapshot: snapshot(before), by, now: NOW });
  const statuses = new Map(
    changes.flatMap((change) => (change.kind === 'deployment_status' ? [[change.deployment.id, change.state]] : [])),
  );
  const deleted = new Set(
    changes.flatMap((change) => (change.kind === 'delete_deployment' ? [change.deployment.id] : [])),
  );
  return before
    .filter(({ id }) => !deleted.has(id))
    .map((one) => ({ ...one, state: statuses.get(one.id) ?? one.state }));
}

describe('decideLifecycle', () => {
  test('never touches what is not transient', () => {
    fc.assert(
      fc.property(deployments, policy, (before, by) => {
        const spared = before.filter((one) => !isTransient(one, by));
        expect(carriedOut(before, by)).toEqual(expect.arrayContaining(spared));
      }),
    );
  });

  test('never touches a production deployment unless the entry names it exactly and says transient', () => {
    fc.assert(
      fc.property(deployments, policy, (before, by) => {
        fc.pre(!(by.exact && by.transient));
        const production = before.filter((one) => one.production === true);
        expect(carriedOut(before, by)).toEqual(expect.arrayContaining(production));
      }),
    );
  });

  test('gives no status to what has ended, and deletes nothing that has not', () => {
    fc.assert(
      fc.property(deployments, policy, (before, by) => {
        const { changes } = decideLifecycle({ snapshot: snapshot(before), by, now: NOW });
        const ended = new Set(before.filter(({ state }) => hasEnded(state)).map(({ id }) => id));
        for (const change of changes) {
          if (change.kind === 'deployment_status') expect(ended.has(change.deployment.id)).toBe(false);
          if (change.kind === 'delete_deployment') expect(ended.has(change.deployment.id)).toBe(true);
        }
      }),
    );
  });

  test('is done after one run: what it leaves needs no further ending', () => {
    fc.assert(
      fc.property(deployments, policy, (before, by) => {
        const after = carriedOut(before, by);
        const { changes } = decideLifecycle({ snapshot: snapshot(after), by: { ...by, deleteAfter: null }, now: NOW });
        expect(changes).toEqual([]);
      }),
    );
  });

  test('does not depend on the order of the listing', () => {
    fc.assert(
      fc.property(deployments, policy, fc.integer(), (before, by, turn) => {
        const at = before.length === 0 ? 0 : Math.abs(turn) % before.length;
        const turned = [...before.slice(at), ...before.slice(0, at)].reverse();
        expect(decideLifecycle({ snapshot: snapshot(turned), by, now: NOW }).changes).toEqual(
          decideLifecycle({ snapshot: snapshot(before), by, now: NOW }).changes,
        );
      }),
    );
  });

  test('what could not be read ends nothing that its absence would not have ended', () => {
    fc.assert(
      fc.property(deployments, policy, (before, by) => {
        fc.pre(by.oneActivePer === 'none');
        const unread = before.map((one) => ({ ...one, pullRequests: null }));
        const full = decideLifecycle({ snapshot: snapshot(before), by, now: NOW }).changes;
        const blind = decideLifecycle({ snapshot: snapshot(unread), by, now: NOW }).changes;
        const ids = new Set(
          full.map((change) => JSON.stringify([change.kind, 'deployment' in change ? change.deployment.id : 0])),
        );
        for (const change of blind) {
          expect(ids).toContain(JSON.stringify([change.kind, 'deployment' in change ? change.deployment.id : 0]));
        }
      }),
    );
  });
});

describe('couldChange', () => {
  test('says yes wherever anything would be done, however much less is known of the deployments', () => {
    fc.assert(
      fc.property(deployments, policy, fc.infiniteStream(fc.boolean()), (before, by, coin) => {
        fc.pre(decideLifecycle({ snapshot: snapshot(before), by, now: NOW }).changes.length > 0);
        const flip = (): boolean => coin.next().value === true;
        const lessKnown = before.map((one) => ({
          ...one,
          transient: flip() ? one.transient : null,
          production: flip() ? one.production : null,
        }));
        expect(couldChange({ snapshot: snapshot(lessKnown), by, now: NOW })).toBe(true);
      }),
    );
  });
});
