import { commitOf, findCommit, type Commit } from '../state/git.ts';
import { compareCommits } from '../state/history.ts';
import type { PullRequest, Review } from '../state/model.ts';
import { pushCommit, type Push } from '../state/commits.ts';
import { mergePullRequest, type MergeMethod } from '../state/merges.ts';
import { closePullRequest, reopenPullRequest } from '../state/pull-requests.ts';
import { addReview, setLabel } from '../state/reviews.ts';
import { deleteRef } from '../state/refs.ts';
import { account } from '../state/accounts.ts';
import type { World } from '../state/world.ts';

type PushOptions = Pick<Push, 'files' | 'message' | 'author' | 'committer' | 'committedDate'>;

export interface PullRequestHandle {
  readonly number: number;
  readonly id: number;
  readonly nodeId: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly headBranch: string;
  readonly headSha: string;
  /** Oldest first. */
  readonly commits: readonly string[];
  readonly labels: readonly string[];
  push(options?: PushOptions): Commit;
  /** Replaces all its commits by one. */
  forcePush(options?: PushOptions): Commit;
  label(name: string, by?: string): void;
  unlabel(name: string, by?: string): void;
  review(options: { readonly user: string; readonly state?: Review['state']; readonly body?: string }): Review;
  close(by?: string): void;
  reopen(by?: string): void;
  /** Returns the commit that landed on the base branch. */
  merge(options?: { readonly method?: MergeMethod; readonly by?: string; readonly deleteBranch?: boolean }): Commit;
}

export function pullRequestHandle(world: World, pull: PullRequest): PullRequestHandle {
  const by = (login: string | undefined) => (login === undefined ? pull.author : account(world, login));
  const push = (options: Push) => {
    if (pull.headRepository === null) throw new Error('The repository of its head is gone');
    return pushCommit(world, pull.headRepository, { author: pull.author.login, ...options, branch: pull.headBranch });
  };
  return {
    number: pull.number,
    id: pull.id,
    nodeId: pull.nodeId,
    headBranch: pull.headBranch,
    get state() {
      return pull.mergedAt === null ? pull.state : 'merged';
    },
    get headSha() {
      return pull.headSha;
    },
    get commits() {
      return pull.commits;
    },
    get labels() {
      return [...pull.labels].map((label) => label.name);
    },
    push: (options = {}) => push(options),
    forcePush: (options = {}) => push({ ...options, parents: [forkPoint(pull)], force: true }),
    label: (name, login) => {
      setLabel(world, pull, { name, present: true, sender: by(login) });
    },
    unlabel: (name, login) => {
      setLabel(world, pull, { name, present: false, sender: by(login) });
    },
    review: ({ user, state = 'APPROVED', body }) => addReview(world, pull, { user: account(world, user), state, body }),
    close: (login) => {
      closePullRequest(world, pull, by(login));
    },
    reopen: (login) => {
      reopenPullRequest(world, pull, by(login));
    },
    merge({ method = 'merge', by: login, deleteBranch = false } = {}) {
      const commit = mergePullRequest(world, pull, { method, by: by(login) });
      if (deleteBranch && pull.headRepository !== null) {
        deleteRef(world, pull.headRepository, { ref: `refs/heads/${pull.headBranch}`, sender: by(login) });
      }
      return commit;
    },
  };
}

/** Where the head left the base branch. */
function forkPoint(pull: PullRequest): string {
  const { git } = pull.repository;
  const base = commitOf(git, `refs/heads/${pull.baseBranch}`);
  const head = findCommit(git, pull.headSha);
  const point = base && head && compareCommits(base, head).mergeBase;
  if (!point) throw new Error('Head and base have nothing in common');
  return point.sha;
}
