import type { InstallationId, RepositoryRef } from '../../github/ids.ts';
import { GitHubError } from '../../github/port.ts';
import { lastSeenPolicy } from '../../policy/load.ts';
import { claimMemory } from '../claim.ts';
import { describeJob, type Job } from '../job.ts';
import type { JobContext } from '../run-job.ts';
import { lookAtGlance } from './look-at-glance.ts';
import { GLANCED_AT_ONCE, type GlancedAt } from './glance-document.ts';
import { observeGlances, type Glance } from './observe-glance.ts';

/** Repositories that are looked at side by side. */
const AT_ONCE = 5;

/** Repositories of one owner that a sweep comes to together. */
export interface Batch {
  readonly installation: InstallationId;
  readonly repositories: readonly RepositoryRef[];
  /** `sweep`, or why else somebody should look. */
  readonly reason: string;
}

/**
 * Looks at repositories together and adds jobs for what is not as their policies say. One that fails does not hold the
 * others up; a limit does.
 * @throws GitHubError of kind `limited`, or where nothing can be had at all.
 */
export async function lookAtRepositories(context: JobContext, batch: Batch): Promise<void> {
  for (let from = 0; from < batch.repositories.length; from += GLANCED_AT_ONCE) {
    const some = batch.repositories.slice(from, from + GLANCED_AT_ONCE);
    const { installation } = batch;
    for (const repository of some) claimMemory(context.memory, { installation, repository });
    const those = some.map((repository) => ({ repository, withWork: mayHavePolicy(context, repository) }));
    const more = await lookAtThose(context, batch, those);
    await lookAtThose(
      context,
      batch,
      more.map((repository) => ({ repository, withWork: true })),
    );
  }
}

/** Returns those that a glance did not show enough of. */
async function lookAtThose(
  context: JobContext,
  batch: Batch,
  those: readonly GlancedAt[],
): Promise<readonly RepositoryRef[]> {
  const { glances, failed } = await glanceAt(context, batch, those);
  for (const repository of failed) await context.enqueue(jobOf(batch, repository));
  const more: RepositoryRef[] = [];
  const rest = glances.values();
  const one = async (): Promise<void> => {
    for (const glance of rest) {
      if ((await lookAtOne(context, batch, glance)) === 'more') more.push(glance.repository);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return more;
}

async function lookAtOne(context: JobContext, batch: Batch, glance: Glance): Promise<'done' | 'more'> {
  const job = jobOf(batch, glance.repository);
  try {
    return await lookAtGlance(context, job, glance);
  } catch (error) {
    if (isLimit(error)) throw error;
    context.log.warn({ ...describeJob(job), err: error }, 'repository could not be swept; it gets a look of its own');
    await context.enqueue(job);
    return 'done';
  }
}

type Glances = Awaited<ReturnType<typeof observeGlances>>;

/** What so few ask is not too much. */
const FEW = 5;

/**
 * What is too much for GitHub to answer in time is asked for in halves. Where half can be had, the rest has failed.
 * @throws GitHubError where nothing can be had.
 */
async function glanceAt(context: JobContext, batch: Batch, those: readonly GlancedAt[]): Promise<Glances> {
  const { memory, appId } = context;
  const withPolicyText = those.some(({ repository }) => lastSeenPolicy(memory.policies, repository) === undefined);
  try {
    const github = context.clients.installation(batch.installation);
    return await observeGlances(github, { those, appId, withPolicyText });
  } catch (error) {
    if (isLimit(error) || those.length <= FEW) throw error;
    const middle = Math.ceil(those.length / 2);
    const halves: Glances[] = [];
    for (const half of [those.slice(0, middle), those.slice(middle)]) {
      halves.push(await glanceAt(context, batch, half).catch((reason: unknown) => allFailed(reason, half)));
    }
    if (halves.every(({ glances, failed }) => glances.length === 0 && failed.length > 0)) throw error;
    return { glances: halves.flatMap(({ glances }) => glances), failed: halves.flatMap(({ failed }) => failed) };
  }
}

/** @throws the reason where that is a limit. */
function allFailed(reason: unknown, those: readonly GlancedAt[]): Glances {
  if (isLimit(reason)) throw reason;
  return { glances: [], failed: those.map(({ repository }) => repository) };
}

function mayHavePolicy({ memory }: JobContext, repository: RepositoryRef): boolean {
  return lastSeenPolicy(memory.policies, repository)?.governing.kind !== 'none';
}

function jobOf({ installation, reason }: Batch, repository: RepositoryRef): Job {
  return { installation, repository, scope: { kind: 'repository' }, reason };
}

function isLimit(error: unknown): boolean {
  return error instanceof GitHubError && error.kind === 'limited';
}
