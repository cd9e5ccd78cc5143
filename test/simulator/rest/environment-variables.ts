import type { Variable } from '../state/model.ts';
import { environmentNamed } from './environments.ts';
import { optionalText, requiredText } from './input.ts';
import { page } from './paging.ts';
import { conflict, notFound, unprocessable } from './problem.ts';
import {
  created,
  inRepository,
  noContent,
  ok,
  textParam,
  type Reply,
  type RepositoryCall,
  type Route,
} from './route.ts';
import { secretData, variableData } from './shapes/environments.ts';

const ENVIRONMENT = '/repos/{owner}/{repo}/environments/{environment_name}';
const ALL = `${ENVIRONMENT}/variables`;
const ONE = `${ALL}/{name}`;
const [READ, WRITE] = ['environments:read', 'environments:write'];

/** https://docs.github.com/rest/actions/variables and …/secrets, as far as environments go */
export const environmentVariableRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, READ, list),
  inRepository(`POST ${ALL}`, WRITE, create),
  inRepository(`GET ${ONE}`, READ, (call) => ok(variableData(named(call)))),
  inRepository(`PATCH ${ONE}`, WRITE, update),
  inRepository(`DELETE ${ONE}`, WRITE, (call) => {
    environmentNamed(call).variables.delete(named(call).name);
    return noContent();
  }),
  inRepository(`GET ${ENVIRONMENT}/secrets`, READ, (call) => {
    const all = [...environmentNamed(call).secrets.values()];
    return page(call, all, (items) => ({ total_count: all.length, secrets: items.map(secretData) }));
  }),
];

function named(call: RepositoryCall): Variable {
  const variable = environmentNamed(call).variables.get(textParam(call, 'name').toUpperCase());
  if (variable === undefined) throw notFound();
  return variable;
}

/** Pages of ten, and of thirty at most. */
function list(call: RepositoryCall): Reply {
  const all = [...environmentNamed(call).variables.values()];
  return page(call, all, (items) => ({ total_count: all.length, variables: items.map(variableData) }), {
    usual: 10,
    most: 30,
  });
}

/** GitHub keeps names in upper case. */
function checkedName(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name) || /^github_/i.test(name)) {
    throw unprocessable(
      'Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
    );
  }
  return name.toUpperCase();
}

function create(call: RepositoryCall): Reply {
  const environment = environmentNamed(call);
  const name = checkedName(requiredText(call.body, 'name'));
  const value = requiredText(call.body, 'value');
  if (environment.variables.has(name)) throw conflict('Already exists - Variable already exists');
  const now = call.world.clock.now();
  environment.variables.set(name, { name, value, createdAt: now, updatedAt: now });
  return created({});
}

function update(call: RepositoryCall): Reply {
  const variable = named(call);
  const name = optionalText(call.body, 'name');
  if (name !== undefined && checkedName(name) !== variable.name)
    throw conflict('A variable is renamed by making another');
  variable.value = optionalText(call.body, 'value') ?? variable.value;
  variable.updatedAt = call.world.clock.now();
  return noContent();
}
