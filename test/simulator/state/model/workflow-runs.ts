import type { Account } from './accounts.ts';
import type { CheckConclusion, CheckStatus, CheckSuite } from './checks.ts';
import type { Deployment } from './deployments.ts';
import type { Repository } from './repository.ts';

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
