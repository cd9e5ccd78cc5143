import { loadedPolicy } from '../governing-policy.ts';
import type { Job } from '../job.ts';
import { askForReport, takeReport } from '../report-head.ts';
import { jobLog } from '../report-to-log.ts';
import type { JobContext } from '../run-job.ts';
import { wakeAll } from '../wake-all.ts';
import type { Glance } from './observe-glance.ts';
import { SWEEP_PARTS, type Swept, type Told } from './parts.ts';

/**
 * Looks at a repository by what a glance shows, and adds jobs for what is not as its policy says. Reads only. Tells
 * whether the glance showed enough: a repository that had no policy is glanced at for its policy alone.
 * @throws GitHubError
 */
export async function lookAtGlance(context: JobContext, job: Job, glance: Glance): Promise<'done' | 'more'> {
  const { memory } = context;
  const { repository } = job;
  const log = jobLog(context.log, job);
  if (job.reason === 'sweep') await context.brakes.renew(job);
  const github = context.clients.installation(job.installation);
  const loaded = await loadedPolicy(github, { repository, memory, log, ride: glance.policy });
  if (loaded === null) return 'done';
  const { governing, headSha } = loaded;
  if (governing.kind === 'none') {
    await wakeAll(context, job, { loaded, listed: glance.shown });
    return 'done';
  }
  const { work } = glance;
  if (work === null) return 'more';
  if (work.report !== null && headSha !== null) takeReport(context, job, { run: work.report, sha: headSha });
  await wakeAll(context, job, { loaded, listed: glance.shown });
  const told = governing.kind === 'valid' ? await sweepParts(context, job, { loaded, governing, work }) : 'not yet';
  if (told === 'not yet') await askForReport(context, job, loaded);
  return 'done';
}

async function sweepParts(context: JobContext, job: Job, swept: Swept): Promise<Told> {
  let told: Told = 'not yet';
  for (const sweepPart of SWEEP_PARTS) if ((await sweepPart(context, job, swept)) === 'by a job') told = 'by a job';
  return told;
}
