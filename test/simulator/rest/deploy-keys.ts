import { timestamp } from '../clock.ts';
import { addDeployKey, deleteDeployKey } from '../state/deploy-keys.ts';
import type { DeployKey } from '../state/model.ts';
import { optionalFlag, optionalText, requiredText } from './input.ts';
import { page } from './paging.ts';
import { notFound, unprocessable } from './problem.ts';
import {
  created,
  inRepository,
  noContent,
  numberParam,
  ok,
  type Reply,
  type RepositoryCall,
  type Route,
} from './route.ts';
import type { Data } from './shapes/data.ts';
import { repositoryUrl } from './shapes/repository.ts';

const ALL = '/repos/{owner}/{repo}/keys';
const ONE = `${ALL}/{key_id}`;

/** https://docs.github.com/rest/deploy-keys/deploy-keys */
export const deployKeyRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'administration:read', (call) =>
    page(call, [...call.repository.deployKeys.values()], (items) => items.map((key) => keyData(call, key))),
  ),
  inRepository(`POST ${ALL}`, 'administration:write', create),
  inRepository(`GET ${ONE}`, 'administration:read', (call) => ok(keyData(call, named(call)))),
  inRepository(`DELETE ${ONE}`, 'administration:write', (call) => {
    deleteDeployKey(call.world, call.repository, named(call));
    return noContent();
  }),
];

function named(call: RepositoryCall): DeployKey {
  const key = call.repository.deployKeys.get(numberParam(call, 'key_id'));
  if (key === undefined) throw notFound();
  return key;
}

function keyData({ repository, at }: RepositoryCall, key: DeployKey): Data<'GET /repos/{owner}/{repo}/keys/{key_id}'> {
  return {
    id: key.id,
    key: key.key,
    url: `${repositoryUrl(repository, at)}/keys/${key.id}`,
    title: key.title,
    verified: true,
    created_at: timestamp(key.createdAt),
    read_only: key.readOnly,
    added_by: key.addedBy,
    last_used: key.lastUsed === null ? null : timestamp(key.lastUsed),
    enabled: key.enabled,
  };
}

function create(call: RepositoryCall): Reply {
  const { world, repository, body, actor } = call;
  const text = requiredText(body, 'key');
  if (repository.deployKeysForbidden) {
    const message = 'Deploy keys are disabled for this repository';
    throw unprocessable('Validation Failed', [{ resource: 'PublicKey', code: 'custom', message }]);
  }
  const key = addDeployKey(world, repository, {
    key: text,
    title: optionalText(body, 'title') ?? text.trim().split(/\s+/)[2] ?? '',
    readOnly: optionalFlag(body, 'read_only') ?? false,
    addedBy: actor.login,
  });
  if (typeof key !== 'string') return created(keyData(call, key));
  throw unprocessable('Validation Failed', [{ resource: 'PublicKey', code: 'custom', field: 'key', message: key }]);
}
