import { createHash } from 'node:crypto';
import { getAll } from '../../github/pages.ts';
import type { RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader } from '../../github/port.ts';
import { nothingUpdated } from '../../lifecycle/pull-request-index.ts';
import type { LoadedPolicy } from '../../policy/load.ts';
import type { ValidPolicy } from '../governing-policy.ts';
import type { Job } from '../job.ts';
import { judgedAccepted } from '../judge.ts';
import { askedUnder } from '../not-allowed.ts';
import type { JobContext } from '../run-job.ts';
import type { Survey } from '../survey.ts';
import type { GlancedWork } from './observe-glance.ts';

/**
 * How a repository looked when nothing was to be done in it. While it looks the same, and until time alone may ask for
 * something, nothing is to be done.
 */
export interface Proof {
  /** The version of the policy and what the installation may do. */
  readonly under: string;
  /** Of what a glance shows. */
  readonly glance: string;
  /** Of the lists of deployments, where a glance does not show all of them. */
  readonly lists: string | null;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** What is to be looked at, and what is known of it. */
interface Seen {
  readonly loaded: LoadedPolicy;
  readonly governing: ValidPolicy;
  readonly work: GlancedWork;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/**
 * GitHub's times are whole seconds, and clocks differ: what was changed so short a while ago may be changed again without
 * looking any different.
 */
const UNCERTAIN = 5 * MINUTE;

/**
 * Whether nothing is to be done about the deployments of a repository, because nothing has changed since it was so.
 * @throws GitHubError
 */
export async function isProven(context: JobContext, job: Job, seen: Seen): Promise<boolean> {
  const { memory, clock } = context;
  const { repository } = job;
  const proof = memory.proofs.get(repository.id);
  if (proof === undefined || job.reason !== 'sweep') return false;
  const { version } = seen.governing;
  const isSame =
    proof.under === askedUnder(context, job, version) && proof.glance === glanceDigest(seen) && clock() < proof.until;
  if (!isSame || !judgedAccepted(version, await context.brakes.judged(job))) return false;
  if (proof.lists === null) return true;
  const lists = await listsDigest(context.clients.installation(job.installation), repository, { now: clock() });
  return lists === proof.lists;
}

/** Remembers that nothing was to be done, where another glance would show what changes that. */
export function rememberProof(
  context: JobContext,
  job: Job,
  seen: Seen & { readonly surveyed: Survey; readonly lists: string | null },
): void {
  const { memory, clock } = context;
  const { repository } = job;
  const { governing, work, surveyed, lists } = seen;
  const now = clock();
  const newest = work.listing.newestPullRequests;
  const updated = Math.max(0, ...newest.map(({ updatedAt }) => Date.parse(updatedAt)));
  const isCertain = updated < now - UNCERTAIN && nothingUpdated(newest, newest);
  const isAll = work.listing.complete || lists !== null;
  const { environments, findings, isVisible } = surveyed;
  if (!isCertain || !isAll || !isVisible || environments.size + findings.length > 0) return;
  memory.proofs.set(repository.id, {
    under: askedUnder(context, job, governing.version),
    glance: glanceDigest(seen),
    lists: work.listing.complete ? null : lists,
    until: Math.min(surveyed.nextDue ?? Infinity, now + lastsFor(repository)),
  });
}

/** Between half a day and a day, so that not all are looked at again at once: whatever GitHub does not show comes to light then. */
function lastsFor({ id }: RepositoryRef): number {
  return DAY - ((id % 997) / 997) * (DAY / 2);
}

function glanceDigest({ loaded, work }: Seen): string {
  const { listing, total, environments } = work;
  const shown = listing.deployments.map(({ id, status, environment, ref, committedAt }) => [
    id,
    status?.node,
    environment,
    ref?.name,
    ref?.isProtected,
    committedAt,
  ]);
  // Whether a commit is a branch's own depends on where the branch is.
  const commits = listing.deployments.some(({ ref }) => ref === null) ? loaded.headSha : null;
  const facts = [listing.defaultBranch, commits, total, environments, listing.newestPullRequests, shown];
  return digestOf(facts);
}

function digestOf(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url');
}

/**
 * All deployments as REST lists them: a new status makes `updated_at` newer. Conditional, page by page: what has not
 * changed costs no rate limit. Null where something has changed too short a while ago.
 * @throws GitHubError
 */
export async function listsDigest(
  github: Pick<GitHubReader, 'get'>,
  { owner, name }: RepositoryRef,
  { now }: { readonly now: number },
): Promise<string | null> {
  const all = await getAll(
    github,
    'GET /repos/{owner}/{repo}/deployments',
    { owner, repo: name },
    { items: (data) => data },
  );
  if (all.some(({ updated_at }) => !(Date.parse(updated_at) < now - UNCERTAIN))) return null;
  return digestOf(all.map(({ id, updated_at, environment }) => [id, updated_at, environment]));
}
