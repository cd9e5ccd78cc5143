import { addCommit, signatureFor } from './commits.ts';
import { commitOf, type Commit, type Tree } from './git.ts';
import { compareCommits, isAncestor } from './history.ts';
import type { Account, PullRequest, Repository, Review } from './model.ts';
import { updateRef } from './refs.ts';
import { nodeId, type World } from './world.ts';

export interface NewPullRequest {
  readonly headRepository: Repository;
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly author: Account;
  readonly draft?: boolean | undefined;
}

/** Opens a pull request; both branches must exist. */
export function openPullRequest(world: World, repository: Repository, options: NewPullRequest): PullRequest {
  const { headRepository, headBranch, baseBranch, author } = options;
  const head = commitOf(headRepository.git, `refs/heads/${headBranch}`);
  const base = commitOf(repository.git, `refs/heads/${baseBranch}`);
  if (head === undefined || base === undefined) throw new Error(`There is no ${headBranch} or no ${baseBranch}`);
  const now = world.clock.now();
  const id = world.nextId('pull');
  const number = repository.pullRequests.length + 1;
  const pullRequest: PullRequest = {
    kind: 'PullRequest',
    id,
    nodeId: nodeId('PR', id),
    number,
    repository,
    author,
    title: options.title ?? `Pull request ${number}`,
    body: options.body ?? '',
    draft: options.draft ?? false,
    state: 'open',
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    closedAt: null,
    headRepository,
    headOwner: headRepository.owner,
    headBranch,
    headSha: head.sha,
    baseBranch,
    baseSha: base.sha,
    commits: [],
    labels: new Set(),
    reviews: [],
    forcePushes: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.pullRequests.push(pullRequest);
  world.nodes.set(pullRequest.nodeId, pullRequest);
  setHead(world, pullRequest, head);
  world.emit({ name: 'pull_request', action: 'opened', pullRequest, sender: author });
  return pullRequest;
}

/** Takes over a new head: its commits and the refs that GitHub keeps for it. */
function setHead(world: World, pullRequest: PullRequest, head: Commit): void {
  const { repository } = pullRequest;
  const base = commitOf(repository.git, `refs/heads/${pullRequest.baseBranch}`);
  pullRequest.headSha = head.sha;
  repository.git.refs.set(`refs/pull/${pullRequest.number}/head`, head.sha);
  if (base === undefined) return;
  pullRequest.baseSha = base.sha;
  unindex(pullRequest);
  pullRequest.commits = compareCommits(base, head).ahead.map((commit) => commit.sha);
  for (const sha of pullRequest.commits) indexCommit(pullRequest, sha);
  const merge = mergeCommitOf(world, pullRequest, { base, head });
  repository.git.refs.set(`refs/pull/${pullRequest.number}/merge`, merge.sha);
}

function unindex(pullRequest: PullRequest): void {
  const index = pullRequest.repository.pullRequestsByCommit;
  for (const sha of pullRequest.commits) {
    const there = index.get(sha);
    there?.delete(pullRequest);
    if (there?.size === 0) index.delete(sha);
  }
}

function indexCommit(pullRequest: PullRequest, sha: string): void {
  const index = pullRequest.repository.pullRequestsByCommit;
  const there = index.get(sha);
  if (there === undefined) index.set(sha, new Set([pullRequest]));
  else there.add(pullRequest);
}

function mergeCommitOf(world: World, pullRequest: PullRequest, sides: { base: Commit; head: Commit }): Commit {
  const signature = signatureFor(world, pullRequest.author);
  return addCommit(world, pullRequest.repository, {
    parents: [sides.base, sides.head],
    tree: mergedTree(sides.base, sides.head),
    message: `Merge pull request #${pullRequest.number} from ${pullRequest.headOwner.login}/${pullRequest.headBranch}`,
    author: signature,
    committer: signature,
  });
}

/** Base's files with what head changed since they parted. There are no conflicts here: head wins. */
export function mergedTree(base: Commit, head: Commit): Tree {
  const parted = compareCommits(base, head).mergeBase?.tree ?? new Map<string, never>();
  const merged = new Map(base.tree);
  for (const [path, blob] of head.tree) if (parted.get(path) !== blob) merged.set(path, blob);
  for (const path of parted.keys()) if (!head.tree.has(path)) merged.delete(path);
  return merged;
}

/** Pull requests whose head is that branch, in the repository itself and in what it was forked from. */
function openWithHead(repository: Repository, branch: string): PullRequest[] {
  const places = repository.parent === null ? [repository] : [repository, repository.parent];
  return places.flatMap((place) =>
    place.pullRequests.filter(
      (pull) => pull.state === 'open' && pull.headRepository === repository && pull.headBranch === branch,
    ),
  );
}

interface Moved {
  readonly branch: string;
  readonly commit: Commit;
  readonly sender: Account;
}

/** A branch has moved: so have the pull requests whose head it is. */
export function followHead(world: World, repository: Repository, moved: Moved): void {
  for (const pullRequest of openWithHead(repository, moved.branch)) {
    const before = pullRequest.headSha;
    const old = repository.git.objects.commits.get(before);
    const forced = old !== undefined && !isAncestor(old, moved.commit);
    setHead(world, pullRequest, moved.commit);
    pullRequest.updatedAt = world.clock.now();
    if (forced) recordForcePush(world, pullRequest, { before, after: moved.commit.sha, actor: moved.sender });
    world.emit({
      name: 'pull_request',
      action: 'synchronize',
      pullRequest,
      before,
      after: moved.commit.sha,
      sender: moved.sender,
    });
  }
}

function recordForcePush(
  world: World,
  pullRequest: PullRequest,
  push: { readonly before: string; readonly after: string; readonly actor: Account },
): void {
  const event = {
    kind: 'HeadRefForcePushedEvent',
    nodeId: nodeId('HRFPE', world.nextId('event')),
    pullRequest,
    ...push,
    createdAt: world.clock.now(),
  } as const;
  pullRequest.forcePushes.push(event);
  world.nodes.set(event.nodeId, event);
}

/** A base branch has got commits: pull requests whose head is among them are merged. */
export function followBase(
  world: World,
  repository: Repository,
  moved: { readonly branch: string; readonly commits: readonly Commit[]; readonly sender: Account },
): void {
  const landed = new Map(moved.commits.map((commit) => [commit.sha, commit]));
  for (const pullRequest of repository.pullRequests) {
    if (pullRequest.state !== 'open' || pullRequest.baseBranch !== moved.branch) continue;
    const head = landed.get(pullRequest.headSha);
    if (head === undefined) continue;
    markMerged(world, pullRequest, { commit: head, by: moved.sender });
    world.emit({ name: 'pull_request', action: 'closed', pullRequest, sender: moved.sender });
  }
}

export function closeOfDeletedHead(
  world: World,
  repository: Repository,
  gone: { readonly branch: string; readonly sender: Account },
): void {
  for (const pullRequest of openWithHead(repository, gone.branch)) closePullRequest(world, pullRequest, gone.sender);
}

export function closePullRequest(world: World, pullRequest: PullRequest, sender: Account): void {
  if (pullRequest.state === 'closed') return;
  pullRequest.state = 'closed';
  pullRequest.closedAt = world.clock.now();
  pullRequest.updatedAt = pullRequest.closedAt;
  world.emit({ name: 'pull_request', action: 'closed', pullRequest, sender });
}

export function reopenPullRequest(world: World, pullRequest: PullRequest, sender: Account): void {
  if (pullRequest.mergedAt !== null) throw new Error('A merged pull request cannot be reopened');
  if (pullRequest.state === 'open') return;
  pullRequest.state = 'open';
  pullRequest.closedAt = null;
  pullRequest.updatedAt = world.clock.now();
  const head =
    pullRequest.headRepository && commitOf(pullRequest.headRepository.git, `refs/heads/${pullRequest.headBranch}`);
  if (head) setHead(world, pullRequest, head);
  world.emit({ name: 'pull_request', action: 'reopened', pullRequest, sender });
}

function markMerged(
  world: World,
  pullRequest: PullRequest,
  merge: { readonly commit: Commit; readonly by: Account },
): void {
  pullRequest.state = 'closed';
  pullRequest.mergedAt = world.clock.now();
  pullRequest.closedAt = pullRequest.mergedAt;
  pullRequest.updatedAt = pullRequest.mergedAt;
  pullRequest.mergedBy = merge.by;
  pullRequest.mergeCommit = merge.commit.sha;
  indexCommit(pullRequest, merge.commit.sha);
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Merges into the base branch and returns the commit that the base branch is at then. */
export function mergePullRequest(
  world: World,
  pullRequest: PullRequest,
  options: { readonly method: MergeMethod; readonly by: Account },
): Commit {
  const { repository } = pullRequest;
  const base = commitOf(repository.git, `refs/heads/${pullRequest.baseBranch}`);
  const head = repository.git.objects.commits.get(pullRequest.headSha);
  if (pullRequest.state !== 'open' || base === undefined || head === undefined) throw new Error('It cannot be merged');
  const commit = commitToLand(world, pullRequest, { base, head, method: options.method, by: options.by });
  markMerged(world, pullRequest, { commit, by: options.by });
  updateRef(world, repository, { ref: `refs/heads/${pullRequest.baseBranch}`, commit, sender: options.by });
  world.emit({ name: 'pull_request', action: 'closed', pullRequest, sender: options.by });
  return commit;
}

function commitToLand(
  world: World,
  pullRequest: PullRequest,
  options: { readonly base: Commit; readonly head: Commit; readonly method: MergeMethod; readonly by: Account },
): Commit {
  const { base, head, method, by } = options;
  if (method === 'merge') return mergeCommitOf(world, pullRequest, { base, head });
  const committer = signatureFor(world, by);
  if (method === 'squash') {
    const message = `${pullRequest.title} (#${pullRequest.number})`;
    const tree = mergedTree(base, head);
    const author = signatureFor(world, pullRequest.author);
    return addCommit(world, pullRequest.repository, { parents: [base], tree, message, author, committer });
  }
  const replayed = compareCommits(base, head).ahead;
  return replayed.reduce(
    (onto, { message, author, tree }, index) =>
      addCommit(world, pullRequest.repository, {
        parents: [onto],
        tree: index === replayed.length - 1 ? mergedTree(base, head) : tree,
        message,
        author,
        committer,
      }),
    base,
  );
}

export function setLabel(
  world: World,
  pullRequest: PullRequest,
  options: { readonly name: string; readonly present: boolean; readonly sender: Account },
): void {
  const { labels } = pullRequest.repository;
  const key = options.name.toLowerCase();
  const id = labels.has(key) ? 0 : world.nextId('label');
  const label = labels.get(key) ?? ({ kind: 'Label', id, nodeId: nodeId('LA', id), name: options.name } as const);
  labels.set(key, label);
  world.nodes.set(label.nodeId, label);
  if (pullRequest.labels.has(label) === options.present) return;
  if (options.present) pullRequest.labels.add(label);
  else pullRequest.labels.delete(label);
  pullRequest.updatedAt = world.clock.now();
  const action = options.present ? 'labeled' : 'unlabeled';
  world.emit({ name: 'pull_request', action, pullRequest, label, sender: options.sender });
}

export function addReview(
  world: World,
  pullRequest: PullRequest,
  options: { readonly user: Account; readonly state: Review['state']; readonly body?: string | undefined },
): Review {
  const id = world.nextId('review');
  const review: Review = {
    kind: 'PullRequestReview',
    id,
    nodeId: nodeId('PRR', id),
    pullRequest,
    user: options.user,
    body: options.body ?? '',
    sha: pullRequest.headSha,
    state: options.state,
    submittedAt: world.clock.now(),
  };
  pullRequest.reviews.push(review);
  pullRequest.updatedAt = review.submittedAt;
  world.nodes.set(review.nodeId, review);
  world.emit({ name: 'pull_request_review', action: 'submitted', review, sender: options.user });
  return review;
}

/** Open and merged pull requests of a commit: one that was closed unmerged is not among what GitHub tells. */
export function pullRequestsOf(repository: Repository, sha: string): PullRequest[] {
  const all = [...(repository.pullRequestsByCommit.get(sha) ?? [])];
  return all.filter((pull) => pull.state === 'open' || pull.mergedAt !== null).sort((a, b) => a.number - b.number);
}
