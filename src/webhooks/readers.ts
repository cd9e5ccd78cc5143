import { readCheckRun } from './check-run.ts';
import { readDelete } from './delete.ts';
import { readDeployKey } from './deploy-key.ts';
import { readDeployment } from './deployment.ts';
import { readDeploymentProtectionRule } from './deployment-protection-rule.ts';
import { readDeploymentStatus } from './deployment-status.ts';
import { readInstallation, readInstallationRepositories } from './installation.ts';
import type { WebhookReader } from './outcome.ts';
import { readPullRequest } from './pull-request.ts';
import { readPullRequestReview } from './pull-request-review.ts';
import { readPush } from './push.ts';
import { readRepository } from './repository.ts';
import { readStatus } from './status.ts';
import { readWorkflowRun } from './workflow-run.ts';

/** Every event that is looked at. What else GitHub sends is answered and forgotten. */
export const readers = {
  check_run: readCheckRun,
  delete: readDelete,
  deploy_key: readDeployKey,
  deployment: readDeployment,
  deployment_protection_rule: readDeploymentProtectionRule,
  deployment_status: readDeploymentStatus,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  pull_request: readPullRequest,
  pull_request_review: readPullRequestReview,
  push: readPush,
  repository: readRepository,
  status: readStatus,
  workflow_run: readWorkflowRun,
} as const satisfies Readonly<Record<string, WebhookReader>>;

export type ReadEvent = keyof typeof readers;

/** As Probot registers them. */
export const readEvents = [
  'check_run',
  'delete',
  'deploy_key',
  'deployment',
  'deployment_protection_rule',
  'deployment_status',
  'installation',
  'installation_repositories',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
  'status',
  'workflow_run',
] as const satisfies readonly ReadEvent[];

export function isReadEvent(event: string): event is ReadEvent {
  return Object.hasOwn(readers, event);
}

/** The event as a metric's label: anybody can send any name. */
export function eventLabel(event: string): string {
  return isReadEvent(event) || event === 'ping' ? event : 'other';
}
