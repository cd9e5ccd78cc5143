import { z } from 'zod';
import { refName } from '../github/names.ts';
import type { Job, Subject } from '../jobs/job.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

/** Those after which a pull request may propose another policy. */
const PROPOSING = new Set(['opened', 'reopened', 'synchronize', 'edited', 'ready_for_review']);

/** Those after which a deployment may belong to nothing open any more, or be exempt, or belong to it again. */
const ACTIONS = new Set(['closed', 'reopened', 'labeled', 'unlabeled', 'synchronize']);

/** Those after which only a gate may find another pull request, or one into another branch. */
const GATED = new Set(['opened', 'edited']);

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
export const readPullRequest: WebhookReader = readsRepository(
  z.object({
    action: z.string(),
    // Of an edit: what it was about. Only another base makes another proposal.
    changes: z.object({ base: z.object({}).optional() }).optional(),
    pull_request: z.object({
      number: z.int().positive(),
      // The repository is null where the fork has been deleted.
      base: z.object({ ref: refName }),
      head: z.object({ ref: refName, repo: z.object({ id: z.number() }).nullable() }),
    }),
  }),
  ({ action, changes, pull_request: { number, head, base } }, { installation, repository, defaultBranch }) => {
    const reason = `pull_request.${action}`;
    // A policy counts on the default branch alone.
    const isOtherText = action === 'edited' && changes?.base === undefined;
    const proposes = PROPOSING.has(action) && !isOtherText && base.ref === defaultBranch;
    const proposal = { installation, repository, scope: { kind: 'policy', pullRequest: number }, reason } as const;
    const proposals: readonly Job[] = proposes ? [proposal] : [];
    if (!ACTIONS.has(action) && (!GATED.has(action) || isOtherText)) {
      return proposes ? { kind: 'jobs', jobs: proposals } : ignored(`the action is ${action}`);
    }
    // A fork's branch says nothing about a branch of the same name here.
    const headRef = head.repo?.id === repository.id ? head.ref : null;
    const subject: Subject = ACTIONS.has(action)
      ? { kind: 'pull_request', number, headRef }
      : { kind: 'review', pullRequest: number };
    const scope = { kind: 'repository' } as const;
    return { kind: 'jobs', jobs: [...proposals, { installation, repository, scope, reason, about: [subject] }] };
  },
);
