import { findCommit, type Commit } from '../state/git.ts';
import type { Repository } from '../state/model.ts';
import { fullNameOf } from '../state/repositories.ts';
import { nodeId } from '../state/accounts.ts';
import { page } from './paging.ts';
import { HttpProblem, notFound } from './problem.ts';
import { inRepository, ok, textParam, type Addresses, type Reply, type RepositoryCall, type Route } from './route.ts';
import type { Data } from './shapes/data.ts';
import { commitData } from './shapes/commits.ts';
import { repositoryUrl } from './shapes/repository.ts';

const REPO = '/repos/{owner}/{repo}';
const HEADS = 'refs/heads/';
const TAGS = 'refs/tags/';

/** https://docs.github.com/rest/branches/branches and …/git/refs */
export const refRoutes: readonly Route[] = [
  inRepository(`GET ${REPO}/branches`, 'contents:read', branches),
  inRepository(`GET ${REPO}/branches/{branch}`, 'contents:read', branch),
  inRepository(`GET ${REPO}/tags`, 'contents:read', tags),
  inRepository(`GET ${REPO}/git/ref/{ref}`, 'contents:read', ref),
  inRepository(`GET ${REPO}/git/matching-refs/{ref}`, 'contents:read', matchingRefs),
  inRepository(`GET ${REPO}/commits/{commit_sha}/branches-where-head`, 'contents:read', (call) => {
    const sha = textParam(call, 'commit_sha');
    const names = namesBelow(call.repository, HEADS).filter(
      (name) => call.repository.git.refs.get(HEADS + name) === sha,
    );
    return ok(names.map((name) => shortBranch(call, name)));
  }),
];

function namesBelow(repository: Repository, prefix: string): string[] {
  const names = [...repository.git.refs.keys()].filter((name) => name.startsWith(prefix));
  return names.map((name) => name.slice(prefix.length)).sort();
}

const shaOf = (repository: Repository, name: string) => repository.git.refs.get(name) ?? '';

function shortBranch({ repository, at }: RepositoryCall, name: string) {
  const sha = shaOf(repository, HEADS + name);
  return {
    name,
    commit: { sha, url: `${repositoryUrl(repository, at)}/commits/${sha}` },
    protected: repository.protectedBranches.has(name),
  };
}

function branches(call: RepositoryCall): Reply {
  const wanted = call.query.get('protected');
  const names = namesBelow(call.repository, HEADS).filter(
    (name) => wanted === null || call.repository.protectedBranches.has(name) === (wanted === 'true'),
  );
  return page(call, names, (items) => items.map((name) => shortBranch(call, name)));
}

function branch(call: RepositoryCall): Reply {
  const { repository, at } = call;
  const name = textParam(call, 'branch');
  const sha = repository.git.refs.get(HEADS + name);
  const commit = sha === undefined ? undefined : findCommit(repository.git, sha);
  if (commit === undefined) throw new HttpProblem(404, 'Branch not found');
  return ok(fullBranch(repository, at, { name, commit }));
}

function fullBranch(
  repository: Repository,
  at: Addresses,
  { name, commit }: { readonly name: string; readonly commit: Commit },
): Data<'GET /repos/{owner}/{repo}/branches/{branch}'> {
  const isProtected = repository.protectedBranches.has(name);
  const url = `${repositoryUrl(repository, at)}/branches/${encodeURIComponent(name)}`;
  const protection = {
    enabled: isProtected,
    required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
  };
  return {
    name,
    commit: commitData(repository, commit, at),
    _links: { self: url, html: `${at.html}/${fullNameOf(repository)}/tree/${name}` },
    protected: isProtected,
    protection: protection,
    protection_url: `${url}/protection`,
  };
}

function tags(call: RepositoryCall): Reply {
  const { repository, at } = call;
  const url = repositoryUrl(repository, at);
  return page(call, namesBelow(repository, TAGS).reverse(), (items) =>
    items.map((name) => {
      const sha = shaOf(repository, TAGS + name);
      return {
        name,
        zipball_url: `${url}/zipball/${TAGS}${name}`,
        tarball_url: `${url}/tarball/${TAGS}${name}`,
        commit: { sha, url: `${url}/commits/${sha}` },
        node_id: nodeId('REF', `${repository.id}:${TAGS}${name}`),
      };
    }),
  );
}

function refData({ repository, at }: RepositoryCall, name: string): Data<'GET /repos/{owner}/{repo}/git/ref/{ref}'> {
  const url = repositoryUrl(repository, at);
  const sha = shaOf(repository, name);
  return {
    ref: name,
    node_id: nodeId('REF', `${repository.id}:${name}`),
    url: `${url}/git/${name}`,
    object: { sha, type: 'commit', url: `${url}/git/commits/${sha}` },
  };
}

/** By its exact name below `refs/`: `heads/main`, `tags/v1`, `pull/1/head`. */
function ref(call: RepositoryCall): Reply {
  const name = `refs/${textParam(call, 'ref')}`;
  if (!call.repository.git.refs.has(name)) throw notFound();
  return ok(refData(call, name));
}

function matchingRefs(call: RepositoryCall): Reply {
  const names = [...call.repository.git.refs.keys()].filter((name) =>
    name.startsWith(`refs/${textParam(call, 'ref')}`),
  );
  return page(call, names.sort(), (items) => items.map((name) => refData(call, name)));
}
