import { commitOf, type Commit } from './git.ts';
import { compareCommits } from './history.ts';
import type { Account, Repository } from './model.ts';
import { closeOfDeletedHead, followBase, followHead } from './pull-requests.ts';
import type { World } from './world.ts';

/** Creates a branch or tag or moves it, tells of it, and moves the pull requests that hang on it. */
export function updateRef(
  world: World,
  repository: Repository,
  to: { readonly ref: string; readonly commit: Commit; readonly sender: Account; readonly forced?: boolean },
): void {
  const { ref, commit, sender } = to;
  const before = commitOf(repository.git, ref) ?? null;
  if (before === commit) return;
  repository.git.refs.set(ref, commit.sha);
  repository.pushedAt = world.clock.now();
  if (before === null) world.emit({ name: 'create', repository, ref, sender });
  const from = before ?? commitOf(repository.git, `refs/heads/${repository.defaultBranch}`);
  const commits = from === undefined || from === commit ? [] : compareCommits(from, commit).ahead;
  world.emit({ name: 'push', repository, ref, before, after: commit, commits, forced: to.forced ?? false, sender });
  if (!ref.startsWith('refs/heads/')) return;
  const branch = ref.slice('refs/heads/'.length);
  followHead(world, repository, { branch, commit, sender });
  followBase(world, repository, { branch, commits, sender });
}

/** Deletes a branch or tag. Open pull requests of the branch are closed, as on GitHub. */
export function deleteRef(
  world: World,
  repository: Repository,
  from: { readonly ref: string; readonly sender: Account },
): void {
  const { ref, sender } = from;
  const before = commitOf(repository.git, ref) ?? null;
  if (!repository.git.refs.delete(ref)) throw new Error(`There is no ${ref}`);
  if (ref.startsWith('refs/heads/')) {
    closeOfDeletedHead(world, repository, { branch: ref.slice('refs/heads/'.length), sender });
  }
  world.emit({ name: 'delete', repository, ref, sender });
  world.emit({ name: 'push', repository, ref, before, after: null, commits: [], forced: false, sender });
}
