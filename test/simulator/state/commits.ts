import { commitOf, editTree, storeCommit, type Commit, type Signature, type Tree } from './git.ts';
import { isAncestor } from './history.ts';
import type { Account, Repository } from './model.ts';
import { updateRef } from './refs.ts';
import { defaultSender } from './repositories.ts';
import { account } from './accounts.ts';
import type { World } from './world.ts';

export interface Person {
  readonly login?: string;
  readonly name?: string;
  readonly email?: string;
}

export interface Push {
  readonly branch?: string | undefined;
  /** Path → content; null deletes. */
  readonly files?: Readonly<Record<string, string | Buffer | null>> | undefined;
  readonly message?: string | undefined;
  readonly author?: Person | string | undefined;
  readonly committer?: Person | string | undefined;
  readonly committedDate?: Date | string | undefined;
  /** Hashes; default the branch's head, or the default branch's for a new branch. */
  readonly parents?: readonly string[] | undefined;
  /** Allows that the branch's head is not among the ancestors. */
  readonly force?: boolean | undefined;
}

/** Commits onto a branch and pushes it. */
export function pushCommit(world: World, repository: Repository, push: Push): Commit {
  const branch = push.branch ?? repository.defaultBranch;
  const head = commitOf(repository.git, `refs/heads/${branch}`);
  const start = head ?? commitOf(repository.git, `refs/heads/${repository.defaultBranch}`);
  const parents = push.parents?.map((sha) => commitNamed(repository, sha)) ?? (start === undefined ? [] : [start]);
  const author = signatureOf(world, push.author, push.committedDate);
  const commit = addCommit(world, repository, {
    parents,
    files: push.files ?? {},
    message: push.message,
    author,
    committer: push.committer === undefined ? author : signatureOf(world, push.committer, push.committedDate),
  });
  const forced = head !== undefined && !isAncestor(head, commit);
  if (forced && push.force !== true) throw new Error(`${branch} would not be fast-forwarded: push with force`);
  updateRef(world, repository, {
    ref: `refs/heads/${branch}`,
    commit,
    sender: author.account ?? defaultSender(world),
    forced,
  });
  return commit;
}

/** Stores a commit that no ref has yet. Each has a message of its own, so that no two are the same by accident. */
export function addCommit(
  world: World,
  repository: Repository,
  options: {
    readonly parents: readonly Commit[];
    readonly files?: Readonly<Record<string, string | Buffer | null>>;
    readonly tree?: Tree;
    readonly message?: string | undefined;
    readonly author: Signature;
    readonly committer: Signature;
  },
): Commit {
  const number = world.nextId('commit');
  const from = options.tree ?? options.parents[0]?.tree ?? new Map();
  const files = Object.fromEntries(
    Object.entries(options.files ?? {}).map(([path, content]) => [
      path,
      typeof content === 'string' ? world.rewrite(path, content) : content,
    ]),
  );
  return storeCommit(repository.git, {
    parents: options.parents,
    tree: Object.keys(files).length === 0 ? from : editTree(repository.git, from, files),
    message: options.message ?? `Commit ${number}`,
    author: options.author,
    committer: options.committer,
  });
}

function commitNamed(repository: Repository, sha: string): Commit {
  const commit = repository.git.objects.commits.get(sha);
  if (commit === undefined) throw new Error(`There is no commit ${sha}`);
  return commit;
}

export function signatureOf(world: World, person?: Person | string, date?: Date | string): Signature {
  const { login = 'octocat', name, email }: Person = typeof person === 'string' ? { login: person } : (person ?? {});
  return {
    name: name ?? login,
    email: email ?? `${login}@users.noreply.github.com`,
    date: date === undefined ? world.clock.now() : new Date(date),
    account: account(world, login),
  };
}

export function signatureFor(world: World, user: Account): Signature {
  return signatureOf(world, user.login);
}
