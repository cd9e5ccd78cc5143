import { pushCommit, type Push } from '../state/commits.ts';
import { addDeployment } from '../state/deployments.ts';
import { commitOf, findCommit, type Commit } from '../state/git.ts';
import { addCommitStatus } from '../state/commit-statuses.ts';
import { addDeployKey, deleteDeployKey, type NewDeployKey } from '../state/deploy-keys.ts';
import type { CommitStatus, Deployment, DeployKey, Repository, RepositoryPermission } from '../state/model.ts';
import { openPullRequest, setLabel } from '../state/pull-requests.ts';
import { deleteRef, updateRef } from '../state/refs.ts';
import { addRepository, findRepository, fullNameOf, moveRepository, setArchived } from '../state/repositories.ts';
import { account, appOfBot, type World } from '../state/world.ts';
import { addCheckRunTo, checkRunHandle, type CheckRunHandle, type NewCheckRun } from './checks.ts';
import { environmentHandle, type EnvironmentHandle } from './environment.ts';
import { addWorkflowRunTo, type NewWorkflowRun, type WorkflowRunHandle } from './workflow-run.ts';
import { actorOf, deploymentHandle, type DeploymentHandle } from './deployment.ts';
import { pullRequestHandle, type PullRequestHandle } from './pull-request.ts';

export interface NewPullRequest {
  /** A branch, made with a commit where it is missing; of a fork (made where it is missing) when it has an owner. */
  readonly head: string | { readonly owner: string; readonly branch: string };
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly author?: string;
  readonly labels?: readonly string[];
  readonly draft?: boolean;
}

export interface NewDeployment {
  /** A branch, a tag or a commit. */
  readonly ref: string;
  /** Where the ref no longer leads to the commit that was deployed, or never existed. */
  readonly sha?: string;
  readonly environment: string;
  readonly transient?: boolean;
  readonly production?: boolean;
  readonly task?: string;
  readonly payload?: unknown;
  readonly description?: string;
  /** A login; a bot's ends in `[bot]`. Default octocat. */
  readonly creator?: string;
  readonly viaApp?: boolean;
  readonly createdAt?: Date;
}

export interface RepositoryHandle {
  readonly id: number;
  readonly nodeId: string;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  /** What the simulator keeps of it: for assertions that have no shorter way. */
  readonly raw: Repository;
  push(push?: Push): Commit;
  /** The commit at the head of a branch; default the default branch. */
  head(branch?: string): Commit;
  commit(sha: string): Commit;
  branch(name: string, sha?: string): void;
  deleteBranch(name: string): void;
  tag(name: string, sha?: string): void;
  deleteTag(name: string): void;
  protectBranch(name: string): void;
  unprotectBranch(name: string): void;
  /** GitHub forgets commits that nothing leads to. */
  removeCommit(sha: string): void;
  fork(owner: string): RepositoryHandle;
  rename(name: string): void;
  transfer(owner: string): void;
  archive(): void;
  unarchive(): void;
  openPullRequest(options: NewPullRequest): PullRequestHandle;
  pullRequest(number: number): PullRequestHandle;
  createDeployment(options: NewDeployment): DeploymentHandle;
  deployment(id: number): DeploymentHandle;
  /** Oldest first. */
  deployments(environment?: string): DeploymentHandle[];
  /** Made where it is missing. */
  environment(name: string): EnvironmentHandle;
  /** Names as spelled, in the order they were made. */
  environments(): string[];
  setCommitStatus(options: NewStatus): CommitStatus;
  addCheckRun(options: NewCheckRun): CheckRunHandle;
  /** Oldest first: of a commit (or branch), or of the repository. */
  checkRuns(ref?: string): CheckRunHandle[];
  /** @throws where GitHub would refuse the key. */
  addDeployKey(options: Pick<NewDeployKey, 'title' | 'key'> & Partial<NewDeployKey>): DeployKey;
  removeDeployKey(id: number): void;
  deployKeys(): DeployKey[];
  /** The organisation says that there may be none. */
  forbidDeployKeys(): void;
  addCollaborator(login: string, permission?: RepositoryPermission): void;
  /** A run of Actions, with its jobs and deployments. */
  addWorkflowRun(options?: NewWorkflowRun): WorkflowRunHandle;
  /** Workflows that were dispatched. */
  readonly dispatches: Repository['dispatches'];
}

export interface NewStatus {
  /** A commit or a branch; default the default branch. */
  readonly sha?: string;
  readonly context: string;
  readonly state: CommitStatus['state'];
  readonly description?: string;
  readonly targetUrl?: string;
  readonly creator?: string;
}

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
    archive: () => {
      setArchived(world, repository, true);
    },
    unarchive: () => {
      setArchived(world, repository, false);
    },
    openPullRequest: (options) => open(world, repository, options),
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

/** What gates look at, and keys. */
function gateFacts(
  world: World,
  repository: Repository,
): Pick<
  RepositoryHandle,
  | 'setCommitStatus'
  | 'addCheckRun'
  | 'checkRuns'
  | 'addDeployKey'
  | 'removeDeployKey'
  | 'deployKeys'
  | 'forbidDeployKeys'
  | 'addCollaborator'
  | 'addWorkflowRun'
  | 'dispatches'
> {
  const shaOf = (name = repository.defaultBranch) => {
    const commit = findCommit(repository.git, name);
    if (commit === undefined) throw new Error(`There is no ${name}`);
    return commit.sha;
  };
  return {
    setCommitStatus: ({ sha, creator, ...options }) =>
      addCommitStatus(world, repository, { ...options, sha: shaOf(sha), creator: actorOf(world, { creator }) }),
    addCheckRun: (options) => addCheckRunTo(world, repository, { ...options, sha: shaOf(options.sha) }),
    checkRuns(ref) {
      const sha = ref === undefined ? undefined : shaOf(ref);
      const all = [...repository.checkRuns.values()].filter((run) => sha === undefined || run.sha === sha);
      return all.map((run) => checkRunHandle(world, run));
    },
    addDeployKey(options) {
      const key = addDeployKey(world, repository, { readOnly: true, addedBy: 'octocat', ...options });
      if (typeof key === 'string') throw new Error(key);
      return key;
    },
    removeDeployKey(id) {
      const key = repository.deployKeys.get(id);
      if (key !== undefined) deleteDeployKey(world, repository, key);
    },
    deployKeys: () => [...repository.deployKeys.values()],
    forbidDeployKeys: () => {
      repository.deployKeysForbidden = true;
    },
    addCollaborator: (login, permission = 'write') => {
      repository.collaborators.set(account(world, login).login.toLowerCase(), permission);
    },
    addWorkflowRun(options = {}) {
      const branch = options.branch ?? repository.defaultBranch;
      return addWorkflowRunTo(world, repository, { ...options, branch, sha: shaOf(options.sha ?? branch) });
    },
    dispatches: repository.dispatches,
  };
}

/** The fork of an owner, made where there is none, with the branches of now. */
function forkOf(world: World, repository: Repository, owner: string): Repository {
  const known = findRepository(world, owner, repository.name);
  if (known !== undefined) return known;
  account(world, owner);
  const { name, private: isPrivate, defaultBranch } = repository;
  const fork = addRepository(world, { owner, name, private: isPrivate, defaultBranch, parent: repository });
  for (const [ref, sha] of repository.git.refs) if (!ref.startsWith('refs/pull/')) fork.git.refs.set(ref, sha);
  return fork;
}

function open(world: World, repository: Repository, options: NewPullRequest): PullRequestHandle {
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

function deploy(world: World, repository: Repository, options: NewDeployment): DeploymentHandle {
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
