import { timestamp } from '../../clock.ts';
import type { Repository } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import type { Addresses } from '../route.ts';
import { simpleUser } from './accounts.ts';
import type { Data } from './data.ts';

type Listed = Data<'GET /installation/repositories'>['repositories'][number];
type Full = Data<'GET /repos/{owner}/{repo}'>;

export function repositoryUrl(repository: Repository, at: Addresses): string {
  return `${at.api}/repos/${fullNameOf(repository)}`;
}

type Links = ReturnType<typeof makeLinks>;

const remembered = new WeakMap<Addresses, Map<string, Links>>();

/** Where everything of a repository is, made once for each name that it has had. */
function addresses(repository: Repository, at: Addresses): Links {
  const here = remembered.get(at) ?? new Map<string, Links>();
  remembered.set(at, here);
  const name = fullNameOf(repository);
  const links = here.get(name) ?? makeLinks(repository, at);
  here.set(name, links);
  return links;
}

function makeLinks(repository: Repository, at: Addresses) {
  const url = repositoryUrl(repository, at);
  const html = `${at.html}/${fullNameOf(repository)}`;
  return {
    html_url: html,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
    git_url: html.replace(/^https?/, 'git') + '.git',
    ssh_url: `git@localhost:${fullNameOf(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
  };
}

const FEATURES = {
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: true,
  has_pages: false,
  has_discussions: false,
};

/** A repository as lists and webhooks carry it. */
export function listedRepository(repository: Repository, at: Addresses): Listed {
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullNameOf(repository),
    private: repository.private,
    owner: simpleUser(repository.owner, at),
    description: null,
    fork: repository.parent !== null,
    ...addresses(repository, at),
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.updatedAt),
    pushed_at: timestamp(repository.pushedAt),
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    ...FEATURES,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** A repository asked for by itself. */
export function fullRepository(repository: Repository, at: Addresses): Full {
  const { license: _license, ...listed } = listedRepository(repository, at);
  return {
    ...listed,
    license: null,
    description: null,
    size: 1,
    has_issues: true,
    has_wiki: true,
    has_pages: false,
    has_projects: true,
    has_discussions: false,
    created_at: timestamp(repository.createdAt),
    updated_at: timestamp(repository.updatedAt),
    pushed_at: timestamp(repository.pushedAt),
    network_count: 0,
    subscribers_count: 0,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    delete_branch_on_merge: false,
    ...(repository.parent === null
      ? {}
      : { parent: listedRepository(repository.parent, at), source: listedRepository(repository.parent, at) }),
  };
}
