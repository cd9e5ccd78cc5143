import { z } from 'zod';
import { commitHash } from '../github/names.ts';
import type { WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/**
 * A status of a commit, which a gate may wait for. This app writes none.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#status
 */
export const readStatus: WebhookReader = readsRepository(
  z.object({ sha: commitHash }),
  ({ sha }, { installation, repository }) => {
    const about = [{ kind: 'commit', sha }] as const;
    return {
      kind: 'jobs',
      jobs: [{ installation, repository, scope: { kind: 'repository' }, reason: 'status', about }],
    };
  },
);
