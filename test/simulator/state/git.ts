import { createHash } from 'node:crypto';
import type { Account } from './model.ts';

/*
 * Commits, trees and refs. Objects are shared by a repository and its forks, as on GitHub: a fork's commits can be
 * read through the base repository by their hash.
 */

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
  readonly account: Account | null;
}

export interface Blob {
  readonly kind: 'Blob';
  readonly sha: string;
  readonly bytes: Buffer;
}

/** Path → file. Never changed once it is a commit's. */
export type Tree = ReadonlyMap<string, Blob>;

export interface Commit {
  readonly kind: 'Commit';
  readonly sha: string;
  readonly treeSha: string;
  readonly tree: Tree;
  readonly parents: readonly Commit[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
  /** One more than the highest of its parents'. */
  readonly generation: number;
}

export interface Objects {
  readonly commits: Map<string, Commit>;
  readonly blobs: Map<string, Blob>;
}

export interface Git {
  readonly objects: Objects;
  /** `refs/heads/…`, `refs/tags/…` and `refs/pull/N/head` → commit. */
  readonly refs: Map<string, string>;
}

export function createGit(objects?: Objects): Git {
  return { objects: objects ?? { commits: new Map(), blobs: new Map() }, refs: new Map() };
}

function hash(type: string, content: Buffer | string): string {
  return createHash('sha1')
    .update(`${type} ${Buffer.byteLength(content)}\0`)
    .update(content)
    .digest('hex');
}

export function storeBlob(git: Git, content: string | Buffer): Blob {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const sha = hash('blob', bytes);
  const blob = git.objects.blobs.get(sha) ?? { kind: 'Blob', sha, bytes };
  git.objects.blobs.set(sha, blob);
  return blob;
}

/** The tree with files added or replaced, and those that are null taken away. */
export function editTree(git: Git, tree: Tree, files: Readonly<Record<string, string | Buffer | null>>): Tree {
  const next = new Map(tree);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) next.delete(path);
    else next.set(path, storeBlob(git, content));
  }
  return next;
}

export function treeHash(tree: Tree): string {
  const lines = [...tree].map(([path, blob]) => `${path}\0${blob.sha}`);
  return hash('tree', lines.sort().join('\n'));
}

export function storeCommit(
  git: Git,
  fields: Pick<Commit, 'tree' | 'parents' | 'message' | 'author' | 'committer'>,
): Commit {
  const { tree, parents, message, author, committer } = fields;
  const first = parents[0];
  const treeSha = first?.tree === tree ? first.treeSha : treeHash(tree);
  const text = [
    `tree ${treeSha}`,
    ...parents.map((parent) => `parent ${parent.sha}`),
    `author ${signatureLine(author)}`,
    `committer ${signatureLine(committer)}`,
    '',
    message,
  ].join('\n');
  const sha = hash('commit', text);
  const generation = 1 + Math.max(0, ...parents.map((parent) => parent.generation));
  const commit: Commit = { kind: 'Commit', sha, treeSha, tree, parents, message, author, committer, generation };
  git.objects.commits.set(sha, commit);
  return commit;
}

function signatureLine(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${Math.floor(signature.date.getTime() / 1000)} +0000`;
}

export function commitOf(git: Git, ref: string): Commit | undefined {
  const sha = git.refs.get(ref);
  return sha === undefined ? undefined : git.objects.commits.get(sha);
}

/** The qualified name of a branch or tag that was named in full or in short; branches come first. */
export function findRef(git: Git, name: string): string | undefined {
  const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  return candidates.find((candidate) => git.refs.has(candidate));
}

/** A commit by its hash (also a short one), or by a ref's full or short name. */
export function findCommit(git: Git, name: string): Commit | undefined {
  const exact = git.objects.commits.get(name);
  if (exact !== undefined) return exact;
  const ref = findRef(git, name);
  if (ref !== undefined) return commitOf(git, ref);
  if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined;
  const matching = [...git.objects.commits.values()].filter((commit) => commit.sha.startsWith(name));
  return matching.length === 1 ? matching[0] : undefined;
}

/** The names of branches whose head is this commit. */
export function branchesAt(git: Git, sha: string): string[] {
  return [...git.refs].flatMap(([ref, at]) =>
    at === sha && ref.startsWith('refs/heads/') ? [ref.slice('refs/heads/'.length)] : [],
  );
}
