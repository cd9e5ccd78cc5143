import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { keyOfDeployment, keyOfRun, type AskedCandidate } from './asked.ts';
import { isNewestOf, newestFirst, stateOf, type MadeDeployment } from './deployments.ts';
import type { CommitFacts, GatesQuestion } from './observe.ts';
import type { GateListing } from './observe-listing.ts';
import { observeCreator } from './observe-creator.ts';
import type { ObservedRun } from './observe-run.ts';
import { observeRunRef } from './observe-run-ref.ts';
import { known, NOT_ASKED } from './read-fact.ts';
import { readMadeByJobs } from './observe-made-by.ts';
import type { Candidate } from './snapshot.ts';

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

/**
 * Brings what asks and its deployment together. Null where the deployment is gone, not the environment's any more, or not
 * its newest; and where the newest is not known.
 */
export async function observeIdentity(
  github: Pick<GitHubReader, 'get' | 'query'>,
  asked: AskedCandidate,
  seen: Seen,
): Promise<Identified | null> {
  switch (asked.kind) {
    case 'imagined': {
      const { key, sha, ref, createdAt, creator } = asked;
      return { key, deployment: null, run: null, sha, ref, createdAt, creator: known(creator) };
    }
    case 'deployment':
      return identifyDeployment(github, asked, seen);
    case 'run':
      return seen.run === undefined ? null : identifyRun(github, asked, { ...seen, run: seen.run });
  }
}

async function identifyDeployment(
  github: Pick<GitHubReader, 'get' | 'query'>,
  { id, sha }: Extract<AskedCandidate, { readonly kind: 'deployment' }>,
  seen: Seen,
): Promise<Identified | null> {
  const deployment = deploymentsOf(sha, seen).find((one) => one.id === id);
  const all = seen.listing.deployments;
  if (deployment === undefined || all.kind === 'unreadable' || !isNewestOf(all.value, deployment)) return null;
  return {
    key: keyOfDeployment(id),
    deployment: id,
    run: null,
    sha,
    ref: deployment.ref ?? { kind: 'commit', name: sha },
    createdAt: deployment.createdAt,
    creator: await observeCreator(github, { ...about(seen, sha), creator: deployment.creator, deployment }),
  };
}

async function identifyRun(
  github: Pick<GitHubReader, 'get' | 'query'>,
  asked: Extract<AskedCandidate, { readonly kind: 'run' }>,
  { run, ...seen }: Seen & { readonly run: ObservedRun },
): Promise<Identified> {
  const deployment = deploymentOfRun(asked.deployment ?? null, seen, run);
  const createdAt = deployment?.createdAt ?? asked.createdAt ?? null;
  const id = deployment?.id ?? asked.deployment ?? null;
  return {
    key: keyOfRun(run, id),
    deployment: id,
    run: { id: run.id, attempt: run.attempt },
    sha: run.sha,
    // Of a fork's run nothing counts but its commit: it may name its branches as it likes.
    ref:
      (run.isForeign ? null : deployment?.ref) ??
      (await observeRunRef(github, run, {
        repository: seen.question.repository,
        listing: seen.listing,
        asks: seen.question.needs.branches.length > 0,
      })),
    createdAt,
    creator: await observeCreator(github, { ...about(seen, run.sha), creator: run.creator, deployment }),
  };
}

function about({ question, commits, slug }: Omit<Seen, 'run'>, sha: CommitSha) {
  return {
    repository: question.repository,
    environment: environmentKey(question.environment),
    sha,
    slug,
    past: commits.get(sha)?.deployments ?? NOT_ASKED,
    isPerson: question.appId === null,
  };
}

/** All that is known of a commit's deployments of this environment, newest first. */
function deploymentsOf(sha: CommitSha, { question, listing, commits }: Omit<Seen, 'run'>): readonly MadeDeployment[] {
  const past = commits.get(sha)?.deployments;
  const all = [
    ...(past?.kind === 'known' ? past.value : []),
    ...(listing.deployments.kind === 'known' ? listing.deployments.value : []),
  ].filter((one) => one.sha === sha && one.environment === environmentKey(question.environment));
  return [...new Map(all.map((one) => [one.id, one])).values()].sort(newestFirst);
}

/**
 * The deployment that a run's job made: a delivery named it, or GitHub says so of the job. What a status says of it proves
 * nothing, as any workflow can write one. Jobs may ask one after the other: the newest that waits counts, and one that was
 * named before GitHub lists it is not taken for an earlier job's.
 */
function deploymentOfRun(hint: DeploymentId | null, seen: Omit<Seen, 'run'>, run: ObservedRun): MadeDeployment | null {
  const { question, listing, commits } = seen;
  const mine = deploymentsOf(run.sha, seen).filter(({ byActions }) => byActions);
  const past = commits.get(run.sha)?.deployments;
  const waits = new Set(
    [
      ...(past?.kind === 'known' ? past.value.map(({ id, statuses }) => ({ id, status: statuses?.[0] })) : []),
      ...(listing.deployments.kind === 'known' ? listing.deployments.value : []),
    ].flatMap(({ id, status }) => (stateOf(status) === 'waiting' ? [id] : [])),
  );
  const index = run.suite === null ? -1 : listing.suites.indexOf(run.suite);
  const jobs = readMadeByJobs(listing.answer, [`s${index}`], { repository: question.repository, run });
  const made = new Set(jobs.kind === 'known' ? jobs.value.deployments : []);
  const isUnlisted = hint !== null && !mine.some(({ id }) => id === hint);
  const found = mine.find(({ id }) => id === hint || (made.has(id) && waits.has(id)));
  if (found !== undefined && !(isUnlisted && hint > found.id)) return found;
  return isUnlisted ? null : (mine.find(({ id }) => made.has(id)) ?? null);
}
