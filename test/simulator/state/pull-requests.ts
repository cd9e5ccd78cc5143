import { commitOf, type Commit } from './git.ts';
import { compareCommits, isAncestor } from './history.ts';
import { mergeCommitOf } from './merged-tree.ts';
import type { Account, PullRequest, Repository } from './model.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

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

export function markMerged(
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

/**
 * Open and merged pull requests of a commit: one that was closed unmerged is not among what GitHub tells. A commit is
 * one in all that was forked from each other, and so are its pull requests.
 */
export function pullRequestsOf(world: World, repository: Repository, sha: string): PullRequest[] {
  const root = rootOf(repository);
  const network = [...world.repositories.values()].filter((one) => rootOf(one) === root);
  const all = network.flatMap(({ pullRequestsByCommit }) => [...(pullRequestsByCommit.get(sha) ?? [])]);
  return all.filter((pull) => pull.state === 'open' || pull.mergedAt !== null).sort((a, b) => a.id - b.id);
}

function rootOf(repository: Repository): Repository {
  return repository.parent === null ? repository : rootOf(repository.parent);
}
