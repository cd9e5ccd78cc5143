import type { DeploymentId, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { refKindOf } from './belonging.ts';
import { environmentIsOver, hasEnded, isTransient, lastHeardOf } from './facts.ts';
import { needsPullRequests, needsRefs, type GovernedBy } from './governed-by.ts';
import { observeBelonging, type Asked, type Belonging } from './observe-belonging.ts';
import { observeCreation, type CreationCache, type CreationFacts } from './observe-creation.ts';
import { observeGuards } from './observe-guards.ts';
import type { ListedDeployment, Listing } from './observe-listing.ts';
import type { PullRequestIndexes } from './observe-pull-requests.ts';
import type { DeploymentFacts, LifecycleSnapshot } from './snapshot.ts';

/** One environment of a listing, and what the policy says of it. */
export interface GovernedEnvironment {
  /** In lower case. */
  readonly environment: string;
  /** GitHub's spelling; null where the environment does not exist. */
  readonly environmentName: string | null;
  readonly by: GovernedBy;
  readonly deployments: readonly ListedDeployment[];
}

export interface LifecycleCaches {
  readonly creation: CreationCache;
  readonly pullRequests: PullRequestIndexes;
}

/**
 * Completes a listing to what the rules need to know, and reads nothing that they do not: facts of creation, pull
 * requests and refs of the deployments that are still open, and the guards of environments that may go.
 * One snapshot an environment, in the order given.
 * @throws GitHubError
 */
export async function observeLifecycle(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly listing: Listing;
    readonly environments: readonly GovernedEnvironment[];
    /** Milliseconds since the epoch. */
    readonly now: number;
    readonly caches: LifecycleCaches;
    /** Whether a snapshot is for acting on: without it, guards are not read and count as unknown. */
    readonly guards: 'read' | 'skip';
  },
): Promise<readonly LifecycleSnapshot[]> {
  const { repository, listing, caches, now } = question;
  const creation = await observeCreation(github, {
    repository,
    listed: listing.deployments,
    wanted: question.environments.flatMap((one) => wantedCreation(one, now)),
    oneEnvironment: question.environments.length === 1,
    cache: caches.creation,
  });
  const belonging = await observeBelonging(github, {
    repository,
    defaultBranch: listing.defaultBranch,
    newestPullRequests: listing.newestPullRequests,
    indexes: caches.pullRequests,
    asked: question.environments.flatMap((one) => askedBelonging(one, { creation, now })),
  });
  const snapshots: LifecycleSnapshot[] = [];
  for (const one of question.environments) {
    const snapshot: LifecycleSnapshot = {
      defaultBranch: listing.defaultBranch,
      environment: one.environment,
      environmentName: one.environmentName,
      guards: null,
      deployments: one.deployments.map((deployment) =>
        toFacts(deployment, creation.get(deployment.id), belonging.get(deployment.id)),
      ),
      complete: listing.complete,
    };
    const askGuards = question.guards === 'read' && environmentIsOver(snapshot, one.by) && one.environmentName !== null;
    snapshots.push(
      askGuards ? { ...snapshot, guards: await observeGuards(github, repository, one.environmentName) } : snapshot,
    );
  }
  return snapshots;
}

/** Those whose creator's word or whose ref's name decides something, and is not known from the listing. */
function wantedCreation(one: GovernedEnvironment, now: number): readonly ListedDeployment[] {
  const { by } = one;
  const mayGo = environmentMayGo(one);
  const asksFlags = !(by.transient && by.exact);
  const asksRefs =
    needsPullRequests(by) || needsRefs(by) || by.oneActivePer === 'ref' || by.teardownWorkflow !== null || mayGo;
  return one.deployments.filter((deployment) => {
    const open = !hasEnded(deployment.state);
    const deletable = !open && by.deleteAfter !== null && now - lastHeardOf(deployment) > by.deleteAfter;
    if (asksFlags && (open || deletable || mayGo)) return true;
    return asksRefs && deployment.ref === null && (open || mayGo);
  });
}

/** All have ended: then it matters whether their pull requests and refs are gone. */
function environmentMayGo({ by, environmentName, deployments }: GovernedEnvironment): boolean {
  return by.deleteEnvironment && environmentName !== null && deployments.every(({ state }) => hasEnded(state));
}

function askedBelonging(
  one: GovernedEnvironment,
  { creation, now }: { readonly creation: ReadonlyMap<DeploymentId, CreationFacts>; readonly now: number },
): readonly Asked[] {
  const { by } = one;
  const mayGo = environmentMayGo(one);
  return one.deployments.flatMap((deployment) => {
    const created = creation.get(deployment.id);
    const ref = refKindOf(deployment, created);
    if (ref === null || (hasEnded(deployment.state) && !mayGo)) return [];
    if (!isTransient({ transient: created?.transient ?? null, production: created?.production ?? null }, by)) return [];
    const old = by.inactivateAfter !== null && now - lastHeardOf(deployment) > by.inactivateAfter;
    return [
      {
        deployment,
        ref,
        pullRequests: needsPullRequests(by),
        refGone: needsRefs(by),
        labels: by.keepLabel !== null && old,
      },
    ];
  });
}

function toFacts(
  deployment: ListedDeployment,
  creation: CreationFacts | undefined,
  belonging: Belonging | undefined,
): DeploymentFacts {
  const { id, node, createdAt, environment, sha, state, status } = deployment;
  const kind = refKindOf(deployment, creation);
  const unasked = kind?.kind === 'named' ? { ...kind, gone: null } : kind;
  return {
    id,
    node,
    createdAt,
    environment,
    sha,
    state,
    status,
    ref: belonging?.ref ?? unasked ?? { kind: 'named', name: sha, gone: null },
    transient: creation?.transient ?? null,
    production: creation?.production ?? null,
    pullRequests: belonging?.pullRequests ?? null,
  };
}
