import { z } from 'zod';
import type { WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#deploy_key */
export const readDeployKey: WebhookReader = readsRepository(
  z.object({ action: z.enum(['created', 'deleted']) }),
  ({ action }, { installation, repository }) => {
    const reason = `deploy_key.${action}`;
    return { kind: 'jobs', jobs: [{ installation, repository, scope: { kind: 'deploy-keys' }, reason }] };
  },
);
