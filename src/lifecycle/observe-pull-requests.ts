import type { LRUCache } from 'lru-cache';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { nodes, pullRequestCommitsAnswer, type PullRequestPageAnswer, type UpdatedPullRequest } from './answers.ts';
import { PULL_REQUEST_COMMITS } from './pull-request-documents.ts';
import {
  addToIndex,
  createPullRequestIndex,
  NEWEST_SHOWN,
  nothingUpdated,
  type NewestPullRequest,
  type PullRequestIndex,
} from './pull-request-index.ts';

/** By repository id. */
export type PullRequestIndexes = LRUCache<number, PullRequestIndex>;

/** Pages of 50 pull requests, the one last updated first. What is further back is not known. */
const MOST_PAGES = 20;
/** A committer's clock may be wrong by so much. */
const CLOCK_SKEW = 86_400_000;

/**
 * Brings the index of a repository's pull requests up to date and back to those that were last updated before
 * `committedAt`: a pull request that has or had a commit was updated after the commit was made. Reads nothing where
 * nothing was updated since; {@link reachesBackTo} tells whether that lies further back than is read.
 * @throws GitHubError
 */
export async function observePullRequestIndex(
  github: GitHubReader,
  question: {
    readonly repository: RepositoryRef;
    readonly indexes: PullRequestIndexes;
    /** As the listing shows them: they tell whether anything was updated since the index was read. */
    readonly newest: readonly NewestPullRequest[];
    readonly committedAt: number;
  },
): Promise<PullRequestIndex> {
  const { repository, indexes, newest } = question;
  const index = indexes.get(repository.id) ?? createPullRequestIndex();
  index.inUse = true;
  const goal = question.committedAt - CLOCK_SKEW;
  const reachesFarEnough = index.readDownTo <= goal || index.endsHere;
  if (!reachesFarEnough || !nothingUpdated(index.newest, newest)) {
    const gone = !(await readOn(github, repository, { index, goal }));
    if (gone) return createPullRequestIndex();
    index.newest = newest;
    indexes.set(repository.id, index);
  }
  return index;
}

/** Whether every pull request that can have a commit of that date is in the index. Milliseconds since the epoch. */
export function reachesBackTo(index: PullRequestIndex, committedAt: number): boolean {
  return index.readDownTo <= committedAt - CLOCK_SKEW;
}

/**
 * Takes over the newest pull requests from a page that rode along in another query, so that a look that follows need
 * not ask for them.
 */
export function takeNewest(indexes: PullRequestIndexes, repository: RepositoryRef, page: PullRequestPageAnswer): void {
  const index = indexes.get(repository.id) ?? createPullRequestIndex();
  const stretch = startStretch(index);
  extend(stretch, index, page);
  finish(stretch, index);
  index.newest = nodes(page).slice(0, NEWEST_SHOWN);
  indexes.set(repository.id, index);
}

/** The pull requests that are known as they stand now: none where one was updated since they were read. */
export function currentPullRequests(question: {
  readonly repository: RepositoryRef;
  readonly indexes: PullRequestIndexes;
  readonly newest: readonly NewestPullRequest[];
}): ReadonlyMap<number, UpdatedPullRequest> {
  const index = question.indexes.get(question.repository.id);
  if (index === undefined || !nothingUpdated(index.newest, question.newest)) return NONE;
  return new Map([...index.pullRequests].filter(([, pullRequest]) => isUpToDate(index, pullRequest)));
}

/** What was updated further back than the index reaches without a gap may have been updated since. */
export function isUpToDate(index: PullRequestIndex, { updatedAt }: Pick<UpdatedPullRequest, 'updatedAt'>): boolean {
  return Date.parse(updatedAt) > index.readDownTo;
}

const NONE: ReadonlyMap<number, UpdatedPullRequest> = new Map();

/** Reads from the top down to `goal`, as far as the index does not know it. False where the repository is gone. */
async function readOn(
  github: GitHubReader,
  repository: RepositoryRef,
  { index, goal }: { readonly index: PullRequestIndex; readonly goal: number },
): Promise<boolean> {
  const stretch = startStretch(index);
  let after: string | null = null;
  for (let pages = 1; stretch.downTo > goal && !stretch.endsHere; pages += 1) {
    const page = await pullRequestPage(github, repository, after);
    if (page === null) return false;
    extend(stretch, index, page);
    if (pages === MOST_PAGES) stretch.endsHere = true;
    after = page.pageInfo.endCursor;
  }
  finish(stretch, index);
  return true;
}

/** What is read in one go, from the top down. */
interface Stretch {
  readonly known: Pick<PullRequestIndex, 'readUpTo' | 'readDownTo' | 'endsHere'>;
  upTo: number;
  downTo: number;
  endsHere: boolean;
}

function startStretch({ readUpTo, readDownTo, endsHere }: PullRequestIndex): Stretch {
  return {
    known: { readUpTo, readDownTo, endsHere },
    upTo: Number.NEGATIVE_INFINITY,
    downTo: Number.POSITIVE_INFINITY,
    endsHere: false,
  };
}

function extend(stretch: Stretch, index: PullRequestIndex, page: PullRequestPageAnswer): void {
  const { known } = stretch;
  const found = nodes(page);
  for (const one of found) addToIndex(index, one);
  const dates = found.map(({ updatedAt }) => Date.parse(updatedAt));
  const { hasNextPage, endCursor } = page.pageInfo;
  const isLast = !hasNextPage || endCursor === null;
  const reached = isLast ? Number.NEGATIVE_INFINITY : (dates.at(-1) ?? Number.NEGATIVE_INFINITY);
  // Where this meets what was read before, the two are one stretch.
  const meets = reached < known.readUpTo;
  stretch.upTo = Math.max(stretch.upTo, dates[0] ?? stretch.upTo);
  stretch.downTo = meets ? Math.min(known.readDownTo, reached) : reached;
  stretch.endsHere = meets && known.endsHere;
}

function finish({ upTo, downTo, endsHere }: Stretch, index: PullRequestIndex): void {
  index.readUpTo = upTo;
  index.readDownTo = downTo;
  index.endsHere = endsHere;
}

async function pullRequestPage(
  github: GitHubReader,
  { id, owner, name }: RepositoryRef,
  after: string | null,
): Promise<PullRequestPageAnswer | null> {
  const { data, problems } = await github.query(PULL_REQUEST_COMMITS, { owner, name, after });
  const parsed = pullRequestCommitsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(PULL_REQUEST_COMMITS.name);
  throwOnOutage(PULL_REQUEST_COMMITS.name, problems);
  const answer = parsed.data.repository;
  return answer?.databaseId === id ? answer.pullRequests : null;
}
