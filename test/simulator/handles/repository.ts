import { account } from '../state/accounts.ts';
import { pushCommit } from '../state/commits.ts';
import { commitOf, findCommit } from '../state/git.ts';
import type { Deployment, Repository } from '../state/model.ts';
import { deleteRef, updateRef } from '../state/refs.ts';
import {
  fullNameOf,
  moveRepository,
  removeRepository,
  setArchived,
  setDefaultBranch,
  setPrivate,
} from '../state/repositories.ts';
import type { World } from '../state/world.ts';
import { deploymentHandle } from './deployment.ts';
import { environmentHandle } from './environment.ts';
import { gateFacts } from './gate-facts.ts';
import { deploy, forkOf, openPull } from './making.ts';
import { pullRequestHandle } from './pull-request.ts';
import type { RepositoryHandle } from './repository-handle.ts';

export type { NewDeployment, NewPullRequest } from './repository-handle.ts';

/** What a test does with a repository. */
export function repositoryHandle(world: World, repository: Repository): RepositoryHandle {
  const { git } = repository;
  const sender = () => account(world, 'octocat');
  const setRef = (ref: string, sha: string | undefined) => {
    const commit = findCommit(git, sha ?? repository.defaultBranch);
    if (commit === undefined) throw new Error(`There is no commit ${sha ?? repository.defaultBranch}`);
    updateRef(world, repository, { ref, commit, sender: sender(), forced: true });
  };
  const known = (deployment: Deployment | undefined, id: number) => {
    if (deployment === undefined) throw new Error(`There is no deployment ${id}`);
    return deploymentHandle(world, deployment);
  };
  return {
    id: repository.id,
    nodeId: repository.nodeId,
    get owner() {
      return repository.owner.login;
    },
    get name() {
      return repository.name;
    },
    get fullName() {
      return fullNameOf(repository);
    },
    raw: repository,
    push: (push = {}) => pushCommit(world, repository, push),
    head(branch = repository.defaultBranch) {
      const commit = commitOf(git, `refs/heads/${branch}`);
      if (commit === undefined) throw new Error(`There is no branch ${branch}`);
      return commit;
    },
    commit(sha) {
      const commit = findCommit(git, sha);
      if (commit === undefined) throw new Error(`There is no commit ${sha}`);
      return commit;
    },
    branch: (name, sha) => {
      setRef(`refs/heads/${name}`, sha);
    },
    deleteBranch: (name) => {
      deleteRef(world, repository, { ref: `refs/heads/${name}`, sender: sender() });
    },
    tag: (name, sha) => {
      setRef(`refs/tags/${name}`, sha);
    },
    deleteTag: (name) => {
      deleteRef(world, repository, { ref: `refs/tags/${name}`, sender: sender() });
    },
    protectBranch: (name) => void repository.protectedBranches.add(name),
    unprotectBranch: (name) => void repository.protectedBranches.delete(name),
    removeCommit: (sha) => void git.objects.commits.delete(sha),
    fork: (owner) => repositoryHandle(world, forkOf(world, repository, owner)),
    rename: (name) => {
      moveRepository(world, repository, { name });
    },
    transfer: (owner) => {
      moveRepository(world, repository, { owner });
    },
    setDefaultBranch: (name) => {
      setDefaultBranch(world, repository, name);
    },
    setPrivate: (isPrivate) => {
      setPrivate(world, repository, isPrivate);
    },
    delete: () => {
      removeRepository(world, repository);
    },
    archive: () => {
      setArchived(world, repository, true);
    },
    unarchive: () => {
      setArchived(world, repository, false);
    },
    openPullRequest: (options) => openPull(world, repository, options),
    pullRequest(number) {
      const pull = repository.pullRequests[number - 1];
      if (pull === undefined) throw new Error(`There is no pull request ${number}`);
      return pullRequestHandle(world, pull);
    },
    createDeployment: (options) => deploy(world, repository, options),
    deployment: (id) => known(repository.deployments.byId.get(id), id),
    deployments(environment) {
      const { all } = repository.deployments;
      const wanted = environment?.toLowerCase();
      return all
        .filter((each) => wanted === undefined || each.environment.toLowerCase() === wanted)
        .map((each) => deploymentHandle(world, each));
    },
    environment: (name) => environmentHandle(world, repository, name),
    environments: () => [...repository.environments.values()].map((each) => each.name),
    ...gateFacts(world, repository),
  };
}
