import { commitOf, findCommit, type Blob, type Commit } from '../state/git.ts';
import type { Repository } from '../state/model.ts';
import { nodeId } from '../state/accounts.ts';

/** A commit as seen through a repository. */
export interface CommitView {
  readonly kind: 'Commit';
  readonly repository: Repository;
  readonly commit: Commit;
}

export interface RefView {
  readonly kind: 'Ref';
  readonly repository: Repository;
  /** `refs/heads/main`. */
  readonly name: string;
}

export interface BlobView {
  readonly kind: 'Blob';
  readonly repository: Repository;
  readonly blob: Blob;
}

export interface TreeView {
  readonly kind: 'Tree';
  readonly repository: Repository;
  readonly commit: Commit;
  /** Empty, or a folder with a slash at its end. */
  readonly prefix: string;
}

export function commitView(repository: Repository, sha: string | undefined): CommitView | null {
  const commit = sha === undefined ? undefined : repository.git.objects.commits.get(sha);
  return commit === undefined ? null : { kind: 'Commit', repository, commit };
}

export function refView(repository: Repository, name: string): RefView | null {
  return repository.git.refs.has(name) ? { kind: 'Ref', repository, name } : null;
}

/** What `git rev-parse` would make of `HEAD:path`, `branch:path`, a branch or a hash. */
export function objectAt(repository: Repository, expression: string): CommitView | BlobView | TreeView | null {
  const colon = expression.indexOf(':');
  const name = colon < 0 ? expression : expression.slice(0, colon);
  const commit =
    name === 'HEAD'
      ? commitOf(repository.git, `refs/heads/${repository.defaultBranch}`)
      : findCommit(repository.git, name);
  if (colon < 0) {
    if (commit !== undefined) return { kind: 'Commit', repository, commit };
    const blob = repository.git.objects.blobs.get(name);
    return blob === undefined ? null : { kind: 'Blob', repository, blob };
  }
  if (commit === undefined) return null;
  const path = expression.slice(colon + 1);
  const blob = commit.tree.get(path);
  if (blob !== undefined) return { kind: 'Blob', repository, blob };
  const prefix = path === '' ? '' : `${path.replace(/\/$/, '')}/`;
  const exists = prefix === '' || [...commit.tree.keys()].some((file) => file.startsWith(prefix));
  return exists ? { kind: 'Tree', repository, commit, prefix } : null;
}

export const commitNodeId = (view: CommitView) => nodeId('C', `${view.repository.id}:${view.commit.sha}`);
export const refNodeId = (view: RefView) => nodeId('REF', `${view.repository.id}:${view.name}`);

/** The commit or ref that a node id speaks of. */
export function decodeNodeId(repositories: ReadonlyMap<number, Repository>, id: string): CommitView | RefView | null {
  const [, encoded] = /^(?:C|REF)_(.+)$/.exec(id) ?? [];
  if (encoded === undefined) return null;
  const [, prefix, repositoryId, rest = ''] =
    /^(C|REF):(\d+):(.+)$/.exec(Buffer.from(encoded, 'base64url').toString()) ?? [];
  const repository = repositories.get(Number(repositoryId));
  if (repository === undefined) return null;
  return prefix === 'C' ? commitView(repository, rest) : refView(repository, rest);
}
