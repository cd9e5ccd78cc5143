import { addDeploymentStatus, deleteDeployment, stateOf } from '../state/deployments.ts';
import type { Deployment, DeploymentStatus, DeploymentStatusState } from '../state/model.ts';
import { account, appOfBot } from '../state/accounts.ts';
import type { World } from '../state/world.ts';

export interface StatusOptions {
  /** Moves the deployment. */
  readonly environment?: string;
  readonly environmentUrl?: string;
  readonly logUrl?: string;
  readonly description?: string;
  readonly autoInactive?: boolean;
  /** A login; a bot's ends in `[bot]`. */
  readonly creator?: string;
  /** Whether our own app does it. */
  readonly viaApp?: boolean;
  readonly createdAt?: Date;
}

export interface DeploymentHandle {
  readonly id: number;
  readonly nodeId: string;
  readonly sha: string;
  readonly ref: string;
  readonly transient: boolean;
  readonly production: boolean;
  /** The latest one. */
  readonly environment: string;
  readonly originalEnvironment: string;
  /** Of its newest status; `pending` without one. */
  readonly state: DeploymentStatusState;
  /** Oldest first. */
  readonly statuses: readonly DeploymentStatus[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly exists: boolean;
  setStatus(state: DeploymentStatusState, options?: StatusOptions): DeploymentStatus;
  /** @throws where GitHub would refuse. */
  delete(): void;
}

export function deploymentHandle(world: World, deployment: Deployment): DeploymentHandle {
  return {
    id: deployment.id,
    nodeId: deployment.nodeId,
    sha: deployment.sha,
    ref: deployment.ref,
    transient: deployment.transient,
    production: deployment.production,
    originalEnvironment: deployment.originalEnvironment,
    createdAt: deployment.createdAt,
    get environment() {
      return deployment.environment;
    },
    get state() {
      return stateOf(deployment);
    },
    get statuses() {
      return deployment.statuses;
    },
    get updatedAt() {
      return deployment.updatedAt;
    },
    get exists() {
      return deployment.repository.deployments.byId.has(deployment.id);
    },
    setStatus(state, options = {}) {
      const creator = actorOf(world, options);
      const status = addDeploymentStatus(world, deployment, {
        ...options,
        state,
        creator,
        viaApp: options.viaApp === true ? world.app : appOfBot(world, creator),
      });
      if (state !== 'inactive') world.emit({ name: 'deployment_status', status, sender: creator });
      return status;
    },
    delete() {
      const refusal = deleteDeployment(world, deployment);
      if (refusal !== null) throw new Error(refusal);
    },
  };
}

/** Who does something: our app's bot, a named person or bot, or octocat. */
export function actorOf(
  world: World,
  options: { readonly creator?: string | undefined; readonly viaApp?: boolean | undefined },
) {
  if (options.viaApp === true) return world.app.bot;
  const login = options.creator ?? 'octocat';
  return account(world, login, login.endsWith('[bot]') ? 'Bot' : 'User');
}
