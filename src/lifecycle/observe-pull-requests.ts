import type { LRUCache } from 'lru-cache';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import {
  lookedUpPullRequest,
  lookedUpPullRequests,
  lookedUpRef,
  lookupsAnswer,
  nodes,
  pullRequestCommitsAnswer,
  type LookedUpPullRequest,
  type PullRequestAnswer,
  type UpdatedPullRequest,
} from './answers.ts';
import { lookupsDocument, PULL_REQUEST_COMMITS, type Lookups } from './documents.ts';
import {
  addToIndex,
  createPullRequestIndex,
  nothingUpdated,
  type NewestPullRequest,
  type PullRequestIndex,
} from './pull-request-index.ts';

/** By repository id. */
export type PullRequestIndexes = LRUCache<number, PullRequestIndex>;

/** What GitHub said of a branch or tag when it was asked by its name. */
export interface LookedUpRef {
  readonly gone: boolean;
  readonly pullRequests: readonly PullRequestAnswer[];
}

export interface LookedUp {
  /** What is missing here could not be read. */
  readonly refs: ReadonlyMap<string, LookedUpRef>;
  readonly pullRequests: ReadonlyMap<number, LookedUpPullRequest>;
}

/** So many names fit into one request without making GitHub time out. */
const LOOKUPS_A_REQUEST = 20;
/** Pages of 50 pull requests, the one last updated first. What is further back is not known. */
const MOST_PAGES = 20;
/** A committer's clock may be wrong by so much. */
const CLOCK_SKEW = 86_400_000;

/**
 * Asks for refs and pull requests by name. An alias that GitHub refused is missing in the answer.
 * @throws GitHubError
 */
export async function observeByName(
  github: GitHubReader,
  repository: RepositoryRef,
  lookups: Lookups,
): Promise<LookedUp> {
  const refs = new Map<string, LookedUpRef>();
  const pullRequests = new Map<number, LookedUpPullRequest>();
  const all = [
    ...lookups.refs.map((ref) => ({ ref })),
    ...lookups.pullRequests.map((pullRequest) => ({ pullRequest })),
  ];
  for (let from = 0; from < all.length; from += LOOKUPS_A_REQUEST) {
    const some = all.slice(from, from + LOOKUPS_A_REQUEST);
    const asked: Lookups = {
      refs: some.flatMap((one) => ('ref' in one ? [one.ref] : [])),
      pullRequests: some.flatMap((one) => ('pullRequest' in one ? [one.pullRequest] : [])),
    };
    const { document, variables } = lookupsDocument(asked);
    const { data, problems } = await github.query(document, {
      owner: repository.owner,
      name: repository.name,
      ...variables,
    });
    const refused = new Set(problems.map(({ path }) => path?.[1]));
    const parsed = lookupsAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(document.name);
    const answer = parsed.data.repository;
    if (answer === null || answer.databaseId !== repository.id) continue;
    for (const [i, name] of asked.refs.entries()) {
      if (['h', 't', 'o', 'c'].some((letter) => refused.has(`${letter}${i}`))) continue;
      const found = readRef(answer, i);
      if (found !== null) refs.set(name, found);
    }
    for (const [i, number] of asked.pullRequests.entries()) {
      const found = lookedUpPullRequest.safeParse(answer[`p${i}`]);
      if (found.success && found.data !== null) pullRequests.set(number, found.data);
    }
  }
  return { refs, pullRequests };
}

function readRef(answer: Readonly<Record<string, unknown>>, i: number): LookedUpRef | null {
  const head = lookedUpRef.safeParse(answer[`h${i}`]);
  const tag = lookedUpRef.safeParse(answer[`t${i}`]);
  const open = lookedUpPullRequests.safeParse(answer[`o${i}`]);
  const over = lookedUpPullRequests.safeParse(answer[`c${i}`]);
  if (!head.success || !tag.success || !open.success || !over.success) return null;
  return {
    gone: head.data === null && tag.data === null,
    pullRequests: [...nodes(open.data), ...nodes(over.data)].filter(({ isCrossRepository }) => !isCrossRepository),
  };
}

/**
 * Brings the index of a repository's pull requests up to date and back to those that were last updated before
 * `committedAt`: a pull request that has or had a commit was updated after the commit was made. Reads nothing where
 * nothing was updated since. `deepEnough` is false where that lies further back than is read.
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
): Promise<PullRequestIndex & { readonly deepEnough: boolean }> {
  const { repository, indexes, newest } = question;
  const index = indexes.get(repository.id) ?? createPullRequestIndex();
  const goal = question.committedAt - CLOCK_SKEW;
  const reachesFarEnough = index.readDownTo <= goal || index.endsHere;
  if (!reachesFarEnough || !nothingUpdated(index.newest, newest)) {
    const gone = !(await readOn(github, repository, { index, goal }));
    if (gone) return { ...index, deepEnough: false };
    index.newest = newest;
    indexes.set(repository.id, index);
  }
  return { ...index, deepEnough: index.readDownTo <= goal };
}

/** Reads from the top down to `goal`, as far as the index does not know it. False where the repository is gone. */
async function readOn(
  github: GitHubReader,
  repository: RepositoryRef,
  { index, goal }: { readonly index: PullRequestIndex; readonly goal: number },
): Promise<boolean> {
  const known = { upTo: index.readUpTo, downTo: index.readDownTo, endsHere: index.endsHere };
  let after: string | null = null;
  let upTo = Number.NEGATIVE_INFINITY;
  let downTo = Number.POSITIVE_INFINITY;
  let endsHere = false;
  for (let pages = 1; downTo > goal && !endsHere; pages += 1) {
    const page = await pullRequestPage(github, repository, after);
    if (page === null) return false;
    for (const one of page.found) addToIndex(index, one);
    const dates = page.found.map(({ updatedAt }) => Date.parse(updatedAt));
    upTo = Math.max(upTo, dates[0] ?? upTo);
    const reached = page.next === null ? Number.NEGATIVE_INFINITY : (dates.at(-1) ?? Number.NEGATIVE_INFINITY);
    // Where this meets what was read before, the two are one stretch.
    const meets = reached < known.upTo;
    downTo = meets ? Math.min(known.downTo, reached) : reached;
    endsHere = pages === MOST_PAGES || (meets && known.endsHere);
    after = page.next;
  }
  index.readUpTo = upTo;
  index.readDownTo = downTo;
  index.endsHere = endsHere;
  return true;
}

async function pullRequestPage(
  github: GitHubReader,
  { id, owner, name }: RepositoryRef,
  after: string | null,
): Promise<{ readonly found: readonly UpdatedPullRequest[]; readonly next: string | null } | null> {
  const { data, problems } = await github.query(PULL_REQUEST_COMMITS, { owner, name, after });
  const parsed = pullRequestCommitsAnswer.safeParse(data);
  if (!parsed.success) throw notUnderstood(PULL_REQUEST_COMMITS.name);
  throwOnOutage(PULL_REQUEST_COMMITS.name, problems);
  const answer = parsed.data.repository;
  if (answer?.databaseId !== id) return null;
  const { hasNextPage, endCursor } = answer.pullRequests.pageInfo;
  return { found: nodes(answer.pullRequests), next: hasNextPage ? endCursor : null };
}
