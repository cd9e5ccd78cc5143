import { readEnvironmentGuards } from '../github/environment-guards.ts';
import type { DeploymentId, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { refKindOf } from './belonging.ts';
import { couldChange } from './decide.ts';
import { byAge, environmentIsOver, hasEnded, lastHeardOf, mayBeTransient } from './facts.ts';
import { needsPullRequests, needsRefs, type GovernedBy } from './governed-by.ts';
import { observeBelonging, type Asked, type Belonging } from './observe-belonging.ts';
import { observeCreation, type CreationCache, type CreationFacts } from './observe-creation.ts';
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
  /** Those that wait for a gate, where its gates were asked just now. */
  readonly waiting?: ReadonlySet<number>;
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
    /**
     * Of which deployments it is read whether they are transient or of production: of all that the rules may speak
     * of, so that these can be counted, or only where something would happen to one that is.
     */
    readonly flags: 'of all' | 'where they matter';
  },
): Promise<readonly LifecycleSnapshot[]> {
  const { repository, listing, caches, now } = question;
  const readCreation = (wanted: (one: GovernedEnvironment) => readonly ListedDeployment[]): Promise<Creation> =>
    observeCreation(github, {
      repository,
      listed: listing.deployments,
      wanted: question.environments.flatMap(wanted),
      oneEnvironment: question.environments.length === 1,
      cache: caches.creation,
    });
  const readsFlags = (one: GovernedEnvironment): boolean => question.flags === 'of all' || !one.by.transient;
  let creation = await readCreation((one) => [...wantedNames(one), ...(readsFlags(one) ? wantedFlags(one, now) : [])]);
  const belonging = await observeBelonging(github, {
    repository,
    defaultBranch: listing.defaultBranch,
    newestPullRequests: listing.newestPullRequests,
    indexes: caches.pullRequests,
    lookedUp: listing.lookedUp,
    openPullRequests: listing.openPullRequests,
    asked: question.environments.flatMap((one) => askedBelonging(one, { creation, now })),
  });
  const snapshotOf = (one: GovernedEnvironment): LifecycleSnapshot => ({
    defaultBranch: listing.defaultBranch,
    environment: one.environment,
    environmentName: one.environmentName,
    guards: null,
    deployments: one.deployments.map((deployment) =>
      toFacts(deployment, {
        creation: creation.get(deployment.id),
        belonging: belonging.get(deployment.id),
        waitsForGate: waitsForGate(deployment, one),
      }),
    ),
    complete: listing.complete,
  });
  const matters = question.environments.filter(
    (one) => !readsFlags(one) && couldChange({ snapshot: snapshotOf(one), by: one.by, now }),
  );
  if (matters.length > 0) {
    creation = await readCreation((one) => [
      ...wantedNames(one),
      ...(readsFlags(one) || matters.includes(one) ? wantedFlags(one, now) : []),
    ]);
  }
  const snapshots: LifecycleSnapshot[] = [];
  for (const one of question.environments) {
    const snapshot = snapshotOf(one);
    const askGuards = question.guards === 'read' && environmentIsOver(snapshot, one.by) && one.environmentName !== null;
    snapshots.push(
      askGuards
        ? { ...snapshot, guards: await readEnvironmentGuards(github, repository, one.environmentName) }
        : snapshot,
    );
  }
  return snapshots;
}

type Creation = ReadonlyMap<DeploymentId, CreationFacts>;

/** Those whose ref's name decides something, and is not known from the listing. */
function wantedNames(one: GovernedEnvironment): readonly ListedDeployment[] {
  const { by } = one;
  const mayGo = environmentMayGo(one);
  const asks =
    needsPullRequests(by) || needsRefs(by) || by.oneActivePer === 'ref' || by.teardownWorkflow !== null || mayGo;
  if (!asks) return [];
  return one.deployments.filter(({ ref, state }) => ref === null && (mayGo || !hasEnded(state)));
}

/** Those whose creator's word decides something. */
function wantedFlags(one: GovernedEnvironment, now: number): readonly ListedDeployment[] {
  const { by } = one;
  if (by.transient && by.exact) return [];
  const mayGo = environmentMayGo(one);
  return one.deployments.filter((deployment) => {
    const open = !hasEnded(deployment.state);
    return open || mayGo || (by.deleteAfter !== null && now - lastHeardOf(deployment) > by.deleteAfter);
  });
}

/** All have ended: then it matters whether their pull requests and refs are gone. */
function environmentMayGo({ by, environmentName, deployments }: GovernedEnvironment): boolean {
  return by.deleteEnvironment && environmentName !== null && deployments.every(({ state }) => hasEnded(state));
}

function askedBelonging(
  one: GovernedEnvironment,
  { creation, now }: { readonly creation: Creation; readonly now: number },
): readonly Asked[] {
  const { by } = one;
  const mayGo = environmentMayGo(one);
  return one.deployments.flatMap((deployment) => {
    const created = creation.get(deployment.id);
    const ref = refKindOf(deployment, created);
    if (ref === null || (hasEnded(deployment.state) && !mayGo)) return [];
    if (!mayBeTransient({ transient: created?.transient ?? null, production: created?.production ?? null }, by))
      return [];
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

/**
 * Where its gates were not asked, nobody knows of one that says `pending`: this app may have said so, or not have come to
 * it. That only the newest is answered is known.
 */
function waitsForGate(
  { id, sha, state, createdAt }: ListedDeployment,
  { by, deployments, waiting }: GovernedEnvironment,
): boolean | null {
  // GitHub's word for a run that waits for a protection rule.
  if (state === 'waiting') return true;
  if (waiting !== undefined) return waiting.has(id);
  if (!by.gated || state !== 'pending') return false;
  const isNewer = (one: ListedDeployment): boolean => byAge({ id, createdAt }, one) < 0;
  return deployments.some((one) => one.sha !== sha && isNewer(one)) ? false : null;
}

function toFacts(
  deployment: ListedDeployment,
  {
    creation,
    belonging,
    waitsForGate: waits,
  }: {
    readonly creation: CreationFacts | undefined;
    readonly belonging: Belonging | undefined;
    readonly waitsForGate: boolean | null;
  },
): DeploymentFacts {
  const { id, node, createdAt, environment, sha, state, status } = deployment;
  const kind = refKindOf(deployment, creation);
  const unasked = kind?.kind === 'named' ? ({ kind: 'named', name: kind.name, gone: null } as const) : kind;
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
    waitsForGate: waits,
  };
}
