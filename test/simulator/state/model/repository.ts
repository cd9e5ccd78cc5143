import type { Git } from '../git.ts';
import type { Account, RepositoryPermission } from './accounts.ts';
import type { CheckRun, CheckSuite, CommitStatus } from './checks.ts';
import type { DeploymentTable } from './deployments.ts';
import type { Environment, Secret, Variable } from './environments.ts';
import type { Label, PullRequest } from './pull-requests.ts';
import type { WorkflowDispatch, WorkflowRun } from './workflow-runs.ts';

export interface Repository {
  readonly kind: 'Repository';
  readonly id: number;
  readonly nodeId: string;
  owner: Account;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  /** False: private repositories have no protection rules, as on a free plan. */
  readonly paidFeatures: boolean;
  /** False: private repositories have neither wait timers nor reviewers, as on a Team plan. */
  readonly reviewRules: boolean;
  readonly parent: Repository | null;
  readonly createdAt: Date;
  updatedAt: Date;
  pushedAt: Date;
  readonly git: Git;
  /** Names of protected branches. */
  readonly protectedBranches: Set<string>;
  readonly pullRequests: PullRequest[];
  /** Numbers of the pull requests that have a commit; open and merged ones are what GitHub tells. */
  readonly pullRequestsByCommit: Map<string, Set<PullRequest>>;
  readonly deployments: DeploymentTable;
  /** By name in lower case. */
  readonly environments: Map<string, Environment>;
  readonly labels: Map<string, Label>;
  readonly commitStatuses: Map<string, CommitStatus[]>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  /** Oldest first. */
  readonly checkRunsByCommit: Map<string, CheckRun[]>;
  readonly deployKeys: Map<number, DeployKey>;
  /** Whether the organisation forbids deploy keys. */
  deployKeysForbidden: boolean;
  readonly collaborators: Map<string, RepositoryPermission>;
  readonly variables: Map<string, Variable>;
  readonly secrets: Map<string, Secret>;
  readonly workflowRuns: Map<number, WorkflowRun>;
  readonly workflowIds: Map<string, number>;
  readonly dispatches: WorkflowDispatch[];
}

export interface DeployKey {
  readonly id: number;
  readonly nodeId: string;
  readonly title: string;
  readonly key: string;
  readonly readOnly: boolean;
  readonly addedBy: string;
  readonly createdAt: Date;
  lastUsed: Date | null;
  /** The organisation may have switched it off. */
  enabled: boolean;
}
