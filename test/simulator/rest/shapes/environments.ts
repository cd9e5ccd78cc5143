import { timestamp } from '../../clock.ts';
import type { App, BranchPattern, CustomRule, Environment, Reviewer, Secret, Variable } from '../../state/model.ts';
import { fullNameOf } from '../../state/repositories.ts';
import { nodeId } from '../../state/accounts.ts';
import type { Addresses } from '../route.ts';
import { simpleTeam, simpleUser } from './accounts.ts';
import type { Data } from './data.ts';
import { repositoryUrl } from './repository.ts';

type EnvironmentData = Data<'GET /repos/{owner}/{repo}/environments/{environment_name}'>;
type Rules = NonNullable<EnvironmentData['protection_rules']>;

export function environmentUrl(environment: Environment, at: Addresses): string {
  return `${repositoryUrl(environment.repository, at)}/environments/${encodeURIComponent(environment.name)}`;
}

export function environmentData(environment: Environment, at: Addresses): EnvironmentData {
  const { branchPolicy, repository } = environment;
  const html = `${at.html}/${fullNameOf(repository)}/deployments/activity_log`;
  return {
    id: environment.id,
    node_id: environment.nodeId,
    name: environment.name,
    url: environmentUrl(environment, at),
    html_url: `${html}?environments_filter=${encodeURIComponent(environment.name)}`,
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.updatedAt),
    protection_rules: rulesData(environment, at),
    deployment_branch_policy:
      branchPolicy === null
        ? null
        : {
            protected_branches: branchPolicy.kind === 'protected',
            custom_branch_policies: branchPolicy.kind === 'custom',
          },
  };
}

function rulesData({ waitTimer, review, branchPolicy }: Environment, at: Addresses): Rules {
  const node = (id: number) => nodeId('GA', id);
  const rules: Rules = [];
  if (waitTimer !== null) {
    const { id, minutes } = waitTimer;
    rules.push({ id, node_id: node(id), type: 'wait_timer', wait_timer: minutes });
  }
  if (review !== null) {
    const { id, preventSelfReview, reviewers } = review;
    rules.push({
      id,
      node_id: node(id),
      type: 'required_reviewers',
      prevent_self_review: preventSelfReview,
      reviewers: reviewers.map((reviewer) => reviewerData(reviewer, at)),
    });
  }
  if (branchPolicy !== null) {
    rules.push({ id: branchPolicy.id, node_id: node(branchPolicy.id), type: 'branch_policy' });
  }
  return rules;
}

export function reviewerData(reviewer: Reviewer, at: Addresses) {
  return reviewer.kind === 'Team'
    ? { type: 'Team' as const, reviewer: { ...simpleTeam(reviewer, at), parent: null } }
    : { type: 'User' as const, reviewer: simpleUser(reviewer, at) };
}

export function branchPatternData(pattern: BranchPattern) {
  return { id: pattern.id, node_id: nodeId('GBP', pattern.id), name: pattern.name, type: pattern.type };
}

export function ruleAppData(app: App, at: Addresses) {
  return { id: app.id, slug: app.slug, integration_url: `${at.api}/apps/${app.slug}`, node_id: `A_${app.id}` };
}

export function customRuleData(rule: CustomRule, at: Addresses) {
  return { id: rule.id, node_id: nodeId('DPR', rule.id), enabled: rule.enabled, app: ruleAppData(rule.app, at) };
}

export function variableData(variable: Variable) {
  return {
    name: variable.name,
    value: variable.value,
    created_at: timestamp(variable.createdAt),
    updated_at: timestamp(variable.updatedAt),
  };
}

export function secretData(secret: Secret) {
  return { name: secret.name, created_at: timestamp(secret.createdAt), updated_at: timestamp(secret.updatedAt) };
}
