import { timestamp } from '../../clock.ts';
import type { Commit, Signature } from '../../state/git.ts';
import { walkHistory } from '../../state/history.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { pullRequestsOf } from '../../state/pull-requests.ts';
import { nodeId } from '../../state/accounts.ts';
import { connect, connectInOrder } from '../connection.ts';
import { need, type Args, type Fields } from '../context.ts';
import { commitNodeId, commitView, type BlobView, type CommitView, type TreeView } from '../objects.ts';
import { commitCheckFields } from './checks.ts';
import { connectDeployments } from './deployments.ts';

interface GitActor {
  readonly kind: 'GitActor';
  readonly signature: Signature;
}

const gitActor = (signature: Signature): GitActor => ({ kind: 'GitActor', signature });
const headline = (commit: Commit) => commit.message.split('\n')[0] ?? '';

export const commitFields: Fields<CommitView> = {
  id: (view) => commitNodeId(view),
  oid: ({ commit }) => commit.sha,
  abbreviatedOid: ({ commit }) => commit.sha.slice(0, 7),
  message: ({ commit }) => commit.message,
  messageHeadline: ({ commit }) => headline(commit),
  messageBody: ({ commit }) => commit.message.split('\n').slice(2).join('\n'),
  authoredDate: ({ commit }) => timestamp(commit.author.date),
  committedDate: ({ commit }) => timestamp(commit.committer.date),
  pushedDate: () => null,
  author: ({ commit }) => gitActor(commit.author),
  committer: ({ commit }) => gitActor(commit.committer),
  repository: ({ repository }) => repository,
  url: ({ repository, commit }, _args, { at }) => `${at.html}/${fullNameOf(repository)}/commit/${commit.sha}`,
  resourcePath: ({ repository, commit }) => `/${fullNameOf(repository)}/commit/${commit.sha}`,
  tree: ({ repository, commit }) => ({ kind: 'Tree', repository, commit, prefix: '' }) satisfies TreeView,
  file: (view, args, context) => {
    need(context, view.repository, 'contents');
    const path = String(args['path']);
    return entriesOf(treeOf(view, path)).find((entry) => entry.path === path) ?? null;
  },
  parents: ({ repository, commit }, args) =>
    connectInOrder(
      commit.parents.map((parent) => commitView(repository, parent.sha)),
      args,
    ),
  history: (view, args, context) => {
    need(context, view.repository, 'contents');
    return history(view, args);
  },
  associatedPullRequests: ({ repository, commit }, args, context) => {
    need(context, repository, 'pull_requests');
    return connect(pullRequestsOf(context.world, repository, commit.sha), args, { keyOf: ({ id }) => [id] });
  },
  ...commitCheckFields,
  deployments: ({ repository, commit }, args, context) => connectDeployments(repository, args, context, commit.sha),
};

function history({ repository, commit }: CommitView, args: Args) {
  const { path, since, until } = args;
  const found: CommitView[] = [];
  for (const each of walkHistory(commit, typeof path === 'string' ? path : undefined)) {
    const date = timestamp(each.committer.date);
    if (typeof since === 'string' && date < since) continue;
    if (typeof until === 'string' && date > until) continue;
    found.push({ kind: 'Commit', repository, commit: each });
  }
  return connectInOrder(found, args);
}

export const gitActorFields: Fields<GitActor> = {
  name: ({ signature }) => signature.name,
  email: ({ signature }) => signature.email,
  date: ({ signature }) => timestamp(signature.date),
  user: ({ signature }) => (signature.account?.kind === 'User' ? signature.account : null),
};

/** As much of a file as GitHub's GraphQL gives. */
const MOST_TEXT = 512 * 1024;

const isBinary = (bytes: Buffer) => bytes.subarray(0, 8000).includes(0);

export const blobFields: Fields<BlobView> = {
  id: ({ repository, blob }) => nodeId('B', `${repository.id}:${blob.sha}`),
  oid: ({ blob }) => blob.sha,
  abbreviatedOid: ({ blob }) => blob.sha.slice(0, 7),
  byteSize: ({ blob }) => blob.bytes.length,
  isBinary: ({ blob }) => isBinary(blob.bytes),
  isTruncated: ({ blob }) => blob.bytes.length > MOST_TEXT,
  repository: ({ repository }) => repository,
  text: ({ repository, blob }, _args, context) => {
    need(context, repository, 'contents');
    return isBinary(blob.bytes) ? null : blob.bytes.subarray(0, MOST_TEXT).toString();
  },
};

interface Entry {
  readonly kind: 'TreeEntry';
  readonly name: string;
  readonly path: string;
  readonly object: BlobView | TreeView;
}

export const treeFields: Fields<TreeView> = {
  id: ({ repository, commit, prefix }) => nodeId('T', `${repository.id}:${commit.treeSha}:${prefix}`),
  oid: ({ commit }) => commit.treeSha,
  abbreviatedOid: ({ commit }) => commit.treeSha.slice(0, 7),
  repository: ({ repository }) => repository,
  entries: (tree, _args, context) => {
    need(context, tree.repository, 'contents');
    return entriesOf(tree);
  },
};

/** The folder that a path lies in. */
function treeOf({ repository, commit }: CommitView, path: string): TreeView {
  return { kind: 'Tree', repository, commit, prefix: path.slice(0, path.lastIndexOf('/') + 1) };
}

function entriesOf({ repository, commit, prefix }: TreeView): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [file, blob] of commit.tree) {
    if (!file.startsWith(prefix)) continue;
    const [name = '', ...below] = file.slice(prefix.length).split('/');
    const path = prefix + name;
    const object: BlobView | TreeView =
      below.length === 0
        ? { kind: 'Blob', repository, blob }
        : { kind: 'Tree', repository, commit, prefix: `${path}/` };
    entries.set(name, { kind: 'TreeEntry', name, path, object });
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const treeEntryFields: Fields<Entry> = {
  name: ({ name }) => name,
  path: ({ path }) => path,
  object: ({ object }) => object,
  type: ({ object }) => (object.kind === 'Blob' ? 'blob' : 'tree'),
  mode: ({ object }) => (object.kind === 'Blob' ? 0o100644 : 0o040000),
};
