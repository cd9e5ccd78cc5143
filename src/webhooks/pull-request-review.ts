import { z } from 'zod';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

const ACTIONS = new Set(['submitted', 'dismissed']);

/**
 * Approvals of a pull request may have changed.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review
 */
export const readPullRequestReview: WebhookReader = readsRepository(
  z.object({ action: z.string(), pull_request: z.object({ number: z.int().positive() }) }),
  ({ action, pull_request: { number } }, { installation, repository }) => {
    if (!ACTIONS.has(action)) return ignored(`the action is ${action}`);
    const about = [{ kind: 'review', pullRequest: number }] as const;
    const scope = { kind: 'repository' } as const;
    return {
      kind: 'jobs',
      jobs: [{ installation, repository, scope, reason: `pull_request_review.${action}`, about }],
    };
  },
);
