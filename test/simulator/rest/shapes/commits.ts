import { timestamp } from '../../clock.ts';
import { treeHash, type Commit, type Signature } from '../../state/git.ts';
import type { Repository } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { nodeId } from '../../state/accounts.ts';
import type { Addresses } from '../route.ts';
import { simpleUser } from './accounts.ts';
import type { Data } from './data.ts';
import { repositoryUrl } from './repository.ts';

type CommitData = Data<'GET /repos/{owner}/{repo}/commits/{ref}'>;
type File = NonNullable<CommitData['files']>[number];

const unverified = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
} as const;

const person = ({ name, email, date }: Signature) => ({ name, email, date: timestamp(date) });

/** A commit as lists carry it. */
export function commitData(repository: Repository, commit: Commit, at: Addresses): CommitData {
  const url = repositoryUrl(repository, at);
  const html = `${at.html}/${fullNameOf(repository)}`;
  const { sha, author, committer } = commit;
  return {
    sha,
    node_id: nodeId('C', `${repository.id}:${sha}`),
    commit: {
      author: person(author),
      committer: person(committer),
      message: commit.message,
      tree: { sha: commit.treeSha, url: `${url}/git/trees/${commit.treeSha}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: 0,
      verification: { ...unverified },
    },
    url: `${url}/commits/${sha}`,
    html_url: `${html}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: author.account === null ? null : simpleUser(author.account, at),
    committer: committer.account === null ? null : simpleUser(committer.account, at),
    parents: commit.parents.map((parent) => ({
      sha: parent.sha,
      url: `${url}/commits/${parent.sha}`,
      html_url: `${html}/commit/${parent.sha}`,
    })),
  };
}

/** The files that differ between two trees. */
export function changedFiles(
  repository: Repository,
  at: Addresses,
  sides: { base: Commit | undefined; head: Commit },
): File[] {
  const before = sides.base?.tree ?? new Map<string, never>();
  const after = sides.head.tree;
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const url = repositoryUrl(repository, at);
  const html = `${at.html}/${fullNameOf(repository)}`;
  return names.sort().map((filename) => ({
    sha: after.get(filename)?.sha ?? before.get(filename)?.sha ?? null,
    filename,
    status: !before.has(filename) ? 'added' : !after.has(filename) ? 'removed' : 'modified',
    additions: 1,
    deletions: before.has(filename) ? 1 : 0,
    changes: before.has(filename) ? 2 : 1,
    blob_url: `${html}/blob/${sides.head.sha}/${filename}`,
    raw_url: `${html}/raw/${sides.head.sha}/${filename}`,
    contents_url: `${url}/contents/${filename}?ref=${sides.head.sha}`,
    patch: '',
  }));
}

/** A commit asked for by itself: with its files. */
export function fullCommit(repository: Repository, commit: Commit, at: Addresses): CommitData {
  const files = changedFiles(repository, at, { base: commit.parents[0], head: commit });
  const sum = (key: 'additions' | 'deletions' | 'changes') => files.reduce((all, file) => all + file[key], 0);
  return {
    ...commitData(repository, commit, at),
    stats: { additions: sum('additions'), deletions: sum('deletions'), total: sum('changes') },
    files,
  };
}

type FileData = Extract<Data<'GET /repos/{owner}/{repo}/contents/{path}'>, { type: 'file'; content: string }>;

/** The most that the contents API gives in its JSON form. */
const MOST_CONTENT = 1024 * 1024;

export function fileData(
  repository: Repository,
  at: Addresses,
  file: { readonly path: string; readonly sha: string; readonly bytes: Buffer; readonly ref: string },
): FileData {
  const url = `${repositoryUrl(repository, at)}/contents/${encodePath(file.path)}?ref=${encodeURIComponent(file.ref)}`;
  const git = `${repositoryUrl(repository, at)}/git/blobs/${file.sha}`;
  const html = `${at.html}/${fullNameOf(repository)}/blob/${file.ref}/${file.path}`;
  const large = file.bytes.length > MOST_CONTENT;
  return {
    name: file.path.split('/').at(-1) ?? file.path,
    path: file.path,
    sha: file.sha,
    size: file.bytes.length,
    url,
    html_url: html,
    git_url: git,
    download_url: `${at.html}/${fullNameOf(repository)}/raw/${file.ref}/${file.path}`,
    type: 'file',
    content: large ? '' : file.bytes.toString('base64').replace(/.{60}/g, '$&\n') + '\n',
    encoding: large ? 'none' : 'base64',
    _links: { self: url, git, html },
  };
}

/** Entries of a folder, with neither content nor encoding. */
export function folderData(
  repository: Repository,
  at: Addresses,
  folder: { readonly commit: Commit; readonly prefix: string; readonly ref: string },
): Record<string, unknown>[] {
  const { commit, prefix, ref } = folder;
  const names = new Map<string, string | null>();
  for (const [file, blob] of commit.tree) {
    if (!file.startsWith(prefix)) continue;
    const [name = '', ...below] = file.slice(prefix.length).split('/');
    names.set(name, below.length === 0 ? blob.sha : null);
  }
  return [...names].sort().map(([name, sha]) => {
    const path = prefix + name;
    const blob = sha === null ? undefined : commit.tree.get(path);
    const bytes = blob?.bytes ?? Buffer.alloc(0);
    const {
      content: _content,
      encoding: _encoding,
      ...entry
    } = fileData(repository, at, {
      path,
      sha: sha ?? treeHash(new Map([...commit.tree].filter(([file]) => file.startsWith(`${path}/`)))),
      bytes,
      ref,
    });
    return sha === null ? { ...entry, type: 'dir', size: 0, download_url: null } : entry;
  });
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');
