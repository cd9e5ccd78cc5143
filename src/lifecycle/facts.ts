import type { DeploymentState } from '../changes/change.ts';
import type { GovernedBy } from './governed-by.ts';
import type { DeploymentFacts, LifecycleSnapshot } from './snapshot.ts';

/** GitHub says that it runs. */
export function isActive(state: DeploymentState): boolean {
  return state === 'success';
}

/** On its way: neither active nor ended. */
export function isInFlight(state: DeploymentState): boolean {
  return state === 'queued' || state === 'pending' || state === 'in_progress' || state === 'waiting';
}

/** Over. What has ended gets no further status from the app. */
export function hasEnded(state: DeploymentState): boolean {
  return state === 'failure' || state === 'error' || state === 'inactive';
}

type Dated = Pick<DeploymentFacts, 'createdAt' | 'id'>;

/** Oldest first: by creation, then by id, because GitHub's timestamps are whole seconds. */
export function byAge(a: Dated, b: Dated): number {
  return a.createdAt - b.createdAt || a.id - b.id;
}

/** When it was last heard of: its newest status, or its creation. Milliseconds since the epoch. */
export function lastHeardOf(deployment: Pick<DeploymentFacts, 'createdAt' | 'status'>): number {
  return deployment.status?.createdAt ?? deployment.createdAt;
}

/**
 * Whether the lifecycle's rules speak of a deployment at all. A production deployment is never touched unless the
 * policy names its environment exactly and says `transient: true`; what is not known is left alone.
 */
export function isTransient(deployment: Pick<DeploymentFacts, 'transient' | 'production'>, by: GovernedBy): boolean {
  if (by.transient && by.exact) return true;
  if (deployment.production !== false) return false;
  return by.transient || deployment.transient === true;
}

/** The same, where what is not known counts in favour: nothing that is not so is transient. */
export function mayBeTransient(deployment: Pick<DeploymentFacts, 'transient' | 'production'>, by: GovernedBy): boolean {
  const { transient, production } = deployment;
  return isTransient({ transient: transient ?? true, production: production ?? false }, by);
}

/** It belongs to some pull request, and none of them is open. */
export function pullRequestIsClosed({ pullRequests }: Pick<DeploymentFacts, 'pullRequests'>): boolean {
  return pullRequests !== null && pullRequests.length > 0 && pullRequests.every(({ open }) => !open);
}

export function refIsGone({ ref }: Pick<DeploymentFacts, 'ref'>): boolean {
  return ref.kind === 'named' && ref.gone === true;
}

/**
 * Whether an environment may be deleted as far as its deployments tell: there are some, all are transient and have
 * ended, and each one's pull request or ref is gone. Its guards are asked for only where this holds.
 */
export function environmentIsOver(
  snapshot: Pick<LifecycleSnapshot, 'environmentName' | 'deployments' | 'complete'>,
  by: GovernedBy,
): boolean {
  if (!by.deleteEnvironment || by.exact || snapshot.environmentName === null || !snapshot.complete) return false;
  return (
    snapshot.deployments.length > 0 &&
    snapshot.deployments.every(
      (deployment) =>
        isTransient(deployment, by) &&
        hasEnded(deployment.state) &&
        (pullRequestIsClosed(deployment) || refIsGone(deployment)),
    )
  );
}
