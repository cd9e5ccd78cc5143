import type { CommitSha } from '../github/ids.ts';
import { isBotOf } from './accounts.ts';
import { keyOfDeployment, runOfKey } from './asked.ts';
import { hasEnded, stateOf, type ListedDeployment } from './deployments.ts';
import type { GateListing } from './observe-listing.ts';
import { mapFact } from './read-fact.ts';
import type { Candidate, Fact, GateMemory, StandingDeployment } from './snapshot.ts';

interface Known {
  readonly candidates: readonly Candidate[];
  /** This app's. */
  readonly slug: string | null;
  /** What the check runs on commits remember. */
  readonly memories: ReadonlyMap<CommitSha, GateMemory>;
}

/** An environment's deployments that are not known to have ended. */
export function standingOf({ deployments }: GateListing, seen: Known): Fact<readonly StandingDeployment[]> {
  const { candidates } = seen;
  return mapFact(deployments, (all) =>
    all
      .filter(({ status }) => !hasEnded(stateOf(status)))
      .map((deployment) => ({
        id: deployment.id,
        sha: deployment.sha,
        createdAt: deployment.createdAt,
        state: stateOf(deployment.status),
        answered: answeredOf(deployment, seen),
        candidate: candidates.find((one) => one.deployment === deployment.id)?.key ?? null,
      })),
  );
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
