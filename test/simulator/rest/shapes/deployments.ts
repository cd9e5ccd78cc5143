import { timestamp } from '../../clock.ts';
import type { Deployment, DeploymentStatus } from '../../state/model.ts';
import type { Addresses } from '../route.ts';
import { integration, simpleUser } from './accounts.ts';
import type { Data } from './data.ts';
import { repositoryUrl } from './repository.ts';

type DeploymentData = Data<'GET /repos/{owner}/{repo}/deployments/{deployment_id}'>;
type StatusData = Data<'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'>[number];

export function deploymentUrl(deployment: Deployment, at: Addresses): string {
  return `${repositoryUrl(deployment.repository, at)}/deployments/${deployment.id}`;
}

export function deploymentData(deployment: Deployment, at: Addresses): DeploymentData {
  const url = deploymentUrl(deployment, at);
  return {
    url,
    id: deployment.id,
    node_id: deployment.nodeId,
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: timestamp(deployment.createdAt),
    updated_at: timestamp(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(deployment.repository, at),
    creator: simpleUser(deployment.creator, at),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload as DeploymentData['payload'],
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.viaApp === null ? null : integration(deployment.viaApp, at),
  };
}

export function statusData(status: DeploymentStatus, at: Addresses): StatusData {
  const deployment = deploymentUrl(status.deployment, at);
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: status.nodeId,
    state: status.state as StatusData['state'],
    creator: simpleUser(status.creator, at),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    deployment_url: deployment,
    repository_url: repositoryUrl(status.deployment.repository, at),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: status.viaApp === null ? null : integration(status.viaApp, at),
  };
}
