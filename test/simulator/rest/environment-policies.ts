import type { BranchPattern } from '../state/model.ts';
import { environmentNamed } from './environments.ts';
import { optionalChoice, requiredText } from './input.ts';
import { page } from './paging.ts';
import { HttpProblem, notFound } from './problem.ts';
import { inRepository, noContent, numberParam, ok, type Reply, type RepositoryCall, type Route } from './route.ts';
import { branchPatternData } from './shapes/environments.ts';

const ALL = '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
const ONE = `${ALL}/{branch_policy_id}`;
const TYPES = ['branch', 'tag'] as const;

/** https://docs.github.com/rest/deployments/branch-policies */
export const branchPolicyRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'actions:read', list),
  inRepository(`POST ${ALL}`, 'administration:write', create),
  inRepository(`GET ${ONE}`, 'actions:read', (call) => ok(branchPatternData(named(call)))),
  inRepository(`PUT ${ONE}`, 'administration:write', (call) => {
    const pattern = named(call);
    pattern.name = requiredText(call.body, 'name');
    return ok(branchPatternData(pattern));
  }),
  inRepository(`DELETE ${ONE}`, 'administration:write', (call) => {
    environmentNamed(call).branchPatterns.delete(named(call).id);
    return noContent();
  }),
];

function named(call: RepositoryCall): BranchPattern {
  const pattern = environmentNamed(call).branchPatterns.get(numberParam(call, 'branch_policy_id'));
  if (pattern === undefined) throw notFound();
  return pattern;
}

function list(call: RepositoryCall): Reply {
  const all = [...environmentNamed(call).branchPatterns.values()];
  return page(call, all, (items) => ({ total_count: all.length, branch_policies: items.map(branchPatternData) }));
}

/** 404 unless the environment has custom branch policies, 303 for one that is there. */
function create(call: RepositoryCall): Reply {
  const environment = environmentNamed(call);
  if (environment.branchPolicy?.kind !== 'custom') throw notFound();
  const name = requiredText(call.body, 'name');
  const type = optionalChoice(call.body, 'type', TYPES) ?? 'branch';
  const all = [...environment.branchPatterns.values()];
  if (all.some((each) => each.name === name && each.type === type)) {
    throw new HttpProblem(303, 'The deployment branch policy already exists');
  }
  const pattern: BranchPattern = { id: call.world.nextId('rule'), name, type };
  environment.branchPatterns.set(pattern.id, pattern);
  return ok(branchPatternData(pattern));
}
