import { z } from 'zod';
import { environmentKey } from '../github/ids.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { aboutDeployment, deploymentSlice, readsRepository } from './payload.ts';

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment */
export const readDeployment: WebhookReader = readsRepository(
  z.object({ action: z.string(), deployment: deploymentSlice }),
  ({ action, deployment }, { installation, repository }) => {
    if (action !== 'created') return ignored(`the action is ${action}`);
    return {
      kind: 'jobs',
      jobs: [
        {
          installation,
          repository,
          scope: { kind: 'environment', environment: environmentKey(deployment.environment) },
          reason: 'deployment.created',
          about: [aboutDeployment(deployment)],
        },
      ],
      environments: [deployment.environment],
    };
  },
);
