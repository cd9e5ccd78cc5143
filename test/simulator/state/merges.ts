import { addCommit, signatureFor } from './commits.ts';
import { commitOf, type Commit } from './git.ts';
import { compareCommits } from './history.ts';
import { mergeCommitOf, mergedTree } from './merged-tree.ts';
import type { Account, PullRequest } from './model.ts';
import { markMerged } from './pull-requests.ts';
import { updateRef } from './refs.ts';
import type { World } from './world.ts';

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
