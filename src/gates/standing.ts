import type { CommitSha } from '../github/ids.ts';
import { isBotOf } from './accounts.ts';
import { keyOfDeployment, runOfKey } from './asked.ts';
import { hasEnded, isNewestOf, stateOf, type ListedDeployment } from './deployments.ts';
import type { GateListing } from './observe-listing.ts';
import { mapFact } from './read-fact.ts';
import type { Candidate, Fact, GateMemory, StandingDeployment } from './snapshot.ts';

interface Known {
  readonly candidates: readonly Candidate[];
  /** This app's. */
  readonly slug: string | null;
  /** What the check runs on commits remember. */
  readonly memories: ReadonlyMap<CommitSha, GateMemory>;
  /** Runs that are known to be over. */
  readonly over: ReadonlySet<number>;
}

/** An environment's deployments that are not known to have ended. */
export function standingOf({ deployments }: GateListing, seen: Known): Fact<readonly StandingDeployment[]> {
  const { candidates } = seen;
  return mapFact(deployments, (all) =>
    all
      .filter(({ status }) => !hasEnded(stateOf(status)))
      .filter((one) => !(isSilent(one) && seen.over.has(one.status?.run ?? 0)))
      .map((deployment) => ({
        id: deployment.id,
        sha: deployment.sha,
        createdAt: deployment.createdAt,
        state: stateOf(deployment.status),
        answered: answeredOf(deployment, seen),
        candidate: candidates.find((one) => one.deployment === deployment.id)?.key ?? null,
        mayAsk: mayAsk(deployment, all, seen),
      })),
  );
}

/** A run's, that waits: where its run is cancelled, GitHub does not say so here. */
function isSilent({ byActions, status }: ListedDeployment): boolean {
  const state = stateOf(status);
  return byActions && (state === 'waiting' || state === 'pending');
}

/** What Actions holds back asks sooner or later; of the API's, the newest does, unless somebody else has spoken of it. */
function mayAsk(deployment: ListedDeployment, all: readonly ListedDeployment[], { slug }: Known): boolean {
  if (deployment.byActions) return isSilent(deployment);
  const { status } = deployment;
  if (stateOf(status) !== 'pending' || !isNewestOf(all, deployment)) return false;
  return status === null || isBotOf(status.creator, slug);
}

/**
 * The runs of which it matters whether they are over: they hold something back, and what they wait for is not this look's
 * to decide.
 */
export function runsThatMatter(
  { deployments }: GateListing,
  standing: Fact<readonly StandingDeployment[]>,
  candidates: readonly Candidate[],
): readonly number[] {
  if (deployments.kind === 'unreadable' || standing.kind === 'unreadable') return [];
  const matter = new Set(
    standing.value
      .filter(({ candidate }) => candidate === null)
      .filter((one) => one.answered === 'approved' || candidates.some((other) => isNewerOther(one, other)))
      .map(({ id }) => id),
  );
  const runs = deployments.value
    .filter((one) => isSilent(one) && matter.has(one.id))
    .flatMap(({ status }) => status?.run ?? []);
  return [...new Set(runs)];
}

function isNewerOther(one: StandingDeployment, { sha, createdAt }: Candidate): boolean {
  return one.sha !== sha && (one.createdAt ?? Infinity) >= (createdAt ?? -Infinity);
}

/** A status of this app's says what it answered; of a run that waits still, only the check run remembers it. */
function answeredOf(
  { id, sha, status, byActions }: ListedDeployment,
  { candidates, slug, memories }: Known,
): StandingDeployment['answered'] {
  if (status?.state === 'queued' && isBotOf(status.creator, slug)) return 'approved';
  const answered = memories.get(sha)?.answered;
  if (answered === undefined) return null;
  if (!byActions) return answered.get(keyOfDeployment(id)) ?? null;
  const candidate = candidates.find((one) => one.deployment === id);
  const said =
    candidate === undefined ? ofRun(answered, { run: status?.run ?? null, id }) : answered.get(candidate.key);
  // One that was rejected waits no longer: that it does means that its run was started again.
  return said === 'approved' ? said : null;
}

/** What was said of a run's deployment, in the latest attempt that anything was said of. */
function ofRun(
  answered: GateMemory['answered'],
  { run, id }: { readonly run: number | null; readonly id: number },
): StandingDeployment['answered'] {
  const attempts = [...answered].flatMap(([key, said]) => {
    const named = runOfKey(key);
    return named !== null && named.id === run && (named.deployment ?? id) === id ? [{ ...named, said }] : [];
  });
  return attempts.sort((a, b) => b.attempt - a.attempt)[0]?.said ?? null;
}
