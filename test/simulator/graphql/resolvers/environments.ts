import type { Environment, Reviewer } from '../../state/model.ts';
import { stateOf } from '../../state/deployments.ts';
import { connectInOrder } from '../connection.ts';
import type { Fields } from '../context.ts';

interface Rule {
  readonly kind: 'DeploymentProtectionRule';
  readonly id: number;
  readonly type: 'WAIT_TIMER' | 'REQUIRED_REVIEWERS' | 'BRANCH_POLICY';
  readonly timeout: number;
  readonly preventSelfReview: boolean | null;
  readonly reviewers: readonly Reviewer[];
}

function rulesOf(environment: Environment): Rule[] {
  const { waitTimer, review, branchPolicy } = environment;
  const none = { kind: 'DeploymentProtectionRule', timeout: 0, preventSelfReview: null, reviewers: [] } as const;
  return [
    ...(waitTimer === null
      ? []
      : [{ ...none, id: waitTimer.id, type: 'WAIT_TIMER', timeout: waitTimer.minutes } as const]),
    ...(review === null ? [] : [{ ...none, ...review, type: 'REQUIRED_REVIEWERS' } as const]),
    ...(branchPolicy === null ? [] : [{ ...none, id: branchPolicy.id, type: 'BRANCH_POLICY' } as const]),
  ];
}

export const environmentFields: Fields<Environment> = {
  id: (environment) => environment.nodeId,
  databaseId: (environment) => environment.id,
  name: (environment) => environment.name,
  isPinned: () => false,
  pinnedPosition: () => null,
  protectionRules: (environment, args) => connectInOrder(rulesOf(environment), args),
  latestCompletedDeployment: (environment) =>
    environment.repository.deployments.byEnvironment
      .get(environment.name)
      ?.findLast((deployment) => ['success', 'failure', 'error', 'inactive'].includes(stateOf(deployment))) ?? null,
};

export const protectionRuleFields: Fields<Rule> = {
  databaseId: (rule) => rule.id,
  type: (rule) => rule.type,
  timeout: (rule) => rule.timeout,
  preventSelfReview: (rule) => rule.preventSelfReview,
  reviewers: (rule, args) => connectInOrder(rule.reviewers, args),
};
