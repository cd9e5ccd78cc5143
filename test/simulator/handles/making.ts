import { account, appOfBot } from '../state/accounts.ts';
import { pushCommit } from '../state/commits.ts';
import { addDeployment } from '../state/deployments.ts';
import { commitOf, findCommit } from '../state/git.ts';
import type { Repository } from '../state/model.ts';
import { openPullRequest } from '../state/pull-requests.ts';
import { addRepository, findRepository } from '../state/repositories.ts';
import { setLabel } from '../state/reviews.ts';
import type { World } from '../state/world.ts';
import { actorOf, deploymentHandle, type DeploymentHandle } from './deployment.ts';
import { pullRequestHandle, type PullRequestHandle } from './pull-request.ts';
import type { NewDeployment, NewPullRequest } from './repository-handle.ts';

/** The fork of an owner, made where there is none, with the branches of now. */
export function forkOf(world: World, repository: Repository, owner: string): Repository {
  const known = findRepository(world, owner, repository.name);
  if (known !== undefined) return known;
  account(world, owner);
  const { name, private: isPrivate, defaultBranch } = repository;
  const fork = addRepository(world, { owner, name, private: isPrivate, defaultBranch, parent: repository });
  for (const [ref, sha] of repository.git.refs) if (!ref.startsWith('refs/pull/')) fork.git.refs.set(ref, sha);
  return fork;
}

/** Opens a pull request, with a branch and a fork where they are missing. */
export function openPull(world: World, repository: Repository, options: NewPullRequest): PullRequestHandle {
  const { head, base = repository.defaultBranch, labels = [] } = options;
  const [source, branch] =
    typeof head === 'string' ? [repository, head] : [forkOf(world, repository, head.owner), head.branch];
  const login = options.author ?? (typeof head === 'string' ? 'octocat' : head.owner);
  if (!source.git.refs.has(`refs/heads/${branch}`)) {
    const start = commitOf(repository.git, `refs/heads/${base}`);
    const parents = start === undefined ? [] : [start.sha];
    const files = { [`${branch}.txt`]: `${branch}\n` };
    pushCommit(world, source, { branch, files, parents, author: login });
  }
  const pull = openPullRequest(world, repository, {
    headRepository: source,
    headBranch: branch,
    baseBranch: base,
    title: options.title,
    body: options.body,
    author: account(world, login, login.endsWith('[bot]') ? 'Bot' : 'User'),
    draft: options.draft,
  });
  for (const name of labels) setLabel(world, pull, { name, present: true, sender: pull.author });
  return pullRequestHandle(world, pull);
}

/** Makes a deployment and tells of it. */
export function deploy(world: World, repository: Repository, options: NewDeployment): DeploymentHandle {
  const sha = options.sha ?? findCommit(repository.git, options.ref)?.sha;
  if (sha === undefined) throw new Error(`There is no ${options.ref}`);
  const creator = actorOf(world, options);
  const deployment = addDeployment(world, repository, {
    ...options,
    sha,
    creator,
    viaApp: options.viaApp === true ? world.app : appOfBot(world, creator),
  });
  world.emit({ name: 'deployment', deployment, sender: creator });
  return deploymentHandle(world, deployment);
}
