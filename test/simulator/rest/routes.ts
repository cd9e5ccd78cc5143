import { appRoutes } from './apps.ts';
import { checkRoutes } from './checks.ts';
import { commitStatusRoutes } from './commit-statuses.ts';
import { contentRoutes } from './contents.ts';
import { deployKeyRoutes } from './deploy-keys.ts';
import { deploymentRoutes } from './deployments.ts';
import { branchPolicyRoutes } from './environment-policies.ts';
import { protectionRuleRoutes } from './environment-rules.ts';
import { environmentVariableRoutes } from './environment-variables.ts';
import { environmentRoutes } from './environments.ts';
import { miscRoutes } from './misc.ts';
import { peopleRoutes } from './people.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repositories.ts';
import type { Route } from './route.ts';
import { workflowRunRoutes } from './actions.ts';
import { workflowRoutes } from './workflows.ts';

/** Every route of REST that is simulated. */
export const routes: readonly Route[] = [
  ...appRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
  ...refRoutes,
  ...pullRoutes,
  ...deploymentRoutes,
  ...commitStatusRoutes,
  ...checkRoutes,
  ...environmentRoutes,
  ...branchPolicyRoutes,
  ...protectionRuleRoutes,
  ...environmentVariableRoutes,
  ...deployKeyRoutes,
  ...workflowRunRoutes,
  ...workflowRoutes,
  ...peopleRoutes,
  ...miscRoutes,
];
