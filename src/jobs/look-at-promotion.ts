import type { DeploymentCreation } from '../changes/gate-change.ts';
import { decidePromotion } from '../gates/decide-promotion.ts';
import { observePromotion } from '../gates/observe-promotion.ts';
import { isPattern, matchEntry } from '../policy/match.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { giveAnswers } from './act-on-gates.ts';
import { rememberFindings } from './findings.ts';
import { withoutAskers, type Job } from './job.ts';
import { jobLog, logWouldChange } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/**
 * Creates what is to be promoted into an environment, if anything is due. Resolves to the next moment at which something
 * may come due (milliseconds since the epoch), or null. Only where the policy is whole: nothing is created by one that
 * does not parse.
 * @throws GitHubError
 */
export async function lookAtPromotion(
  context: JobContext,
  job: Job,
  { environment, loaded }: { readonly environment: string; readonly loaded: LoadedPolicy },
): Promise<number | null> {
  const { memory, clients, clock } = context;
  const { repository } = job;
  const { governing } = loaded;
  if (governing.kind !== 'valid') return null;
  const entry = matchEntry(governing.policy, environment);
  if (entry === null || entry.unusable.length > 0 || entry.promote === undefined || isPattern(entry.name)) return null;
  const { promote } = entry;
  const now = clock();
  const snapshot = await observePromotion(clients.installation(job.installation), {
    repository,
    environment: entry.name,
    promote,
    files: governing.files,
    spellings: (name) => [...memory.spellings.spellings(repository.id, name)],
    now,
  });
  if (snapshot === null) return null;
  const { promotion, changesAt, unread } = decidePromotion({ snapshot, promote, now });
  const log = jobLog(context.log, job);
  if (unread.length > 0)
    log.warn({ environment, detail: unread.join('; ') }, 'Promotion waits for what cannot be read');
  if (promotion === null) return changesAt;
  const { sha, ref, task, payload, description, strays } = promotion;
  const change: DeploymentCreation = {
    kind: 'create_deployment',
    environment: promotion.environment,
    sha,
    ref,
    task,
    payload: asPayload(payload),
    description,
    strays,
    rule: 'promote',
    reason: `Deployment ${promotion.source} has stood successful in ${promote.from}.`,
  };
  if (governing.policy.mode === 'report') {
    logWouldChange(log, change);
    return changesAt;
  }
  const happened: Finding[] = [];
  await giveAnswers(context, { job, log, findings: happened }, [change]);
  const found = { repository, source: `\0promotion ${environment}`, standing: [], happened, now };
  if (rememberFindings(memory, found)) {
    await context.enqueue({ ...withoutAskers(job), scope: { kind: 'policy' }, reason: 'report', about: [] });
  }
  return changesAt;
}

/** GitHub gives what it was given: an object, or a text. */
function asPayload(payload: unknown): DeploymentCreation['payload'] {
  if (typeof payload === 'string') return payload;
  return typeof payload === 'object' && payload !== null ? Object.fromEntries(Object.entries(payload)) : {};
}
