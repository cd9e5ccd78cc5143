import { z } from 'zod';
import { ignored, type WebhookReader } from './outcome.ts';
import { readsRepository } from './payload.ts';

const POLICY = '.github/deployments.yml';
/** From here on the list of commits may have been cut. */
const MOST_COMMITS = 20;

const files = z.array(z.string()).default([]);
const push = z.object({
  ref: z.string(),
  forced: z.boolean().default(false),
  deleted: z.boolean().default(false),
  commits: z.array(z.object({ added: files, modified: files, removed: files })).default([]),
});

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
export const readPush: WebhookReader = readsRepository(push, (payload, place) => {
  const { installation, repository, defaultBranch } = place;
  if (defaultBranch === null || payload.ref !== `refs/heads/${defaultBranch}`) return ignored('not the default branch');
  if (payload.deleted) return ignored('the branch was deleted');
  if (!mayTouchPolicy(payload)) return ignored('the policy was not touched');
  return { kind: 'jobs', jobs: [{ installation, repository, scope: { kind: 'policy' }, reason: 'push' }] };
});

/** What the delivery does not show may have touched it: commits that were left out, and those a forced push took away. */
function mayTouchPolicy({ forced, commits }: z.output<typeof push>): boolean {
  if (forced || commits.length === 0 || commits.length >= MOST_COMMITS) return true;
  return commits.some(({ added, modified, removed }) => [...added, ...modified, ...removed].includes(POLICY));
}
