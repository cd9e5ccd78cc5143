import type { Account, App } from './accounts.ts';
import type { Deployment } from './deployments.ts';
import type { Repository } from './repository.ts';

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
  /** What the job deploys. */
  deployment: Deployment | null;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}
