import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import { isBotOf } from './accounts.ts';
import { refAnswer } from './answers.ts';
import { keyOfDeployment, keyOfRun, type AskedCandidate } from './asked.ts';
import { newestFirst, stateOf, type MadeDeployment } from './deployments.ts';
import type { CommitFacts, GatesQuestion } from './observe.ts';
import type { GateListing } from './observe-listing.ts';
import type { ObservedRun } from './observe-run.ts';
import { known, readPart, unreadable } from './read-fact.ts';
import type { Actor, Candidate, DeployedRef, Fact } from './snapshot.ts';

/** A candidate of whom it is known who it is. */
export type Identified = Pick<Candidate, 'key' | 'deployment' | 'run' | 'sha' | 'ref' | 'createdAt' | 'creator'>;

interface Seen {
  readonly question: GatesQuestion;
  readonly listing: GateListing;
  readonly commits: ReadonlyMap<CommitSha, CommitFacts>;
  /** This app's. */
  readonly slug: string | null;
  readonly run: ObservedRun | undefined;
}

/** Brings what asks and its deployment together. Null where the deployment is gone, or not the environment's any more. */
export function identify(asked: AskedCandidate, seen: Seen): Identified | null {
  switch (asked.kind) {
    case 'imagined': {
      const { key, sha, ref, createdAt, creator } = asked;
      return { key, deployment: null, run: null, sha, ref, createdAt, creator: known(creator) };
    }
    case 'deployment':
      return identifyDeployment(asked, seen);
    case 'run':
      return seen.run === undefined ? null : identifyRun(asked, seen, seen.run);
  }
}

function identifyDeployment(
  { id, sha }: Extract<AskedCandidate, { readonly kind: 'deployment' }>,
  seen: Seen,
): Identified | null {
  const deployment = deploymentsOf(sha, seen).find((one) => one.id === id);
  if (deployment === undefined) return null;
  return {
    key: keyOfDeployment(id),
    deployment: id,
    run: null,
    sha,
    ref: deployment.ref ?? { kind: 'commit', name: sha },
    createdAt: deployment.createdAt,
    creator: creatorOf(deployment.creator, { ...seen, sha, createdAt: deployment.createdAt }),
  };
}

function identifyRun(
  asked: Extract<AskedCandidate, { readonly kind: 'run' }>,
  seen: Seen,
  run: ObservedRun,
): Identified {
  const deployment = deploymentOfRun(asked.deployment ?? null, seen, run);
  const createdAt = deployment?.createdAt ?? run.startedAt;
  return {
    key: keyOfRun(run),
    deployment: deployment?.id ?? null,
    run: { id: run.id, attempt: run.attempt },
    sha: run.sha,
    ref: deployment === null ? refOfRun(run, seen) : (deployment.ref ?? { kind: 'commit', name: run.sha }),
    createdAt,
    creator: creatorOf(run.creator, { ...seen, sha: run.sha, createdAt }),
  };
}

/** All that is known of a commit's deployments of this environment, newest first. */
function deploymentsOf(sha: CommitSha, { question, listing, commits }: Seen): readonly MadeDeployment[] {
  const past = commits.get(sha)?.deployments;
  const all = [
    ...(past?.kind === 'known' ? past.value : []),
    ...(listing.deployments.kind === 'known' ? listing.deployments.value : []),
  ].filter((one) => one.sha === sha && one.environment === environmentKey(question.environment));
  return [...new Map(all.map((one) => [one.id, one])).values()].sort(newestFirst);
}

/** The deployment that a run's job made: its statuses point to the run; else the only one of its commit that waits. */
function deploymentOfRun(hint: DeploymentId | null, seen: Seen, run: ObservedRun): MadeDeployment | null {
  const { listing, commits } = seen;
  const mine = deploymentsOf(run.sha, seen).filter(({ byActions }) => byActions);
  const past = commits.get(run.sha)?.deployments;
  const pointing = new Set([
    ...(past?.kind === 'known' ? past.value : [])
      .filter(({ statuses }) => statuses?.some((status) => status.run === run.id))
      .map(({ id }) => id),
    ...(listing.deployments.kind === 'known' ? listing.deployments.value : [])
      .filter(({ status }) => status?.run === run.id)
      .map(({ id }) => id),
  ]);
  const pointed = mine.find(({ id }) => pointing.has(id));
  if (pointed !== undefined) return pointed;
  const hinted = mine.find(({ id }) => id === hint);
  if (hinted !== undefined) return hinted;
  const waiting =
    listing.deployments.kind === 'known'
      ? listing.deployments.value.filter(
          ({ sha, byActions, status }) =>
            sha === run.sha && byActions && stateOf(status) === 'waiting' && (status?.run ?? null) === null,
        )
      : [];
  const [only] = waiting;
  return waiting.length === 1 && only !== undefined ? only : null;
}

/** What a run runs on, where its deployment does not tell. A name that is both a branch and a tag tells nothing. */
function refOfRun(run: ObservedRun, { listing }: Seen): DeployedRef {
  const commit: DeployedRef = { kind: 'commit', name: run.sha };
  if (run.ref === null) return commit;
  const index = listing.names.indexOf(run.ref);
  const [branch, tag] = ['h', 't'].map((letter) =>
    readPart(listing.answer, ['repository', `${letter}${index}`], refAnswer),
  );
  if (branch?.kind !== 'known' || tag?.kind !== 'known') return commit;
  if (branch.value !== null && tag.value === null) return { kind: 'branch', name: run.ref };
  return tag.value !== null && branch.value === null ? { kind: 'tag', name: run.ref } : commit;
}

/** What this app created it created for somebody: whoever made the deployment that it promoted. */
function creatorOf(
  creator: Actor | null,
  seen: Seen & { readonly sha: CommitSha; readonly createdAt: number },
): Fact<Actor> {
  if (creator === null) return unreadable('GitHub does not say who it was');
  if (!isBotOf(creator, seen.slug)) return known(creator);
  const { question, commits, sha, slug } = seen;
  const past = commits.get(sha)?.deployments;
  if (past === undefined || past.kind === 'unreadable') return past ?? unreadable('its commit was not read');
  let { createdAt } = seen;
  const visited = new Set<string>();
  for (let { environment } = question; !visited.has(environmentKey(environment));) {
    visited.add(environmentKey(environment));
    const from = question.promotedFrom(environment);
    const source = past.value
      .filter((one) => from !== null && one.environment === environmentKey(from) && one.createdAt <= createdAt)
      .sort(newestFirst)[0];
    if (from === null || source === undefined) break;
    if (source.creator !== null && !isBotOf(source.creator, slug)) return known(source.creator);
    ({ createdAt } = source);
    environment = from;
  }
  return unreadable('what it was promoted from is not there');
}
