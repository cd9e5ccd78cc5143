import { z } from 'zod';
import { environmentKey } from '../github/ids.ts';
import { environmentName } from '../github/names.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { aboutDeployment, deploymentSlice, readsRepository } from './payload.ts';

/**
 * A status can move its deployment to another environment: then both need a look, since what is left behind may have
 * a newest active deployment again.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status
 */
export const readDeploymentStatus: WebhookReader = readsRepository(
  z.object({
    action: z.string(),
    deployment: deploymentSlice,
    deployment_status: z.object({
      state: z.string().nullish(),
      environment: environmentName.nullish(),
      performed_via_github_app: z.object({ id: z.number() }).nullish(),
    }),
  }),
  ({ action, deployment, deployment_status: status }, { installation, repository }, { appId }) => {
    if (action !== 'created') return ignored(`the action is ${action}`);
    if (status.performed_via_github_app?.id === appId) return ignored('this app wrote it');
    const environments = [status.environment, deployment.environment, deployment.original_environment].filter(
      (name) => typeof name === 'string',
    );
    const about = aboutDeployment(deployment);
    return {
      kind: 'jobs',
      jobs: [...new Set(environments.map(environmentKey))].map((environment) => ({
        installation,
        repository,
        scope: { kind: 'environment', environment },
        reason: 'deployment_status.created',
        about: [status.state === 'success' ? { ...about, succeeded: true } : about],
      })),
      environments: [...new Set(environments)],
    };
  },
);
