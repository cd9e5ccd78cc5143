import type { Push } from '../state/commits.ts';
import type { NewDeployKey } from '../state/deploy-keys.ts';
import type { Commit } from '../state/git.ts';
import type { CommitStatus, DeployKey, Repository, RepositoryPermission } from '../state/model.ts';
import type { CheckRunHandle, NewCheckRun } from './checks.ts';
import type { DeploymentHandle } from './deployment.ts';
import type { EnvironmentHandle } from './environment.ts';
import type { PullRequestHandle } from './pull-request.ts';
import type { NewWorkflowRun, WorkflowRunHandle } from './workflow-run.ts';

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
  setDefaultBranch(name: string): void;
  setPrivate(isPrivate: boolean): void;
  delete(): void;
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
  /** The organisation says that there may be no new ones; GitHub may disable those that are there. */
  forbidDeployKeys(existing?: 'disabled' | 'enabled'): void;
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
