import type { Finding } from '../reports/reason-codes.ts';
import { rememberFindings } from './findings.ts';
import type { Job } from './job.ts';
import { knownNotAllowed } from './not-allowed.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/** No environment has such a name. */
const SOURCE = '\0deletions';

/** Whether environments may be deleted, as far as is known under this version of the policy and these permissions. */
export function mayDeleteEnvironments(context: JobContext, job: Job, version: string): boolean {
  return knownNotAllowed(context, job, version).deletion === null;
}

/**
 * Remembers and tells that the installation may not delete environments, where that is among what was found. Tells what
 * else was found, and whether the report is to say something new.
 */
export function sortOutDenied(
  context: JobContext,
  job: Job,
  { version, found }: { readonly version: string; readonly found: readonly Finding[] },
): { readonly others: readonly Finding[]; readonly isNews: boolean } {
  const denied = found.find(isDenied);
  if (denied === undefined) return { others: found, isNews: false };
  const notAllowed = knownNotAllowed(context, job, version);
  if (notAllowed.deletion === null) logFinding(jobLog(context.log, job), denied);
  notAllowed.deletion = denied;
  return { others: found.filter((finding) => !isDenied(finding)), isNews: tellDenied(context, job, version) };
}

/** Has the report say it for as long as it is so. Tells whether that makes a difference. */
export function tellDenied(context: JobContext, job: Job, version: string): boolean {
  const { deletion } = knownNotAllowed(context, job, version);
  const standing = deletion === null ? [] : [deletion];
  const { repository } = job;
  return rememberFindings(context.memory, { repository, source: SOURCE, standing, happened: [], now: context.clock() });
}

function isDenied({ code }: Finding): boolean {
  return code === 'environment_deletion_denied';
}
