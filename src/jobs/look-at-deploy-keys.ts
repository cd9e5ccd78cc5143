import type { Outcome } from '../changes/apply.ts';
import { keyOfChange, type DeployKeyChange, type DeployKeyDeletion } from '../changes/deploy-key-change.ts';
import type { DeployKeysDecision } from '../deploy-keys/decide.ts';
import { observeAnnounced } from '../deploy-keys/observe-announced.ts';
import type { Policy } from '../policy/schema.ts';
import { deployKeyLine } from '../reports/deploy-key-line.ts';
import { announcementKey } from '../reports/deploy-keys-report.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { act, type ActFindings } from './act.ts';
import { verdictFor } from './brakes.ts';
import { deployKeysMemory, refusalKey, stands, type DeployKeysMemory, type Refusal } from './deploy-keys-memory.ts';
import { rememberFindings } from './findings.ts';
import { governingPolicy, type ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { rememberEvents } from './last-report.ts';
import { decideForJob } from './plan-deploy-keys.ts';
import { jobLog, logFinding } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/** No environment has such a name. */
const SOURCE = '\0deploy-keys';

/**
 * Looks at a repository's deploy keys: makes those that are missing, and, in a sweep, deletes those whose deletion the
 * report has announced. What is to be deleted and is not announced yet, the report is asked to announce.
 * @throws GitHubError
 */
export async function lookAtDeployKeys(context: JobContext, job: Job): Promise<void> {
  const { memory, clock } = context;
  const { repository } = job;
  const log = jobLog(context.log, job);
  const governing = await governingPolicy(context.clients.installation(job.installation), { repository, memory, log });
  if (governing?.policy.deploy_keys === undefined) {
    memory.deployKeys.delete(repository.id);
    return;
  }
  if (!(await isAccepted(context, job, governing))) return;

  const known = deployKeysMemory(memory.deployKeys, repository.id);
  const now = clock();
  const decision = await decideForJob(context, job, governing);
  const { due, refused, unannounced } = await sortOut(context, job, { governing, changes: decision.changes, known });
  const findings: ActFindings = { standing: [...refused], happened: [] };
  const told = new Set<DeployKeyChange>();
  let made = 0;
  try {
    made = await act(context, {
      job,
      policy: governing.policy,
      changes: due,
      log,
      findings,
      deployKeyOutcome(change, outcome) {
        told.add(change);
        if (outcome.result === 'applied') {
          known.refused.delete(refusalKey(change));
          rememberEvents(context, job, [{ kind: 'changed', line: deployKeyLine(change) }]);
        }
        if (outcome.result !== 'refused') return;
        const refusal = refusalOf(change, outcome, { version: governing.version, at: clock() });
        known.refused.set(refusalKey(change), refusal);
        findings.standing.push(refusal.finding);
      },
    });
  } catch (error) {
    findings.standing.push(...due.filter((change) => !told.has(change)).map(unfinished));
    throw error;
  } finally {
    findings.standing.push(...leftOver(known, job, { decided: decision.changes, standing: findings.standing }));
    tellFindings(context, job, { version: governing.version, findings: [...decision.findings, ...findings.standing] });
    const differs = rememberFindings(memory, { repository, source: SOURCE, ...findings, now });
    const toldNow = toldOf(governing, decision);
    // Last: a sweep that comes back because something failed must not find what it has announced itself.
    if (differs || made > 0 || unannounced || known.told !== toldNow) {
      await context.enqueue({ ...job, scope: { kind: 'policy' }, reason: 'report', about: [], announces: true });
      known.told = toldNow;
    }
  }
}

/** What the report was asked to say, as one word that differs where that does. */
export function toldOf({ version }: Pick<ValidPolicy, 'version'>, { changes, findings }: DeployKeysDecision): string {
  return JSON.stringify([version, findings, deletionsIn(changes).map(announcementKey)]);
}

/** What a sweep could not do within the policy's limits stays told until the next one. */
function leftOver(
  known: DeployKeysMemory,
  { reason }: Job,
  seen: { readonly decided: readonly DeployKeyChange[]; readonly standing: readonly Finding[] },
): readonly Finding[] {
  const now = seen.standing.find(({ code }) => code === 'limit_reached') ?? null;
  if (now !== null || reason === 'sweep' || seen.decided.length === 0) known.limited = now;
  return now === null && known.limited !== null ? [known.limited] : [];
}

/** A policy that waits to be judged, or to be carried out, changes nothing. */
export async function isAccepted(context: JobContext, job: Job, { version }: ValidPolicy): Promise<boolean> {
  const verdict = await verdictFor(context.brakes, job, version);
  if (verdict === 'changed') await context.enqueue({ ...job, scope: { kind: 'policy' }, reason: 'policy changed' });
  return verdict === 'accepted';
}

/** What is to be done now, what GitHub has refused and need not be asked for again, and whether something is to be announced. */
async function sortOut(
  context: JobContext,
  job: Job,
  seen: {
    readonly governing: ValidPolicy;
    readonly changes: readonly DeployKeyChange[];
    readonly known: DeployKeysMemory;
  },
): Promise<{
  readonly due: readonly DeployKeyChange[];
  readonly refused: readonly Finding[];
  readonly unannounced: boolean;
}> {
  const { governing, changes, known } = seen;
  const at = { version: governing.version, now: context.clock(), reason: job.reason };
  const refused: Finding[] = [];
  const wanted = changes.filter((change) => {
    const refusal = known.refused.get(refusalKey(change));
    if (refusal === undefined || !stands(refusal, at)) return true;
    refused.push(refusal.finding);
    return false;
  });
  const deletions = deletionsIn(wanted);
  // What only tells has nothing to announce.
  if (!mayChange(context, governing.policy) || deletions.length === 0)
    return { due: wanted, refused, unannounced: false };
  const isSweep = job.reason === 'sweep';
  const github = context.clients.installation(job.installation);
  const { repository } = job;
  const announced = isSweep ? await observeAnnounced(github, { repository, appId: context.appId }) : new Set<string>();
  return {
    due: wanted.filter((change) => change.kind !== 'delete_deploy_key' || announced.has(announcementKey(change))),
    refused,
    unannounced: isSweep && deletions.some((deletion) => !announced.has(announcementKey(deletion))),
  };
}

/** Whether a policy is carried out at all. */
export function mayChange({ observeOnly }: JobContext, { mode }: Policy): boolean {
  return mode === 'enforce' && !observeOnly;
}

export function deletionsIn(changes: readonly DeployKeyChange[]): readonly DeployKeyDeletion[] {
  return changes.filter((change) => change.kind === 'delete_deploy_key');
}

const TOLD = {
  create_deploy_key: 'added',
  recreate_deploy_key: 'recreated',
  delete_deploy_key: 'deleted',
} as const satisfies Record<DeployKeyChange['kind'], string>;

/** So that a no is told for as long as it stands, and not asked for again. */
function refusalOf(
  change: DeployKeyChange,
  { code = 'change_refused', detail, isPassing = false }: Extract<Outcome, { readonly result: 'refused' }>,
  at: Pick<Refusal, 'version' | 'at'>,
): Refusal {
  const message = `The deploy key ${named(change)} was not ${TOLD[change.kind]}: ${detail}`;
  // A sweep asks again for a key that was in use elsewhere, too: nobody tells us when it is free.
  const until = isPassing || code === 'deploy_key_in_use' ? 'sweep' : 'day';
  return { ...at, until, finding: { code, message } };
}

function unfinished(change: DeployKeyChange): Finding {
  const message = `The deploy key ${named(change)} is not ${TOLD[change.kind]} yet. The next sweep goes on.`;
  return { code: 'change_unfinished', message };
}

function named(change: DeployKeyChange): string {
  const { title, fingerprint } = keyOfChange(change);
  return `“${title}” (${fingerprint})`;
}

/** What the installation may not do is told once a version of the policy. */
function tellFindings(
  { memory, log }: JobContext,
  job: Job,
  { version, findings }: { readonly version: string; readonly findings: readonly Finding[] },
): void {
  for (const finding of findings) {
    const key = `deploy keys ${job.repository.id} ${version} ${finding.message}`;
    const isOnce = finding.code === 'deploy_keys_denied' || finding.code === 'deploy_keys_forbidden';
    if (isOnce && memory.told.has(key)) continue;
    if (isOnce) memory.told.set(key, true);
    logFinding(jobLog(log, job), finding);
  }
}
