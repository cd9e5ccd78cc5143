import { timestamp } from '../../clock.ts';
import { findCommit } from '../../state/git.ts';
import { compareCommits } from '../../state/history.ts';
import type { ForcePush, Label, PullRequest, Repository, Review } from '../../state/model.ts';
import { fullNameOf, permissionOf } from '../../state/repositories.ts';
import { connect, connectInOrder, type Connection } from '../connection.ts';
import { seesRepository, type Args, type Context, type Fields } from '../context.ts';
import { commitView, refView } from '../objects.ts';

const moment = (date: Date | null) => (date === null ? null : timestamp(date));

export const pullRequestFields: Fields<PullRequest> = {
  id: (pull) => pull.nodeId,
  databaseId: (pull) => pull.id,
  fullDatabaseId: (pull) => String(pull.id),
  number: (pull) => pull.number,
  title: (pull) => pull.title,
  body: (pull) => pull.body,
  author: (pull) => pull.author,
  state: (pull) => stateOf(pull),
  closed: (pull) => pull.state === 'closed',
  merged: (pull) => pull.mergedAt !== null,
  isDraft: (pull) => pull.draft,
  locked: () => false,
  createdAt: (pull) => timestamp(pull.createdAt),
  updatedAt: (pull) => timestamp(pull.updatedAt),
  closedAt: (pull) => moment(pull.closedAt),
  mergedAt: (pull) => moment(pull.mergedAt),
  mergedBy: (pull) => pull.mergedBy,
  mergeCommit: (pull) => commitView(pull.repository, pull.mergeCommit ?? undefined),
  isCrossRepository: (pull) => pull.headRepository !== pull.repository,
  headRefName: (pull) => pull.headBranch,
  headRefOid: (pull) => pull.headSha,
  headRef: (pull) =>
    pull.headRepository === null ? null : refView(pull.headRepository, `refs/heads/${pull.headBranch}`),
  headRepository: ({ headRepository: head }, _args, context) => (head === null ? null : seen(head, context)),
  headRepositoryOwner: (pull) => pull.headRepository?.owner ?? null,
  baseRefName: (pull) => pull.baseBranch,
  baseRefOid: (pull) => pull.baseSha,
  baseRef: (pull) => refView(pull.repository, `refs/heads/${pull.baseBranch}`),
  baseRepository: ({ repository }, _args, context) => seen(repository, context),
  repository: (pull) => pull.repository,
  url: (pull, _args, { at }) => `${at.html}/${fullNameOf(pull.repository)}/pull/${pull.number}`,
  resourcePath: (pull) => `/${fullNameOf(pull.repository)}/pull/${pull.number}`,
  labels: (pull, args) => connect(sortedLabels(pull), args, { keyOf: ({ id }) => [id] }),
  commits: (pull, args) =>
    connectInOrder(
      pull.commits.map((sha): PullCommit => ({ kind: 'PullRequestCommit', pull, sha })),
      args,
    ),
  files: (pull, args) => connectInOrder(changedFiles(pull), args),
  timelineItems: (pull, args) => timelineItems(pull, args),
  reviews: (pull, args) => connect(reviewsOf(pull, args), args, { keyOf: ({ id }) => [id] }),
  latestReviews: (pull, args) => connect(latestReviews(pull), args, { keyOf: ({ id }) => [id] }),
  latestOpinionatedReviews: (pull, args, context) =>
    connect(opinionatedReviews(pull, args, context), args, { keyOf: ({ id }) => [id] }),
  reviewDecision: () => null,
};

/** A private repository outside of the installation is as good as gone. */
function seen(repository: Repository, context: Context): Repository | null {
  return repository.private && !seesRepository(context, repository) ? null : repository;
}

function stateOf(pull: PullRequest): string {
  return pull.mergedAt === null ? pull.state.toUpperCase() : 'MERGED';
}

function sortedLabels(pull: PullRequest): Label[] {
  return [...pull.labels].sort((a, b) => a.id - b.id);
}

export const labelFields: Fields<Label> = {
  id: (label) => label.nodeId,
  name: (label) => label.name,
  color: () => 'ededed',
  description: () => null,
  isDefault: () => false,
};

/** What differs from where the head left the base, by path. */
function changedFiles({ repository: { git }, baseSha, headSha }: PullRequest): { readonly path: string }[] {
  const base = findCommit(git, baseSha);
  const head = findCommit(git, headSha);
  const before = base && head && compareCommits(base, head).mergeBase?.tree;
  const paths = new Set([...(before?.keys() ?? []), ...(head?.tree.keys() ?? [])]);
  return [...paths]
    .filter((path) => before?.get(path) !== head?.tree.get(path))
    .sort()
    .map((path) => ({ path }));
}

export const changedFileFields: Fields<{ readonly path: string }> = {
  path: ({ path }) => path,
};

interface PullCommit {
  readonly kind: 'PullRequestCommit';
  readonly pull: PullRequest;
  readonly sha: string;
}

export const pullRequestCommitFields: Fields<PullCommit> = {
  id: ({ pull, sha }) => `PRC_${pull.id}_${sha}`,
  commit: ({ pull, sha }) => commitView(pull.repository, sha),
  pullRequest: ({ pull }) => pull,
};

/** Of the timeline there are only force pushes here: another kind asked for is said to be missing. */
function timelineItems(pull: PullRequest, args: Args): unknown {
  const types = args['itemTypes'] as readonly string[] | null | undefined;
  if (types?.length !== 1 || types[0] !== 'HEAD_REF_FORCE_PUSHED_EVENT') {
    throw new Error('not simulated: timelineItems other than HEAD_REF_FORCE_PUSHED_EVENT');
  }
  const connection = connectInOrder(pull.forcePushes, args);
  const counts = { filteredCount: connection.totalCount, pageCount: connection.nodes.length };
  return { ...connection, edges: connection.edges, ...counts, updatedAt: timestamp(pull.updatedAt) };
}

export const forcePushFields: Fields<ForcePush> = {
  id: (event) => event.nodeId,
  actor: (event) => event.actor,
  createdAt: (event) => timestamp(event.createdAt),
  beforeCommit: (event) => commitView(event.pullRequest.repository, event.before),
  afterCommit: (event) => commitView(event.pullRequest.repository, event.after),
  pullRequest: (event) => event.pullRequest,
  ref: ({ pullRequest: pull }) =>
    pull.headRepository === null ? null : refView(pull.headRepository, `refs/heads/${pull.headBranch}`),
};

function reviewsOf(pull: PullRequest, args: Args): Review[] {
  const states = args['states'] as readonly string[] | null | undefined;
  const author = args['author'];
  return pull.reviews.filter(
    (review) =>
      (states?.includes(review.state) ?? true) && (typeof author !== 'string' || review.user.login === author),
  );
}

/** The newest review of each person. */
function latestReviews(pull: PullRequest): Review[] {
  const newest = new Map(pull.reviews.map((review) => [review.user, review]));
  return [...newest.values()].sort((a, b) => a.id - b.id);
}

/** The newest review of each person that approves or asks for changes. */
function opinionatedReviews(pull: PullRequest, args: Args, context: Context): Review[] {
  const opinions = pull.reviews.filter((review) => review.state !== 'COMMENTED');
  const newest = new Map(opinions.map((review) => [review.user, review]));
  return [...newest.values()]
    .filter((review) => args['writersOnly'] !== true || canPush(review, context))
    .sort((a, b) => a.id - b.id);
}

function canPush(review: Review, context: Context): boolean {
  const permission = permissionOf(context.world, review.pullRequest.repository, review.user);
  return ['write', 'maintain', 'admin'].includes(permission);
}

export const reviewFields: Fields<Review> = {
  id: (review) => review.nodeId,
  databaseId: (review) => review.id,
  fullDatabaseId: (review) => String(review.id),
  author: (review) => review.user,
  authorCanPushToRepository: (review, _args, context) => canPush(review, context),
  body: (review) => review.body,
  state: (review) => review.state,
  submittedAt: (review) => timestamp(review.submittedAt),
  createdAt: (review) => timestamp(review.submittedAt),
  updatedAt: (review) => timestamp(review.submittedAt),
  commit: (review) => commitView(review.pullRequest.repository, review.sha),
  pullRequest: (review) => review.pullRequest,
};

/** Filtered and ordered pull requests; oldest first unless told otherwise. */
export function connectPullRequests(pulls: readonly PullRequest[], args: Args): Connection<PullRequest> {
  const states = args['states'] as readonly string[] | null | undefined;
  const labels = args['labels'] as readonly string[] | null | undefined;
  const { headRefName, baseRefName } = args;
  const order = args['orderBy'] as { readonly field: string; readonly direction: string } | null | undefined;
  const updated = order?.field === 'UPDATED_AT';
  const descending = order?.direction === 'DESC';
  const keyOf = (pull: PullRequest) => (updated ? [timestamp(pull.updatedAt), pull.number] : [pull.number]);
  const matching = pulls.filter(
    (pull) =>
      (states?.includes(stateOf(pull)) ?? true) &&
      (typeof headRefName !== 'string' || pull.headBranch === headRefName) &&
      (typeof baseRefName !== 'string' || pull.baseBranch === baseRefName) &&
      (labels?.some((name) => sortedLabels(pull).some((label) => label.name === name)) ?? true),
  );
  const sign = descending ? -1 : 1;
  const seconds = (pull: PullRequest) => (updated ? Math.floor(pull.updatedAt.getTime() / 1000) : 0);
  matching.sort((a, b) => sign * (seconds(a) - seconds(b) || a.number - b.number));
  return connect(matching, args, { keyOf, descending });
}
