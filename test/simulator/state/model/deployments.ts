import type { Account, App } from './accounts.ts';
import type { Repository } from './repository.ts';

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
