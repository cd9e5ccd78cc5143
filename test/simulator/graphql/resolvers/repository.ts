import { timestamp } from '../../clock.ts';
import { findEnvironment } from '../../state/environments.ts';
import { findRef } from '../../state/git.ts';
import type { Repository } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { connect } from '../connection.ts';
import { need, type Args, type Context, type Fields } from '../context.ts';
import { objectAt, refView } from '../objects.ts';
import { problem } from '../problem.ts';
import { connectDeployments } from './deployments.ts';
import { connectPullRequests } from './pull-requests.ts';
import { branchRules, connectRefs } from './refs.ts';

export const repositoryFields: Fields<Repository> = {
  id: (repository) => repository.nodeId,
  databaseId: (repository) => repository.id,
  name: (repository) => repository.name,
  nameWithOwner: (repository) => fullNameOf(repository),
  owner: (repository) => repository.owner,
  description: () => null,
  isArchived: (repository) => repository.archived,
  isPrivate: (repository) => repository.private,
  isFork: (repository) => repository.parent !== null,
  isDisabled: () => false,
  isEmpty: (repository) => repository.git.refs.size === 0,
  parent: (repository) => repository.parent,
  visibility: (repository) => (repository.private ? 'PRIVATE' : 'PUBLIC'),
  createdAt: (repository) => timestamp(repository.createdAt),
  updatedAt: (repository) => timestamp(repository.updatedAt),
  pushedAt: (repository) => timestamp(repository.pushedAt),
  url: (repository, _args, { at }) => `${at.html}/${fullNameOf(repository)}`,
  resourcePath: (repository) => `/${fullNameOf(repository)}`,
  defaultBranchRef: (repository) => refView(repository, `refs/heads/${repository.defaultBranch}`),
  object: (repository, args, context) => object(repository, args, context),
  ref: (repository, args) => {
    const name = findRef(repository.git, String(args['qualifiedName']));
    return name === undefined ? null : refView(repository, name);
  },
  refs: (repository, args) => connectRefs(repository, args),
  deployments: (repository, args, context) => connectDeployments(repository, args, context),
  environment: (repository, args, context) => {
    needEnvironments(repository, context);
    return findEnvironment(repository, String(args['name'])) ?? null;
  },
  environments: (repository, args, context) => environments(repository, args, context),
  pullRequest: (repository, args, context) => pullRequest(repository, args, context),
  pullRequests: (repository, args, context) => {
    need(context, repository, 'pull_requests');
    return connectPullRequests(repository.pullRequests, args);
  },
  branchProtectionRules: (repository, args) => branchRules(repository, args),
};

/** REST documents `actions: read` for environments. */
function needEnvironments(repository: Repository, context: Context): void {
  need(context, repository, 'actions');
}

function object(repository: Repository, args: Args, context: Context): unknown {
  need(context, repository, 'contents');
  const { oid, expression } = args;
  if (typeof oid === 'string') return objectAt(repository, oid);
  return typeof expression === 'string' ? objectAt(repository, expression) : null;
}

function pullRequest(repository: Repository, args: Args, context: Context): unknown {
  need(context, repository, 'pull_requests');
  const number = Number(args['number']);
  const found = repository.pullRequests[number - 1];
  if (found !== undefined) return found;
  throw problem('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
}

function environments(repository: Repository, args: Args, context: Context): unknown {
  needEnvironments(repository, context);
  const names = args['names'] as readonly string[] | undefined;
  const wanted = new Set(names?.map((name) => name.toLowerCase()));
  const order = args['orderBy'] as { readonly direction: string } | undefined;
  const descending = order?.direction === 'DESC';
  const all = [...repository.environments]
    .filter(([key]) => wanted.size === 0 || wanted.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1) * (descending ? -1 : 1))
    .map(([, environment]) => environment);
  return connect(all, args, { keyOf: ({ name }) => [name.toLowerCase()], descending });
}
