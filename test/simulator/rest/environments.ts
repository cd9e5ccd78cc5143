import { deleteEnvironment, ensureEnvironment, findEnvironment } from '../state/environments.ts';
import type { Environment, Reviewer } from '../state/model.ts';
import { permissionOf } from '../state/repositories.ts';
import { optionalFlag, optionalList, optionalNumber, optionalObject } from './input.ts';
import { page } from './paging.ts';
import { notFound, unprocessable } from './problem.ts';
import { inRepository, noContent, ok, textParam, type Reply, type RepositoryCall, type Route } from './route.ts';
import { environmentData } from './shapes/environments.ts';

const ALL = '/repos/{owner}/{repo}/environments';
const ONE = `${ALL}/{environment_name}`;

/** https://docs.github.com/rest/deployments/environments */
export const environmentRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'actions:read', list),
  inRepository(`GET ${ONE}`, 'actions:read', (call) => ok(environmentData(environmentNamed(call), call.at))),
  inRepository(`PUT ${ONE}`, 'administration:write', put),
  inRepository(`DELETE ${ONE}`, 'administration:write', (call) => {
    deleteEnvironment(call.world, environmentNamed(call));
    return noContent();
  }),
];

export function environmentNamed(call: RepositoryCall): Environment {
  const environment = findEnvironment(call.repository, textParam(call, 'environment_name'));
  if (environment === undefined) throw notFound();
  return environment;
}

function list(call: RepositoryCall): Reply {
  const all = [...call.repository.environments.values()];
  return page(call, all, (items) => ({
    total_count: all.length,
    environments: items.map((each) => environmentData(each, call.at)),
  }));
}

const LONGEST_WAIT = 43_200;
const MOST_REVIEWERS = 6;

/** Takes the whole object: what is left out is taken away. */
function put(call: RepositoryCall): Reply {
  const { world, repository, body } = call;
  const wait = optionalNumber(body, 'wait_timer') ?? 0;
  if (wait < 0 || wait > LONGEST_WAIT) {
    throw unprocessable(`Wait timer must be greater than or equal to 0 and less than or equal to ${LONGEST_WAIT}`);
  }
  const reviewers = (optionalList(body, 'reviewers') ?? []).map((each) => reviewerOf(call, each));
  if (reviewers.length > MOST_REVIEWERS) throw unprocessable(`No more than ${MOST_REVIEWERS} reviewers are allowed`);
  const branchPolicy = branchPolicyOf(body);
  // GitHub looks at whether they are named, not at what they say.
  const namesReview = ['wait_timer', 'reviewers', 'prevent_self_review'].some((field) => field in body);
  const lacks = (namesReview && !repository.reviewRules) || (branchPolicy !== null && !repository.paidFeatures);
  if (repository.private && lacks) {
    throw unprocessable(
      'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
    );
  }
  const environment = ensureEnvironment(world, repository, textParam(call, 'environment_name'));
  const preventSelfReview = optionalFlag(body, 'prevent_self_review') ?? false;
  const id = () => world.nextId('rule');
  environment.waitTimer = wait === 0 ? null : { id: environment.waitTimer?.id ?? id(), minutes: wait };
  environment.review =
    reviewers.length === 0 ? null : { id: environment.review?.id ?? id(), preventSelfReview, reviewers };
  if (branchPolicy !== 'custom') environment.branchPatterns.clear();
  environment.branchPolicy =
    branchPolicy === null ? null : { id: environment.branchPolicy?.id ?? id(), kind: branchPolicy };
  environment.updatedAt = world.clock.now();
  return ok(environmentData(environment, call.at));
}

/** @throws HttpProblem 422 for somebody who is not there or cannot read the repository. */
function reviewerOf(call: RepositoryCall, value: unknown): Reviewer {
  const { world, repository } = call;
  const { type, id } = value as { readonly type?: unknown; readonly id?: unknown };
  const refusal = unprocessable(
    'Failed to create the environment protection rule. Please ensure the reviewers have access.',
  );
  if (type === 'Team') {
    const team = [...world.teams.values()].find((each) => each.id === id);
    for (let each = team ?? null; each !== null; each = each.parent) {
      if (each.repositories.has(repository.id) && team !== undefined) return team;
    }
    throw refusal;
  }
  const user = [...world.accounts.values()].find((each) => each.id === id && each.kind === 'User');
  if (type !== 'User' || user === undefined || permissionOf(world, repository, user) === 'none') throw refusal;
  return user;
}

function branchPolicyOf(body: RepositoryCall['body']): 'protected' | 'custom' | null {
  const policy = optionalObject(body, 'deployment_branch_policy');
  if (!policy) return null;
  const isProtected = optionalFlag(policy, 'protected_branches') ?? false;
  const isCustom = optionalFlag(policy, 'custom_branch_policies') ?? false;
  if (isProtected === isCustom) {
    throw unprocessable('`protected_branches` and `custom_branch_policies` cannot have the same value');
  }
  return isProtected ? 'protected' : 'custom';
}
