import { z } from 'zod';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/** What is made public must not show in its report what only its readers might see. */
const ACTIONS = new Set(['unarchived', 'transferred', 'renamed', 'publicized']);

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#repository */
export const readRepository: WebhookReader = readsRepository(
  z.object({ action: z.string(), changes: z.object({ default_branch: z.unknown() }).partial().optional() }),
  ({ action, changes }, { installation, repository }) => {
    // The policy is the default branch's: with another branch comes another policy.
    const moved = action === 'edited' && changes?.default_branch !== undefined;
    if (!moved && !ACTIONS.has(action)) return ignored(`the action is ${action}`);
    const reason = `repository.${action}`;
    return { kind: 'jobs', jobs: [{ installation, repository, scope: { kind: 'repository' }, reason }] };
  },
);
