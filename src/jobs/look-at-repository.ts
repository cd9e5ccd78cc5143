import type { Reach } from '../changes/brake.ts';
import { environmentKey } from '../github/ids.ts';
import type { ListedDeployment, Listing } from '../lifecycle/observe-listing.ts';
import { lastSeenPolicy } from '../policy/load.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { affectedEnvironments, affectingSubjects, knownEnvironments, whereaboutsOf } from './affected.ts';
import { forgetFindings, rememberFindings } from './findings.ts';
import { loadedPolicy, type ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { askForProtection } from './look-at-protection.ts';
import { judge, verdictOn } from './judge.ts';
import { environmentMemoryKey } from './memory.ts';
import { fanOutToOrganisation } from './organisation.ts';
import { askForReport, reportHead } from './report-head.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { isAboutGatesAlone, wakeAll, wakeWaiting } from './wake-waiting.ts';
import { listRepository, survey } from './survey.ts';

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
  if (job.reason === 'sweep') memory.spent.delete(repository.id);

  if (job.about !== undefined) {
    await lookAtSubjects(context, job);
    return;
  }
  // A listing of everything is asked for at once only where there was a policy the last time.
  const last = lastSeenPolicy(memory.policies, repository);
  const known = last?.governing.kind === 'valid' ? null : await loadedPolicy(github, { repository, memory, log });
  if (last?.governing.kind !== 'valid' && known === null) return;
  if (known?.governing.kind === 'broken') {
    await wakeAll(context, job, known);
    await (job.scope.kind === 'policy' ? reportHead : askForReport)(context, job, known);
    fanOutToOrganisation(context, job, known);
    return;
  }
  if (known?.governing.kind === 'none') {
    fanOutToOrganisation(context, job, known);
    return;
  }

  const listing = await listRepository(github, repository);
  if (listing === null) return;
  const loaded = await loadedPolicy(github, { repository, memory, log, ride: listing.policy });
  if (loaded === null) return;
  rememberEnvironments(context, job, listing.deployments);
  await wakeAll(context, job, loaded);
  if (loaded.governing.kind === 'valid') {
    await lookAtAll(context, job, { governing: loaded.governing, listing });
  }
  const isReported = await askForProtection(context, job, loaded);
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
    const verdict = verdictOn(governing.version, memory.judged.get(repository.id));
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

/** Judges the policy by all that it would do, and has a look taken wherever it would do something. */
async function lookAtAll(
  context: JobContext,
  job: Job,
  seen: { readonly governing: ValidPolicy; readonly listing: Listing },
): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const { version, policy } = seen.governing;
  const now = context.clock();
  const surveyed = await survey(context.clients.installation(job.installation), {
    repository,
    listing: seen.listing,
    policy,
    now,
    caches: memory.lifecycle,
    guards: 'skip',
  });
  const known = memory.judged.get(repository.id);
  // A policy that only tells can do no harm.
  const reach =
    policy.mode === 'report' ? { ...surveyed.reach, changes: { inactivate: 0, delete: 0 } } : surveyed.reach;
  const judged = judge({ version, known, reach, isSweep: job.reason === 'sweep' });
  memory.judged.set(repository.id, judged);
  const isHeld = judged.held === version;
  const standing = isHeld ? [heldFinding(reach)] : [];
  if (isHeld && known?.held !== version) for (const finding of standing) logFinding(jobLog(context.log, job), finding);
  rememberFindings(memory, { repository, source: '', standing, happened: [], now });
  // Where nothing is left to do, nothing stands in the way either.
  if (!isHeld) forgetFindings(memory, { repository, except: surveyed.environments, now });
  if (isHeld) return;
  await fanOut(context, job, surveyed.environments);
  if (policy.deploy_keys !== undefined) await context.enqueue({ ...job, scope: { kind: 'deploy-keys' } });
}

/** How environments are spelled, and how many deployments they have: both help to ask less. */
function rememberEnvironments(
  { memory }: JobContext,
  { repository }: Job,
  deployments: readonly ListedDeployment[],
): void {
  const sizes = new Map<string, number>();
  const names = new Set<string>();
  for (const { environment, originalEnvironment } of deployments) {
    const key = environmentMemoryKey(repository, environmentKey(environment));
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
    names.add(environment).add(originalEnvironment);
  }
  for (const [key, size] of sizes) memory.sizes.set(key, size);
  for (const name of names) memory.spellings.see(repository.id, name);
}

/** Environments are looked at for what the job is about, or for everything. */
async function fanOut(context: JobContext, job: Job, environments: ReadonlySet<string>): Promise<void> {
  for (const environment of environments) {
    await context.enqueue({ ...job, scope: { kind: 'environment', environment } });
  }
}

function heldFinding({ changes, governed }: Reach): Finding {
  const message =
    `The changed policy would end ${changes.inactivate} and delete ${changes.delete} deployments, of ` +
    `${governed.open} open and ${governed.ended} ended ones that it governs: it waits for the next sweep.`;
  return { code: 'changed_policy_held', message };
}
