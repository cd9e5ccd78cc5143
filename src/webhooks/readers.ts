import { readDelete } from './delete.ts';
import { readDeployKey } from './deploy-key.ts';
import { readDeployment } from './deployment.ts';
import { readDeploymentStatus } from './deployment-status.ts';
import { readInstallation, readInstallationRepositories } from './installation.ts';
import type { WebhookReader } from './outcome.ts';
import { readPullRequest } from './pull-request.ts';
import { readPush } from './push.ts';
import { readRepository } from './repository.ts';

/** Every event that is looked at. What else GitHub sends is answered and forgotten. */
export const readers = {
  delete: readDelete,
  deploy_key: readDeployKey,
  deployment: readDeployment,
  deployment_status: readDeploymentStatus,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  pull_request: readPullRequest,
  push: readPush,
  repository: readRepository,
} as const satisfies Readonly<Record<string, WebhookReader>>;

export type ReadEvent = keyof typeof readers;

/** As Probot registers them. */
export const readEvents = [
  'delete',
  'deploy_key',
  'deployment',
  'deployment_status',
  'installation',
  'installation_repositories',
  'pull_request',
  'push',
  'repository',
] as const satisfies readonly ReadEvent[];

export function isReadEvent(event: string): event is ReadEvent {
  return Object.hasOwn(readers, event);
}

/** The event as a metric's label: anybody can send any name. */
export function eventLabel(event: string): string {
  return isReadEvent(event) || event === 'ping' ? event : 'other';
}
