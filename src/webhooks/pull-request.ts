import { z } from 'zod';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/** Those after which a deployment may belong to nothing open any more, or be exempt, or belong to it again. */
const ACTIONS = new Set(['closed', 'reopened', 'labeled', 'unlabeled', 'synchronize']);

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
export const readPullRequest: WebhookReader = readsRepository(
  z.object({
    action: z.string(),
    pull_request: z.object({
      number: z.int().positive(),
      // The repository is null where the fork has been deleted.
      head: z.object({ ref: z.string(), repo: z.object({ id: z.number() }).nullable() }),
    }),
  }),
  ({ action, pull_request: { number, head } }, { installation, repository }) => {
    if (!ACTIONS.has(action)) return ignored(`the action is ${action}`);
    // A fork's branch says nothing about a branch of the same name here.
    const headRef = head.repo?.id === repository.id ? head.ref : null;
    const about = [{ kind: 'pull_request', number, headRef }] as const;
    const scope = { kind: 'repository' } as const;
    return { kind: 'jobs', jobs: [{ installation, repository, scope, reason: `pull_request.${action}`, about }] };
  },
);
