import { appRoutes } from './apps.ts';
import { checkRoutes } from './checks.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { commitStatusRoutes } from './commit-statuses.ts';
import { contentRoutes } from './contents.ts';
import { deployKeyRoutes } from './deploy-keys.ts';
import { deploymentRoutes } from './deployments.ts';
import { branchPolicyRoutes } from './environment-policies.ts';
import { protectionRuleRoutes } from './environment-rules.ts';
import { environmentVariableRoutes } from './environment-variables.ts';
import { environmentRoutes } from './environments.ts';
import { pullRoutes } from './pulls.ts';
import { rateLimitRoutes } from './rate-limit.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repositories.ts';
import type { Route } from './route.ts';
import { teamRoutes } from './teams.ts';
import { userRoutes } from './users.ts';
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
  ...teamRoutes,
  ...collaboratorRoutes,
  ...userRoutes,
  ...rateLimitRoutes,
];
