import { timestamp } from '../clock.ts';
import type { WorldEvent } from '../state/events.ts';
import type { Commit, Signature } from '../state/git.ts';
import type { DeployKey, Repository } from '../state/model.ts';
import { fullNameOf } from '../state/repositories.ts';
import type { Addresses } from '../rest/route.ts';
import { repositoryUrl } from '../rest/shapes/repository.ts';

type Payload = Readonly<Record<string, unknown>>;

const NOTHING = '0'.repeat(40);

export function pushBody(event: Extract<WorldEvent, { name: 'push' }>, at: Addresses): Payload {
  const { repository, ref, before, after, commits, forced, sender } = event;
  const html = `${at.html}/${fullNameOf(repository)}`;
  return {
    ref,
    before: before?.sha ?? NOTHING,
    after: after?.sha ?? NOTHING,
    created: before === null,
    deleted: after === null,
    forced,
    base_ref: null,
    compare: `${html}/compare/${(before?.sha ?? NOTHING).slice(0, 12)}...${(after?.sha ?? NOTHING).slice(0, 12)}`,
    commits: commits.slice(-2048).map((commit) => commitBody(commit, html)),
    head_commit: after === null ? null : commitBody(after, html),
    pusher: { name: sender.login, email: `${sender.login}@users.noreply.github.com` },
  };
}

function commitBody(commit: Commit, html: string): Payload {
  const parent = commit.parents[0]?.tree ?? new Map<string, never>();
  const paths = [...commit.tree.keys()];
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    url: `${html}/commit/${commit.sha}`,
    author: personBody(commit.author),
    committer: personBody(commit.committer),
    added: paths.filter((path) => !parent.has(path)),
    removed: [...parent.keys()].filter((path) => !commit.tree.has(path)),
    modified: paths.filter((path) => parent.has(path) && parent.get(path) !== commit.tree.get(path)),
  };
}

function personBody(signature: Signature): Payload {
  return { name: signature.name, email: signature.email, username: signature.account?.login ?? null };
}

/** A branch's or tag's name without its prefix, as `create` and `delete` give it. */
export function refBody(event: Extract<WorldEvent, { name: 'create' | 'delete' }>): Payload {
  return {
    ref: event.ref.replace(/^refs\/(?:heads|tags)\//, ''),
    ref_type: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    full_ref: event.ref,
    pusher_type: 'user',
  };
}

export function statusBody(event: Extract<WorldEvent, { name: 'status' }>, at: Addresses): Payload {
  const { status, repository } = event;
  const url = repositoryUrl(repository, at);
  const commit = { sha: status.sha, url: `${url}/commits/${status.sha}` };
  return {
    id: status.id,
    sha: status.sha,
    name: fullNameOf(repository),
    target_url: status.targetUrl,
    avatar_url: null,
    context: status.context,
    description: status.description,
    state: status.state,
    commit,
    branches: [...repository.git.refs].flatMap(([ref, sha]) =>
      sha === status.sha && ref.startsWith('refs/heads/')
        ? [{ name: ref.slice('refs/heads/'.length), commit, protected: false }]
        : [],
    ),
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
  };
}

export function deployKeyBody(repository: Repository, key: DeployKey, at: Addresses): Payload {
  return {
    id: key.id,
    key: key.key,
    url: `${repositoryUrl(repository, at)}/keys/${key.id}`,
    title: key.title,
    verified: true,
    created_at: timestamp(key.createdAt),
    read_only: key.readOnly,
  };
}
