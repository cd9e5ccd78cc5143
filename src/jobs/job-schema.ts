import { z } from 'zod';
import { environmentKey } from '../github/ids.ts';
import { actorLogin, commitHash, environmentName, login, repositoryName } from '../github/names.ts';
import { deploymentId, installationId, repositoryId } from '../github/trusted.ts';
import type { Job } from './job.ts';

/*
 * A job as it waits outside of the process. Whoever can write there could lead an address elsewhere: what comes back is
 * checked as a delivery is.
 */

const id = z.int().positive();
const text = z.string().max(1024);

const scope = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('environment'),
    // Lower case can take more room: one letter becomes two.
    environment: text.min(1).refine((name) => name === environmentKey(name) && !/^\.{1,2}$|\p{Surrogate}/u.test(name)),
  }),
  z.object({ kind: z.literal('policy'), pullRequest: id.exactOptional() }),
  z.object({ kind: z.literal('deploy-keys') }),
  z.object({ kind: z.literal('protection') }),
  z.object({ kind: z.literal('repository') }),
]);

const waitingRun = z.object({
  kind: z.literal('waiting_run'),
  run: id,
  environment: environmentName.exactOptional(),
  deployment: id.transform(deploymentId).exactOptional(),
  createdAt: z.iso.datetime({ offset: true }).exactOptional(),
  found: z.literal(true).exactOptional(),
});

const subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pull_request'), number: id, headRef: text.nullable() }),
  z.object({ kind: z.literal('ref'), ref: text }),
  z.object({
    kind: z.literal('deployment'),
    id,
    createdAt: text,
    pullRequest: id.exactOptional(),
    sha: commitHash.exactOptional(),
    succeeded: z.literal(true).exactOptional(),
  }),
  z.object({ kind: z.literal('commit'), sha: commitHash }),
  z.object({ kind: z.literal('review'), pullRequest: id }),
  waitingRun,
  z.object({ kind: z.literal('waiting') }),
]);

const press = z.object({
  button: z.enum(['reevaluate', 'bypass']),
  by: actorLogin,
  sha: commitHash,
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .exactOptional(),
});

/** What {@link writeJob} wrote. What it does not know, a newer version's, is left out. */
export const jobSchema = z.object({
  installation: id.transform(installationId),
  repository: z.object({ id: id.transform(repositoryId), owner: login, name: repositoryName }),
  scope,
  reason: text,
  about: z.array(subject).max(100).exactOptional(),
  asking: z.array(waitingRun).max(1_000).exactOptional(),
  presses: z.array(press).max(100).exactOptional(),
  announces: z.boolean().exactOptional(),
  spellings: z.array(environmentName).max(100).exactOptional(),
  accepted: text.exactOptional(),
  deliveries: z.array(text).max(100).exactOptional(),
});

export function writeJob(job: Job): string {
  return JSON.stringify(job);
}

/** The job, or null where the text is none. */
export function readJob(text: string): Job | null {
  try {
    return jobSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
