import { lastSeenPolicy } from '../policy/load.ts';
import { affectedEnvironments, affectingSubjects, knownEnvironments, whereaboutsOf } from './affected.ts';
import { carryingVerdict, verdictFor } from './brakes.ts';
import { loadedPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { askForProtection } from './look-at-protection.ts';
import { fanOut, lookAtAll } from './look-at-all.ts';
import { fanOutToOrganisation } from './organisation.ts';
import { rememberEnvironments } from './remember-environments.ts';
import { askForReport, reportHead } from './report-head.ts';
import { jobLog } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { isAboutGatesAlone, wakeWaiting } from './wake-waiting.ts';
import { listRepository } from './survey.ts';
import { wakeAll } from './wake-all.ts';

/**
 * Finds the environments of a repository that need a look, and adds a job for each: those that a pull request or a ref
 * was deployed to, or all in which something is not as the policy says. Changes nothing itself but the report. A
 * changed policy is judged here, because only here everything that it would do is known.
 * @throws GitHubError
 */
export async function lookAtRepository(context: JobContext, job: Job): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);
  if (job.reason === 'sweep') await context.brakes.renew(job);

  if (job.about !== undefined) {
    await lookAtSubjects(context, job);
    return;
  }
  // A listing of everything is asked for at once only where there was a policy the last time.
  const last = lastSeenPolicy(memory.policies, repository);
  const known = last?.governing.kind === 'valid' ? null : await loadedPolicy(github, { repository, memory, log });
  if (last?.governing.kind !== 'valid' && known === null) return;
  if (known?.governing.kind === 'broken') {
    await wakeAll(context, job, { loaded: known, listed: null });
    await (job.scope.kind === 'policy' ? reportHead : askForReport)(context, job, known);
    fanOutToOrganisation(context, job, known);
    return;
  }
  if (known?.governing.kind === 'none') {
    await wakeAll(context, job, { loaded: known, listed: null });
    fanOutToOrganisation(context, job, known);
    return;
  }

  const listing = await listRepository(github, repository);
  if (listing === null) return;
  const loaded = await loadedPolicy(github, { repository, memory, log, ride: listing.policy });
  if (loaded === null) return;
  rememberEnvironments(context, job, listing.deployments);
  await wakeAll(context, job, { loaded, listed: listing.deployments });
  const { governing } = loaded;
  const isHeld = governing.kind === 'valid' && (await lookAtAll(context, job, { governing, listing })) === null;
  const next = governing.kind === 'valid' && !isHeld ? carryingVerdict(context, job, governing.version) : job;
  if (!isHeld && governing.kind === 'valid' && governing.policy.deploy_keys !== undefined) {
    await context.enqueue({ ...next, scope: { kind: 'deploy-keys' } });
  }
  const isReported = !isHeld && (await askForProtection(context, next, loaded));
  if (!isReported) await (job.scope.kind === 'policy' ? reportHead : askForReport)(context, job, loaded);
  fanOutToOrganisation(context, job, loaded);
}

/** What a job that is not about everything looks at; a policy that waits to be judged makes it look at everything. */
async function lookAtSubjects(context: JobContext, job: Job): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);
  await wakeWaiting(context, job);
  if (job.scope.kind === 'repository' && isAboutGatesAlone(job)) return;
  const known = knownEnvironments(context, job);
  if (known !== null) {
    await fanOut(context, job, known);
    return;
  }

  // Where there was no policy the last time, it is not asked what it would be about.
  const last = lastSeenPolicy(memory.policies, repository);
  const [subject] = last === undefined || last.governing.kind === 'valid' ? affectingSubjects(job) : [];
  const where = subject === undefined ? null : await whereaboutsOf(github, context, { job, subject });
  if (subject !== undefined && where === null) return;
  const loaded = await loadedPolicy(github, {
    repository,
    memory,
    log,
    ...(where === null ? {} : { ride: where.policy }),
  });
  if (loaded === null) return;
  const { governing } = loaded;
  if (governing.kind === 'valid') {
    const verdict = await verdictFor(context.brakes, job, governing.version);
    if (verdict === 'changed') {
      const { about: _about, ...everything } = job;
      await context.enqueue({ ...everything, scope: { kind: 'policy' }, reason: 'policy changed' });
      return;
    }
    if (verdict === 'accepted') {
      const { policy } = governing;
      await fanOut(context, job, await affectedEnvironments(github, context, { job, policy, first: where }));
    }
  }
  if (job.scope.kind === 'policy') await reportHead(context, job, loaded);
}
