import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { Beside } from './beside.ts';
import type { Candidate, Fact, GatesSnapshot, StandingDeployment } from './snapshot.ts';

/** A deployment's place in the order of all. */
interface Aged {
  /** Null where that is not known. */
  readonly createdAt: number | null;
  readonly deployment: DeploymentId | null;
}

interface Placed extends Aged {
  readonly sha: CommitSha;
  readonly label: string;
}

/**
 * By creation, then by id; what has no number yet is the newest of its moment, and what has no date comes last: it stands in
 * nobody's way that is not surely younger.
 */
export function byAge(a: Aged, b: Aged): number {
  return (
    (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity) ||
    (a.deployment ?? Infinity) - (b.deployment ?? Infinity) ||
    0
  );
}

/** What one look has found out about the environment's candidates so far. */
export interface Progress {
  /** Those that do not fail by themselves: who fails stands in nobody's way, also where it is held. */
  readonly contending: readonly Candidate[];
  /** Those that are let through in this look. */
  readonly released: readonly Candidate[];
  /** Those that wait for `max_in_progress` alone. */
  readonly ahead: readonly Candidate[];
}

/** The environment's other deployments as the candidate's gates see them. */
export function decideBeside(snapshot: GatesSnapshot, candidate: Candidate, progress: Progress): Fact<Beside> {
  const { standing } = snapshot;
  if (standing.kind === 'unreadable') return standing;
  const keys = new Set(snapshot.candidates.map(({ key }) => key));
  // What this look decides is known from the candidates, not from how it stands.
  const others = standing.value.filter(
    ({ answered, candidate: key }) => answered !== null || key === null || !keys.has(key),
  );
  const underWay = newestOfEach(others.filter(isUnderWay).map(placeStanding));
  const shasUnderWay = new Set(underWay.map(({ sha }) => sha));
  const othersOfLook = (some: readonly Candidate[]): readonly Placed[] =>
    newestOfEach(some.map(placeCandidate)).filter(({ sha }) => sha !== candidate.sha && !shasUnderWay.has(sha));
  const { released, ahead, contending } = progress;
  const waitingOrApproved = others.filter(isWaitingOrApproved);
  return {
    kind: 'known',
    value: {
      ...newerThan(placeCandidate(candidate), {
        settled: [
          ...waitingOrApproved.filter((one) => !isUndecided(one)).map(placeStanding),
          ...contending.map(placeCandidate),
        ],
        open: waitingOrApproved.filter(isUndecided).map(placeStanding),
      }),
      underWay: underWay.filter(({ sha }) => sha !== candidate.sha),
      commitUnderWay: shasUnderWay.has(candidate.sha) || released.some(({ sha }) => sha === candidate.sha),
      released: othersOfLook(released),
      ahead: othersOfLook(ahead),
    },
  };
}

/**
 * Other commits whose newest deployment is newer than the newest of the candidate's own: those of one commit count as
 * one. Those that are open may come to nothing, the candidate's own commit's as well as others'.
 */
function newerThan(
  candidate: Placed,
  { settled, open }: { readonly settled: readonly Placed[]; readonly open: readonly Placed[] },
): Pick<Beside, 'newer' | 'mayBeNewer'> {
  const isOwn = ({ sha }: Placed): boolean => sha === candidate.sha;
  const newerOf = (others: readonly Placed[], own: readonly Placed[]): readonly Placed[] => {
    const newest = own.toSorted(byAge).at(-1);
    const isNewer = (one: Placed): boolean => newest === undefined || byAge(one, newest) > 0;
    return newestOfEach(others.filter((one) => !isOwn(one) && isNewer(one))).toReversed();
  };
  const owned = [candidate, ...settled.filter(isOwn)];
  // Newer than whatever of its own commit may count, and then than what surely does.
  const newer = newerOf(settled.filter(isDated), [...owned, ...open.filter(isOwn)]);
  const known = new Set(newer.map(({ sha }) => sha));
  const mayBeNewer = newerOf([...settled, ...open], owned.filter(isDated)).filter(({ sha }) => !known.has(sha));
  return { newer, mayBeNewer };
}

function isDated({ createdAt }: Aged): boolean {
  return createdAt !== null;
}

function isUnderWay({ state, answered }: StandingDeployment): boolean {
  if (state === 'success' || hasEnded(state)) return false;
  return state === 'queued' || state === 'in_progress' || answered === 'approved';
}

/** Its gates may reject it, once they are asked. */
function isUndecided({ mayAsk, answered }: StandingDeployment): boolean {
  return mayAsk && answered === null;
}

/** What has succeeded was approved, by whomever. */
function isWaitingOrApproved({ state, answered }: StandingDeployment): boolean {
  return !hasEnded(state) && answered !== 'rejected';
}

function hasEnded(state: StandingDeployment['state']): boolean {
  return state === 'failure' || state === 'error' || state === 'inactive';
}

function placeStanding({ id: deployment, sha, createdAt }: StandingDeployment): Placed {
  return { sha, createdAt, deployment, label: labelOf(sha, nameOf(deployment)) };
}

function placeCandidate({ deployment, run, sha, createdAt }: Candidate): Placed {
  const what = deployment === null && run !== null ? `run ${run.id}` : nameOf(deployment);
  return { sha, createdAt, deployment, label: labelOf(sha, what) };
}

function nameOf(deployment: DeploymentId | null): string {
  return deployment === null ? 'a deployment' : `deployment ${deployment}`;
}

function labelOf(sha: CommitSha, what: string): string {
  return `${what} of ${sha.slice(0, 12)}`;
}

/** The newest of each commit, oldest first. */
function newestOfEach(all: readonly Placed[]): readonly Placed[] {
  const newest = new Map<CommitSha, Placed>();
  for (const one of [...all].sort(byAge)) {
    newest.delete(one.sha);
    newest.set(one.sha, one);
  }
  return [...newest.values()];
}
