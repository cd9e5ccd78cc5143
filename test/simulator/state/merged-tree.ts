import { addCommit, signatureFor } from './commits.ts';
import type { Commit, Tree } from './git.ts';
import { compareCommits } from './history.ts';
import type { PullRequest } from './model.ts';
import type { World } from './world.ts';

/** The commit that merging would make. */
export function mergeCommitOf(world: World, pullRequest: PullRequest, sides: { base: Commit; head: Commit }): Commit {
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
