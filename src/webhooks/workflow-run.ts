import { z } from 'zod';
import { commitHash } from '../github/names.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/**
 * A run has ended: what waited in it waits no longer, though it may have been cancelled without a word of its
 * deployments.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */
export const readWorkflowRun: WebhookReader = readsRepository(
  z.object({ action: z.string(), workflow_run: z.object({ head_sha: commitHash }) }),
  ({ action, workflow_run: { head_sha: sha } }, { installation, repository }) => {
    if (action !== 'completed') return ignored(`the action is ${action}`);
    const about = [{ kind: 'commit', sha }] as const;
    const scope = { kind: 'repository' } as const;
    return { kind: 'jobs', jobs: [{ installation, repository, scope, reason: 'workflow_run.completed', about }] };
  },
);
