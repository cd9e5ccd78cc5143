import { installationOf } from '../state/installations.ts';
import type { App, CustomRule } from '../state/model.ts';
import { environmentNamed } from './environments.ts';
import { optionalNumber } from './input.ts';
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
import { customRuleData, ruleAppData } from './shapes/environments.ts';

const ALL = '/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules';
const ONE = `${ALL}/{protection_rule_id}`;

/** https://docs.github.com/rest/deployments/protection-rules */
export const protectionRuleRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'actions:read', list),
  inRepository(`POST ${ALL}`, 'administration:write', create),
  inRepository(`GET ${ALL}/apps`, 'actions:read', apps),
  inRepository(`GET ${ONE}`, 'actions:read', (call) => ok(customRuleData(named(call), call.at))),
  inRepository(`DELETE ${ONE}`, 'administration:write', (call) => {
    environmentNamed(call).customRules.delete(named(call).id);
    return noContent();
  }),
];

function named(call: RepositoryCall): CustomRule {
  const rule = environmentNamed(call).customRules.get(numberParam(call, 'protection_rule_id'));
  if (rule === undefined) throw notFound();
  return rule;
}

/** Apps that offer a rule here: those that were said to, and ours where it is installed. */
function offered(call: RepositoryCall): App[] {
  const { world, repository } = call;
  const ours = installationOf(world, repository) === undefined ? [] : [world.app];
  return [...ours, ...world.ruleApps];
}

/** Not paged, as GitHub's own is not. */
function list(call: RepositoryCall): Reply {
  const all = [...environmentNamed(call).customRules.values()];
  return ok({
    total_count: all.length,
    custom_deployment_protection_rules: all.map((each) => customRuleData(each, call.at)),
  });
}

function apps(call: RepositoryCall): Reply {
  environmentNamed(call);
  const all = offered(call);
  return page(call, all, (items) => ({
    total_count: all.length,
    available_custom_deployment_protection_rule_integrations: items.map((each) => ruleAppData(each, call.at)),
  }));
}

function create(call: RepositoryCall): Reply {
  const { world, repository } = call;
  const environment = environmentNamed(call);
  const id = optionalNumber(call.body, 'integration_id');
  const app = offered(call).find((each) => each.id === id);
  if (app === undefined) throw notFound();
  if (repository.private && !repository.paidFeatures) {
    throw unprocessable('Custom deployment protection rules are not available on this plan.');
  }
  if ([...environment.customRules.values()].some((each) => each.app === app)) {
    throw unprocessable('The custom deployment protection rule is already enabled.');
  }
  const rule: CustomRule = { id: world.nextId('rule'), app, enabled: true };
  environment.customRules.set(rule.id, rule);
  return created(customRuleData(rule, call.at));
}
