import { addDeploymentStatus, deleteDeployment } from '../../state/deployments.ts';
import type { Deployment, DeploymentStatus, DeploymentStatusState } from '../../state/model.ts';
import { need, viewer, type Args, type Context, type Fields } from '../context.ts';
import { problem, unresolvedNode } from '../problem.ts';
import { node } from './root.ts';

type Input = Readonly<Record<string, unknown>>;

/** Aliased ones run one after the other, and each fails by itself. */
export const mutationFields: Fields<unknown> = {
  createDeploymentStatus: (_source, args, context) => createStatus(inputOf(args), context),
  deleteDeployment: (_source, args, context) => remove(inputOf(args), context),
};

interface StatusPayload {
  readonly status: DeploymentStatus;
  readonly clientMutationId: unknown;
}

export const createDeploymentStatusFields: Fields<StatusPayload> = {
  deploymentStatus: ({ status }) => status,
  clientMutationId: ({ clientMutationId }) => clientMutationId ?? null,
};

export const deleteDeploymentFields: Fields<Input> = {
  clientMutationId: ({ clientMutationId }) => clientMutationId ?? null,
};

function inputOf(args: Args): Input {
  return args['input'] as Input;
}

function deploymentOf(id: unknown, context: Context): Deployment {
  const found = node(String(id), context);
  if (found.kind !== 'Deployment') throw unresolvedNode(String(id));
  need(context, found.repository, 'deployments', 'write');
  if (found.repository.archived) throw problem('FORBIDDEN', 'Repository was archived so is read-only.');
  return found;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

function createStatus(input: Input, context: Context): StatusPayload {
  const deployment = deploymentOf(input['deploymentId'], context);
  const { actor, viaApp } = viewer(context);
  const description = text(input['description']);
  const urls = [text(input['environmentUrl']), text(input['logUrl'])];
  if ((description?.length ?? 0) > 140) {
    throw problem('UNPROCESSABLE', 'Description is too long (maximum is 140 characters)');
  }
  if (urls.some((url) => url !== undefined && url !== '' && !/^https?:\/\//.test(url))) {
    throw problem('UNPROCESSABLE', 'Environment url and log url must use http(s) scheme');
  }
  const status = addDeploymentStatus(context.world, deployment, {
    state: String(input['state']).toLowerCase() as DeploymentStatusState,
    environment: text(input['environment']),
    environmentUrl: urls[0],
    logUrl: urls[1],
    description,
    autoInactive: input['autoInactive'] !== false,
    creator: actor,
    viaApp,
  });
  if (status.state !== 'inactive') context.world.emit({ name: 'deployment_status', status, sender: actor });
  return { status, clientMutationId: input['clientMutationId'] };
}

function remove(input: Input, context: Context): Input {
  const refusal = deleteDeployment(context.world, deploymentOf(input['id'], context));
  if (refusal !== null) throw problem('UNPROCESSABLE', refusal);
  return input;
}
