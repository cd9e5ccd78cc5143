import type { Reach } from '../changes/brake.ts';
import type { Listing } from '../lifecycle/observe-listing.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { carryingVerdict } from './brakes.ts';
import { mayDeleteEnvironments, tellDenied } from './denied-deletions.ts';
import { forgetFindings, rememberFindings } from './findings.ts';
import type { ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { judge } from './judge.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { survey, type Survey } from './survey.ts';

/**
 * Judges the policy by all that it would do, and has a look taken wherever it would do something. Null where it is held.
 * @throws GitHubError
 */
export async function lookAtAll(
  context: JobContext,
  job: Job,
  seen: {
    readonly governing: ValidPolicy;
    readonly listing: Listing;
    /** The environments that exist; left out or null where that is not known. */
    readonly existing?: readonly string[] | null;
  },
): Promise<Survey | null> {
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
    deletesEnvironments: mayDeleteEnvironments(context, job, version),
    existing: seen.existing ?? null,
  });
  // A policy that only tells can do no harm.
  const reach =
    policy.mode === 'report' ? { ...surveyed.reach, changes: { inactivate: 0, delete: 0 } } : surveyed.reach;
  const isSweep = job.reason === 'sweep';
  const judgement = await context.brakes.judge(job, (known) => judge({ version, known, reach, isSweep }));
  const isHeld = judgement.after.held === version;
  const standing = isHeld ? [heldFinding(reach)] : [];
  if (isHeld && judgement.before?.held !== version)
    for (const finding of standing) logFinding(jobLog(context.log, job), finding);
  rememberFindings(memory, { repository, source: '', standing, happened: [], now });
  tellDenied(context, job, version);
  // Where nothing is left to do, nothing stands in the way either.
  if (!isHeld) forgetFindings(memory, { repository, except: surveyed.environments, now });
  if (isHeld) return null;
  await fanOut(context, carryingVerdict(context, job, version), surveyed.environments);
  return surveyed;
}

/** Environments that one look has looked at, at most: the queue is everybody's. */
const MOST_ENVIRONMENTS = 200;

/**
 * Has environments looked at for what the job is about, or for everything. Of too many, the next look takes those that
 * come after.
 */
export async function fanOut(
  { memory, enqueue }: Pick<JobContext, 'memory' | 'enqueue'>,
  job: Job,
  environments: ReadonlySet<string>,
): Promise<void> {
  const { id } = job.repository;
  const all = [...environments].sort();
  const last = memory.fannedOutTo.get(id) ?? '';
  const next =
    all.length <= MOST_ENVIRONMENTS
      ? 0
      : Math.max(
          0,
          all.findIndex((name) => name > last),
        );
  const some = [...all.slice(next), ...all.slice(0, next)].slice(0, MOST_ENVIRONMENTS);
  for (const environment of some) await enqueue({ ...job, scope: { kind: 'environment', environment } });
  if (all.length > some.length) memory.fannedOutTo.set(id, some.at(-1) ?? '');
  else memory.fannedOutTo.delete(id);
}

function heldFinding({ changes, governed }: Reach): Finding {
  const message =
    `Of what it governs, the changed policy would end ${changes.inactivate} of ${governed.open} deployments that are ` +
    `open, and delete ${changes.delete} of ${governed.ended} that have ended: it waits for the next sweep.`;
  return { code: 'changed_policy_held', message };
}
