import { timestamp } from '../../clock.ts';
import { latestStatus, stateOf } from '../../state/deployments.ts';
import { findRef } from '../../state/git.ts';
import type { Deployment, DeploymentStatus, Repository } from '../../state/model.ts';
import { connect, type Connection } from '../connection.ts';
import { need, type Args, type Context, type Fields } from '../context.ts';
import { commitView, refView } from '../objects.ts';

const ABANDONED_AFTER = 30 * 60_000;

export const deploymentFields: Fields<Deployment> = {
  id: (deployment) => deployment.nodeId,
  databaseId: (deployment) => deployment.id,
  commit: (deployment) => commitView(deployment.repository, deployment.sha),
  commitOid: (deployment) => deployment.sha,
  createdAt: (deployment) => timestamp(deployment.createdAt),
  updatedAt: (deployment) => timestamp(deployment.updatedAt),
  creator: (deployment) => deployment.creator,
  description: (deployment) => deployment.description,
  environment: (deployment) => deployment.environment,
  latestEnvironment: (deployment) => deployment.environment,
  originalEnvironment: (deployment) => deployment.originalEnvironment,
  latestStatus: (deployment) => latestStatus(deployment) ?? null,
  payload: (deployment) => JSON.stringify(deployment.payload),
  // Null for a commit and for a branch or tag that is gone.
  ref: (deployment) => refOf(deployment),
  repository: (deployment) => deployment.repository,
  state: (deployment, _args, context) => deploymentState(deployment, context),
  statuses: (deployment, args) => connect(deployment.statuses.toReversed(), args, { keyOf: byId, descending: true }),
  task: (deployment) => deployment.task,
};

const byId = ({ id }: { readonly id: number }) => [id];

function refOf(deployment: Deployment) {
  const { repository, ref } = deployment;
  const name = findRef(repository.git, ref);
  return name === undefined || name.startsWith('refs/pull/') ? null : refView(repository, name);
}

/** GitHub's second list of states: what is active, what was transient and has ended, what nobody cared for. */
function deploymentState(deployment: Deployment, context: Context): string {
  const state = stateOf(deployment);
  if (state === 'success') return 'ACTIVE';
  if (state === 'inactive' && deployment.transient) return 'DESTROYED';
  const age = context.world.clock.now().getTime() - deployment.updatedAt.getTime();
  if (state === 'pending' && age > ABANDONED_AFTER) return 'ABANDONED';
  return state.toUpperCase();
}

export const deploymentStatusFields: Fields<DeploymentStatus> = {
  id: (status) => status.nodeId,
  createdAt: (status) => timestamp(status.createdAt),
  updatedAt: (status) => timestamp(status.createdAt),
  creator: (status) => status.creator,
  deployment: (status) => status.deployment,
  description: (status) => status.description,
  environment: (status) => status.environment,
  environmentUrl: (status) => status.environmentUrl,
  logUrl: (status) => status.logUrl,
  state: (status) => status.state.toUpperCase(),
};

/** Oldest first unless the order says otherwise; environments are matched as they are spelled. */
export function connectDeployments(
  repository: Repository,
  args: Args,
  context: Context,
  sha?: string,
): Connection<Deployment> {
  need(context, repository, 'deployments');
  const { deployments } = repository;
  const order = args['orderBy'] as { readonly direction: 'ASC' | 'DESC' } | null | undefined;
  const environments = args['environments'] as readonly string[] | null | undefined;
  const wanted = environments ? new Set(environments) : null;
  const from =
    sha !== undefined
      ? (deployments.byCommit.get(sha) ?? []).filter((each) => wanted?.has(each.environment) ?? true)
      : wanted === null
        ? deployments.all
        : [...wanted].flatMap((name) => deployments.byEnvironment.get(name) ?? []).sort((a, b) => a.id - b.id);
  const descending = order?.direction === 'DESC';
  return connect(descending ? from.toReversed() : from, args, { keyOf: byId, descending });
}
