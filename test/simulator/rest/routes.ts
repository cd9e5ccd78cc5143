import { appRoutes } from './apps.ts';
import { commitStatusRoutes } from './commit-statuses.ts';
import { deploymentRoutes } from './deployments.ts';
import { repositoryRoutes } from './repositories.ts';
import type { Route } from './route.ts';

/** Every route of REST that is simulated. */
export const routes: readonly Route[] = [...appRoutes, ...repositoryRoutes, ...deploymentRoutes, ...commitStatusRoutes];
