import type { Change, ChangedDeployment, ExpectedDeployment, StatusChange } from '../changes/change.ts';
import { describeDeletion, describeEnding } from '../reports/status-text.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { deniedDeletion } from './denied-deletion.ts';
import { endingOf, newestActive, type Ending } from './endings.ts';
import { byAge, environmentIsOver, hasEnded, isTransient, lastHeardOf, mayBeTransient } from './facts.ts';
import type { GovernedBy } from './governed-by.ts';
import type { DeploymentFacts, LifecycleSnapshot } from './snapshot.ts';

export interface LifecycleDecision {
  /** Oldest deployment first: statuses, then deletions, then the environment. */
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** How many deployments the entry's rules speak of: those that are not over, and those that are. */
  readonly governed: { readonly open: number; readonly ended: number };
}

interface DecisionInput {
  readonly snapshot: LifecycleSnapshot;
  readonly by: GovernedBy;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What should become of one environment's deployments. Pure: the same snapshot, policy and time (milliseconds since
 * the epoch) give the same changes.
 */
export function decideLifecycle(input: DecisionInput): LifecycleDecision {
  const { snapshot, by, now } = input;
  const transient = snapshot.deployments.filter((deployment) => isTransient(deployment, by)).sort(byAge);
  const newest = newestActive(transient, by);
  const endings = transient.flatMap((deployment) => {
    const ending = endingOf({ deployment, by, now, newest });
    return ending === null ? [] : [statusChange({ deployment, ending, snapshot, by })];
  });
  const deletions = transient.filter(isDeletable({ snapshot, by, now })).map((deployment) => deletion(deployment, by));
  const ended = transient.filter(({ state }) => hasEnded(state)).length;
  const environment = decideEnvironment(snapshot, by);
  return {
    changes: [...endings, ...environment.changes, ...deletions],
    findings: [...missingFacts(input), ...environment.findings],
    governed: { open: transient.length - ended, ended },
  };
}

function statusChange(input: {
  readonly deployment: DeploymentFacts;
  readonly ending: Ending;
  readonly snapshot: LifecycleSnapshot;
  readonly by: GovernedBy;
}): StatusChange {
  const { deployment, ending, snapshot, by } = input;
  const text = describeEnding({ rule: ending.rule, deployment, by, successor: ending.successor ?? null });
  const tearsDown = by.teardownWorkflow !== null && ending.state === 'inactive';
  return {
    kind: 'deployment_status',
    deployment: changed(deployment),
    state: ending.state,
    rule: ending.rule,
    reason: text.reason,
    description: text.description,
    environmentUrl: deployment.status?.environmentUrl ?? null,
    logUrl: deployment.status?.logUrl ?? null,
    teardown: tearsDown
      ? {
          workflow: by.teardownWorkflow,
          ref: snapshot.defaultBranch,
          inputs: {
            environment: deployment.environment,
            deployment_id: String(deployment.id),
            ref: deployment.ref.name,
            sha: deployment.sha,
            reason: ending.rule,
          },
        }
      : null,
    expect: expected(deployment),
  };
}

/** Ended long enough ago, and not among the newest `keep` of the environment, whatever state those are in. */
function isDeletable(input: {
  readonly snapshot: LifecycleSnapshot;
  readonly by: GovernedBy;
  readonly now: number;
}): (deployment: DeploymentFacts) => boolean {
  const { by, now } = input;
  const { deleteAfter } = by;
  if (deleteAfter === null) return () => false;
  const newestFirst = [...input.snapshot.deployments].sort(byAge).reverse();
  const kept = new Set(newestFirst.slice(0, by.keep).map(({ id }) => id));
  return (deployment) =>
    hasEnded(deployment.state) && !kept.has(deployment.id) && now - lastHeardOf(deployment) > deleteAfter;
}

function deletion(deployment: DeploymentFacts, by: GovernedBy): Change {
  return {
    kind: 'delete_deployment',
    deployment: changed(deployment),
    rule: 'delete_after',
    reason: describeDeletion(deployment, by),
    expect: expected(deployment),
  };
}

function decideEnvironment(
  snapshot: LifecycleSnapshot,
  by: GovernedBy,
): Pick<LifecycleDecision, 'changes' | 'findings'> {
  if (snapshot.environmentName === null || !environmentIsOver(snapshot, by)) return { changes: [], findings: [] };
  const environment = snapshot.environmentName;
  if (typeof snapshot.guards === 'string') return { changes: [], findings: [deniedDeletion(snapshot.guards)] };
  if (snapshot.guards === null || snapshot.guards.length > 0) {
    const what =
      snapshot.guards === null ? 'what protects it could not be read' : `it has ${snapshot.guards.join(', ')}`;
    const message = `The environment is over but stays, because ${what}.`;
    return { changes: [], findings: [{ code: 'environment_guarded', environment, message }] };
  }
  const reason = 'All its deployments have ended, and their pull requests or refs are gone.';
  const expect = {
    deployments: snapshot.deployments.map(({ node }) => node),
    spellings: [...new Set([environment, ...snapshot.deployments.map((deployment) => deployment.environment)])],
  };
  return {
    changes: [{ kind: 'delete_environment', environment, expect, rule: 'delete_environment', reason }],
    findings: [],
  };
}

/**
 * Names what had to be left alone because GitHub did not say whether it is a production deployment. What nothing would
 * happen to in any case is not worth a word, and perhaps it was not even asked.
 */
function missingFacts(input: DecisionInput): readonly Finding[] {
  const { snapshot, by, now } = input;
  if (by.transient && by.exact) return [];
  const candidates = snapshot.deployments.filter((deployment) => mayBeTransient(deployment, by));
  const newest = newestActive(candidates, by);
  return candidates
    .filter((deployment) => deployment.production === null && endingOf({ deployment, by, now, newest }) !== null)
    .map(({ id, environment }) => ({
      code: 'facts_missing',
      environment,
      deployment: id,
      message: 'It could not be read whether this is a production or a transient deployment: it is left alone.',
    }));
}

/**
 * Whether something is left alone only because nobody asked its gates whether it waits for them. A look at the environment
 * asks them.
 */
export function asksGates(input: DecisionInput): boolean {
  const { snapshot, by } = input;
  const unknown = snapshot.deployments.filter(({ waitsForGate }) => waitsForGate === null);
  const deployments = unknown.map((deployment) => ({ ...deployment, waitsForGate: false }));
  const newest = newestActive([], by);
  return deployments.some(
    (deployment) => isTransient(deployment, by) && endingOf({ ...input, deployment, newest }) !== null,
  );
}

/**
 * Whether anything could be asked for, if all that is not known to be of production or not transient were neither. Where
 * this says no, that need not be known.
 */
export function couldChange(input: DecisionInput): boolean {
  const { snapshot, by } = input;
  const assumed: LifecycleSnapshot = {
    ...snapshot,
    deployments: snapshot.deployments.map((deployment) =>
      mayBeTransient(deployment, by) ? { ...deployment, transient: true, production: false } : deployment,
    ),
  };
  return decideLifecycle({ ...input, snapshot: assumed }).changes.length > 0 || environmentIsOver(assumed, by);
}

function changed(deployment: DeploymentFacts): ChangedDeployment {
  const { id, node, environment, ref, sha } = deployment;
  return { id, node, environment, ref: ref.name, sha };
}

function expected(deployment: DeploymentFacts): ExpectedDeployment {
  return { state: deployment.state, status: deployment.status?.node ?? null };
}
