import { decideLifecycle } from '../lifecycle/decide.ts';
import type { GovernedBy } from '../lifecycle/governed-by.ts';
import { observeLifecycle } from '../lifecycle/observe.ts';
import { observeListing, settledMark, type Listing } from '../lifecycle/observe-listing.ts';
import { lastSeenPolicy } from '../policy/load.ts';
import { act, type ActFindings } from './act.ts';
import { rememberFindings } from './findings.ts';
import { governingPolicy, lifecycleFor } from './governing-policy.ts';
import type { Job } from './job.ts';
import { verdictOn } from './judge.ts';
import { settledKey } from './memory.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/**
 * Looks at one environment and makes it as the policy says.
 * @throws GitHubError
 */
export async function lookAtEnvironment(context: JobContext, job: Job, environment: string): Promise<void> {
  const { memory, clock } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);

  // Where nothing governed this environment the last time, its deployments are not read to learn that nothing does.
  const last = lastSeenPolicy(memory.policies, repository);
  if (last !== undefined && !mayGovern(last, environment)) {
    const now = await governingPolicy(github, { repository, memory, log });
    if (now === null || lifecycleFor(now.policy, environment) === null) return;
  }

  const settledBefore = knownSettled(context, job, environment);
  const listing = await observeListing(github, {
    repository,
    environment,
    spellings: [...new Set([...memory.spellings.spellings(repository.id, environment), environment])],
    withPolicyText: last === undefined,
    settledBefore,
  });
  if (listing === null) return;
  const governing = await governingPolicy(github, { repository, memory, log, ride: listing.policy });
  if (governing === null) return;
  const by = lifecycleFor(governing.policy, environment);
  if (by === null) return;

  const verdict = verdictOn(governing.version, memory.judged.get(repository.id));
  if (verdict === 'changed') {
    await context.enqueue({ ...job, scope: { kind: 'policy' }, reason: 'policy changed' });
    return;
  }
  if (verdict === 'held') return;
  memory.judged.set(repository.id, { accepted: governing.version, held: null });

  const now = clock();
  const [snapshot] = await observeLifecycle(github, {
    repository,
    listing,
    environments: [{ environment, environmentName: listing.environmentName, by, deployments: listing.deployments }],
    now,
    caches: memory.lifecycle,
    guards: 'read',
  });
  if (snapshot === undefined) return;
  rememberSettled(context, job, { environment, by, listing });
  const decision = decideLifecycle({ snapshot, by, now });
  log.debug({ environment, changes: decision.changes.length, ...decision.governed }, 'Decided');
  const findings: ActFindings = { standing: [...decision.findings], happened: [] };
  try {
    const { policy } = governing;
    const made = await act(context, { job, policy, changes: decision.changes, log, findings });
    // GitHub sends no webhook for what was just made inactive, and an environment may go once all in it has ended.
    if (made > 0 && by.deleteEnvironment) await context.enqueue({ ...job, reason: 'follow-up', about: [] });
  } finally {
    for (const finding of findings.standing) logFinding(log, finding);
    if (rememberFindings(memory, { repository, source: environment, ...findings, now })) {
      await context.enqueue({ ...job, scope: { kind: 'policy' }, reason: 'report', about: [] });
    }
  }
}

function mayGovern(last: NonNullable<ReturnType<typeof lastSeenPolicy>>, environment: string): boolean {
  const { governing } = last;
  return governing.kind === 'valid' && lifecycleFor(governing.policy, environment) !== null;
}

/**
 * What need not be listed again; null where everything must be: in a sweep, in a job that is not about anything in
 * particular, and when something old was in the news.
 */
function knownSettled({ memory }: JobContext, job: Job, environment: string): number | null {
  const mark = memory.settled.get(settledKey(job.repository, environment)) ?? null;
  if (mark === null || job.reason === 'sweep' || job.about === undefined) return null;
  const news = job.about.some((one) => one.kind === 'deployment' && Date.parse(one.createdAt) < mark);
  return news ? null : mark;
}

function rememberSettled(
  { memory }: JobContext,
  { repository }: Job,
  seen: { readonly environment: string; readonly by: GovernedBy; readonly listing: Listing },
): void {
  const key = settledKey(repository, seen.environment);
  const mark = seen.by.deleteEnvironment ? null : settledMark(seen.listing.deployments);
  if (mark === null) memory.settled.delete(key);
  else memory.settled.set(key, mark);
}
