import { z } from 'zod';
import { refName } from '../github/names.ts';
import type { WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/**
 * A branch or a tag is gone. GitHub does not send it where more than three tags go at once: the sweep finds those.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#delete
 */
export const readDelete: WebhookReader = readsRepository(
  z.object({ ref: refName, ref_type: z.enum(['branch', 'tag']) }),
  ({ ref }, { installation, repository }) => {
    const about = [{ kind: 'ref', ref }] as const;
    return {
      kind: 'jobs',
      jobs: [{ installation, repository, scope: { kind: 'repository' }, reason: 'delete', about }],
    };
  },
);
