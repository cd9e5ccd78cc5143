import type { Account, App, Deployment, DeploymentStatus, DeploymentStatusState, Repository } from './model.ts';
import { ensureEnvironment } from './environments.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

export interface NewDeployment {
  readonly sha: string;
  readonly ref: string;
  readonly environment: string;
  readonly task?: string | undefined;
  readonly payload?: unknown;
  readonly description?: string | null | undefined;
  readonly transient?: boolean | undefined;
  readonly production?: boolean | undefined;
  readonly creator: Account;
  readonly viaApp?: App | null | undefined;
  readonly createdAt?: Date | undefined;
}

/** Adds a deployment and, where it is missing, its environment. The caller tells the world of it. */
export function addDeployment(world: World, repository: Repository, options: NewDeployment): Deployment {
  const id = world.nextId('deployment');
  const createdAt = wholeSecond(options.createdAt ?? world.clock.now());
  const deployment: Deployment = {
    kind: 'Deployment',
    id,
    nodeId: nodeId('DE', id),
    repository,
    sha: options.sha,
    ref: options.ref,
    task: options.task ?? 'deploy',
    payload: options.payload ?? {},
    originalEnvironment: options.environment,
    environment: options.environment,
    description: options.description ?? null,
    creator: options.creator,
    transient: options.transient ?? false,
    production: options.production ?? options.environment === 'production',
    viaApp: options.viaApp ?? null,
    createdAt,
    updatedAt: createdAt,
    statuses: [],
  };
  const { deployments } = repository;
  deployments.byId.set(id, deployment);
  deployments.all.push(deployment);
  addTo(deployments.byEnvironment, deployment.environment, deployment);
  addTo(deployments.byCommit, deployment.sha, deployment);
  world.nodes.set(deployment.nodeId, deployment);
  ensureEnvironment(world, repository, options.environment);
  return deployment;
}

export interface NewDeploymentStatus {
  readonly state: DeploymentStatusState;
  readonly environment?: string | undefined;
  readonly environmentUrl?: string | undefined;
  readonly logUrl?: string | undefined;
  readonly description?: string | undefined;
  readonly autoInactive?: boolean | undefined;
  readonly creator: Account;
  readonly viaApp?: App | null | undefined;
  readonly createdAt?: Date | undefined;
}

/**
 * Adds a status. An environment given with it moves the deployment. A success makes the earlier successes of the same
 * environment inactive, but only those that are neither transient nor of production, and without a webhook for them.
 * https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
 */
export function addDeploymentStatus(
  world: World,
  deployment: Deployment,
  options: NewDeploymentStatus,
): DeploymentStatus {
  const { environment } = options;
  if (environment !== undefined && environment !== '' && environment !== deployment.environment) {
    moveDeployment(world, deployment, environment);
  }
  const status = appendStatus(world, deployment, options);
  if (options.state === 'success' && options.autoInactive !== false) inactivateOthers(world, deployment, status);
  return status;
}

function inactivateOthers(world: World, deployment: Deployment, cause: DeploymentStatus): void {
  for (const other of deployment.repository.deployments.byEnvironment.get(deployment.environment) ?? []) {
    if (other.id >= deployment.id || other.transient || other.production || !isActive(other)) continue;
    appendStatus(world, other, { state: 'inactive', creator: cause.creator, viaApp: cause.viaApp });
  }
}

function appendStatus(world: World, deployment: Deployment, options: NewDeploymentStatus): DeploymentStatus {
  const id = world.nextId('status');
  const createdAt = wholeSecond(options.createdAt ?? world.clock.now());
  const status: DeploymentStatus = {
    kind: 'DeploymentStatus',
    id,
    nodeId: nodeId('DES', id),
    deployment,
    state: options.state,
    environment: deployment.environment,
    environmentUrl: options.environmentUrl ?? '',
    logUrl: options.logUrl ?? '',
    description: options.description ?? '',
    creator: options.creator,
    viaApp: options.viaApp ?? null,
    createdAt,
  };
  deployment.statuses.push(status);
  deployment.updatedAt = createdAt;
  world.nodes.set(status.nodeId, status);
  return status;
}

function moveDeployment(world: World, deployment: Deployment, environment: string): void {
  const { byEnvironment } = deployment.repository.deployments;
  removeFrom(byEnvironment, deployment.environment, deployment);
  deployment.environment = environment;
  const there = byEnvironment.get(environment);
  if (there === undefined) byEnvironment.set(environment, [deployment]);
  else there.splice(there.filter((other) => other.id < deployment.id).length, 0, deployment);
  ensureEnvironment(world, deployment.repository, environment);
}

export function latestStatus(deployment: Deployment): DeploymentStatus | undefined {
  return deployment.statuses.at(-1);
}

export function stateOf(deployment: Deployment): DeploymentStatusState {
  return latestStatus(deployment)?.state ?? 'pending';
}

function isActive(deployment: Deployment): boolean {
  return stateOf(deployment) === 'success';
}

export const ACTIVE_CANNOT_BE_DELETED =
  'We cannot delete an active deployment unless it is the only deployment in a given environment.';

/**
 * Deletes a deployment, or says why GitHub would not: an active one stays unless it is the repository's only one.
 * https://docs.github.com/rest/deployments/deployments#delete-a-deployment
 */
export function deleteDeployment(world: World, deployment: Deployment): string | null {
  const { deployments } = deployment.repository;
  if (isActive(deployment) && deployments.all.length > 1) return ACTIVE_CANNOT_BE_DELETED;
  deployments.byId.delete(deployment.id);
  deployments.all.splice(indexOf(deployments.all, deployment), 1);
  removeFrom(deployments.byEnvironment, deployment.environment, deployment);
  removeFrom(deployments.byCommit, deployment.sha, deployment);
  world.nodes.delete(deployment.nodeId);
  for (const status of deployment.statuses) world.nodes.delete(status.nodeId);
  return null;
}

/** Where a deployment is in a list that is sorted by id. */
function indexOf(list: readonly Deployment[], deployment: Deployment): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.id ?? Infinity) < deployment.id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addTo(lists: Map<string, Deployment[]>, key: string, deployment: Deployment): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [deployment]);
  else list.push(deployment);
}

function removeFrom(lists: Map<string, Deployment[]>, key: string, deployment: Deployment): void {
  const list = lists.get(key) ?? [];
  const index = indexOf(list, deployment);
  if (list[index] === deployment) list.splice(index, 1);
  if (list.length === 0) lists.delete(key);
}

function wholeSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}
