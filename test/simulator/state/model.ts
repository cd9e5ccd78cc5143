import type { Git } from './git.ts';

/*
 * What GitHub knows. These records change in place; what may be seen of them is built in rest/ and graphql/.
 */

/** A GitHub App, ours or somebody else's. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
}

export interface Account {
  readonly kind: 'User' | 'Organization' | 'Bot';
  readonly id: number;
  readonly nodeId: string;
  readonly login: string;
}

export type RepositoryPermission = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Team {
  readonly kind: 'Team';
  readonly id: number;
  readonly nodeId: string;
  readonly organization: Account;
  readonly slug: string;
  readonly members: Set<Account>;
  readonly repositories: Map<number, RepositoryPermission>;
  readonly parent: Team | null;
}

export type Level = 'read' | 'write';
export type Permissions = Readonly<Record<string, Level>>;

export interface Installation {
  readonly id: number;
  readonly account: Account;
  /** Repository ids; null means all of the account's. */
  selected: Set<number> | null;
  permissions: Permissions;
  suspendedAt: Date | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export type Token =
  | {
      readonly kind: 'installation';
      readonly value: string;
      readonly installation: Installation;
      /** Repository ids the token was narrowed to; null where it was not. */
      readonly repositories: ReadonlySet<number> | null;
      readonly permissions: Permissions;
      /** In milliseconds of the wall clock. */
      expiresAt: number;
    }
  | { readonly kind: 'user'; readonly value: string; readonly user: Account };

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

export interface DeploymentTable {
  readonly byId: Map<number, Deployment>;
  /** Oldest first. */
  readonly all: Deployment[];
  /** Latest environment, as spelled → oldest first. */
  readonly byEnvironment: Map<string, Deployment[]>;
  readonly byCommit: Map<string, Deployment[]>;
}

export interface Deployment {
  readonly kind: 'Deployment';
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly originalEnvironment: string;
  /** The latest one: a status can move it. */
  environment: string;
  readonly description: string | null;
  readonly creator: Account;
  readonly transient: boolean;
  readonly production: boolean;
  readonly viaApp: App | null;
  readonly createdAt: Date;
  updatedAt: Date;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

export type DeploymentStatusState =
  'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success' | 'waiting';

export interface DeploymentStatus {
  readonly kind: 'DeploymentStatus';
  readonly id: number;
  readonly nodeId: string;
  readonly deployment: Deployment;
  readonly state: DeploymentStatusState;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly description: string;
  readonly creator: Account;
  readonly viaApp: App | null;
  readonly createdAt: Date;
}

export interface Label {
  readonly kind: 'Label';
  readonly id: number;
  readonly nodeId: string;
  readonly name: string;
}

export interface Review {
  readonly kind: 'PullRequestReview';
  readonly id: number;
  readonly nodeId: string;
  readonly pullRequest: PullRequest;
  readonly user: Account;
  readonly body: string;
  readonly sha: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly submittedAt: Date;
}

export interface ForcePush {
  readonly kind: 'HeadRefForcePushedEvent';
  readonly nodeId: string;
  readonly pullRequest: PullRequest;
  readonly before: string;
  readonly after: string;
  readonly actor: Account;
  readonly createdAt: Date;
}

export interface PullRequest {
  readonly kind: 'PullRequest';
  readonly id: number;
  readonly nodeId: string;
  readonly number: number;
  readonly repository: Repository;
  readonly author: Account;
  readonly title: string;
  readonly body: string;
  draft: boolean;
  state: 'open' | 'closed';
  mergedAt: Date | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  closedAt: Date | null;
  /** Null once the fork is gone. */
  headRepository: Repository | null;
  readonly headOwner: Account;
  readonly headBranch: string;
  headSha: string;
  readonly baseBranch: string;
  baseSha: string;
  /** Oldest first. */
  commits: readonly string[];
  readonly labels: Set<Label>;
  readonly reviews: Review[];
  readonly forcePushes: ForcePush[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export type Reviewer = Account | Team;

export interface Environment {
  readonly kind: 'Environment';
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
  waitTimer: { readonly id: number; minutes: number } | null;
  review: { readonly id: number; preventSelfReview: boolean; reviewers: readonly Reviewer[] } | null;
  branchPolicy: { readonly id: number; kind: 'protected' | 'custom' } | null;
  readonly branchPatterns: Map<number, BranchPattern>;
  readonly customRules: Map<number, CustomRule>;
  readonly variables: Map<string, Variable>;
  readonly secrets: Map<string, Secret>;
}

export interface BranchPattern {
  readonly id: number;
  name: string;
  readonly type: 'branch' | 'tag';
}

export interface CustomRule {
  readonly id: number;
  readonly app: App;
  enabled: boolean;
}

export interface Variable {
  readonly name: string;
  value: string;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Secret {
  readonly name: string;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface CommitStatus {
  readonly kind: 'StatusContext';
  readonly repository: Repository;
  readonly id: number;
  readonly nodeId: string;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: Date;
}

export interface CheckSuite {
  readonly kind: 'CheckSuite';
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly app: App;
  readonly sha: string;
  readonly branch: string | null;
  /** Oldest first. */
  readonly runs: CheckRun[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
export const CHECK_CONCLUSIONS = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
  'stale',
  'startup_failure',
] as const;
export type CheckConclusion = (typeof CHECK_CONCLUSIONS)[number];

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export interface CheckRun {
  readonly kind: 'CheckRun';
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly app: App;
  readonly suite: CheckSuite;
  readonly sha: string;
  name: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Annotation[];
  actions: readonly CheckAction[];
  /** The Actions run whose job this is. */
  readonly workflowRunId: number | null;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
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
}

export interface ProtectionReport {
  readonly environment: string;
  readonly state: 'approved' | 'rejected' | null;
  readonly comment: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly nodeId: string;
  readonly repository: Repository;
  readonly workflow: string;
  readonly sha: string;
  readonly branch: string;
  readonly event: string;
  readonly actor: Account;
  readonly triggeringActor: Account;
  readonly attempt: number;
  readonly number: number;
  readonly suite: CheckSuite;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  /** By environment in lower case. */
  readonly deployments: Map<string, Deployment>;
  /** Environments whose jobs wait for protection rules. */
  readonly pending: Map<string, Deployment>;
  readonly reports: ProtectionReport[];
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface WorkflowDispatch {
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly sender: Account;
  readonly at: Date;
}
