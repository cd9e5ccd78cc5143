import type { ProtectionChange } from '../changes/protection-change.ts';
import type { Logger } from '../logging.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { decideDrift, decideOpen, type AppliedBefore } from '../protection/decide-drift.ts';
import { decideProtection } from '../protection/decide.ts';
import { namesProtection } from '../protection/governed.ts';
import { tellLeftOut } from '../protection/left-out.ts';
import { protectionLine } from '../reports/protection-lines.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { NO_STATE } from '../reports/report-state.ts';
import { actOnProtection, type ProtectionActs } from './act-on-protection.ts';
import { rememberFindings } from './findings.ts';
import { loadedPolicy, type ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { lastReport, rememberEvents, rememberProgress } from './last-report.ts';
import { isAccepted } from './look-at-deploy-keys.ts';
import { allowedChanges, knownNotAllowed } from './not-allowed.ts';
import { takeProtection } from './observed-protection.ts';
import { protectionUndone } from './protection-undone.ts';
import { askForReport } from './report-head.ts';
import { jobLog, logFinding, logWouldChange } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/** No environment has such a name. */
export const PROTECTION_SOURCE = '\0protection';

/**
 * Looks at the protection of all environments of a repository, makes it as the policy says, and has it reported.
 * A policy that is held changes nothing.
 * @throws GitHubError
 */
export async function lookAtProtection(context: JobContext, job: Job): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const log = jobLog(context.log, job);
  const loaded = await loadedPolicy(context.clients.installation(job.installation), { repository, memory, log });
  if (loaded === null) return;
  const { governing } = loaded;
  try {
    if (governing.kind === 'valid' && (await isAccepted(context, job, governing))) {
      await keepProtection(context, job, { loaded, governing, log });
    }
  } finally {
    await askForReport(context, job, loaded);
  }
}

/**
 * Adds a job for the protection of a repository whose policy names any. Tells whether it did: that job has it reported.
 */
export async function askForProtection(context: JobContext, job: Job, { governing }: LoadedPolicy): Promise<boolean> {
  if (governing.kind === 'valid' && namesProtection(governing.policy)) {
    await context.enqueue({ ...job, scope: { kind: 'protection' } });
    return true;
  }
  context.memory.planned.delete(job.repository.id);
  tell(context, job, { findings: [], log: jobLog(context.log, job) });
  return false;
}

interface Looking {
  readonly loaded: LoadedPolicy;
  readonly governing: ValidPolicy;
  readonly log: Logger;
}

async function keepProtection(context: JobContext, job: Job, { loaded, governing, log }: Looking): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const { policy } = governing;
  const commit = policyCommit(governing);
  const notAllowed = knownNotAllowed(context, job, governing.version);
  const snapshot = await takeProtection(context, job, { loaded, governing });
  const decided = decideProtection(snapshot, notAllowed.keys);
  // Where nothing differs, nothing has drifted.
  const differs = decided.changes.length + decided.undone.size > 0;
  const last = differs ? await lastReport(context, job, { loaded, commit }) : NO_STATE;
  const before: AppliedBefore = { isNamed: last.applied === commit, open: new Set(last.open) };
  const { changes, findings: drifted } = decideDrift(decided.changes, { before, drift: policy.drift });
  const findings = [...decided.findings, ...drifted];
  log.debug({ environments: snapshot.environments.length, changes: changes.length }, 'Decided on protection');
  if (policy.mode === 'report' || context.observeOnly) {
    for (const change of changes) logWouldChange(log, change);
    memory.planned.set(repository.id, changes.map(protectionLine));
    tell(context, job, { findings: [...findings, ...tellLeftOut(notAllowed.keys)], log });
    return;
  }
  memory.planned.delete(repository.id);
  const due = allowedChanges(changes, notAllowed);
  const acts: ProtectionActs = { made: [], settled: new Set() };
  try {
    await actOnProtection(context, { job, changes: due, log, notAllowed, acts });
  } finally {
    const undone = protectionUndone(changes, { notAllowed, settled: acts.settled });
    tell(context, job, { findings: [...findings, ...undone.findings, ...tellLeftOut(notAllowed.keys)], log });
    rememberProgress(context, job, {
      applied: notAllowed.keys.has('environments') ? null : commit,
      open: decideOpen([...decided.undone, ...undone.keys], before),
    });
    rememberEvents(
      context,
      job,
      acts.made.map((change) => ({ kind: kindOf(change), line: protectionLine(change) })),
    );
  }
  // What apps offer to the first environment of a repository is known once it is there.
  const isFirst = snapshot.ruleApps === null && acts.made.some(({ kind }) => kind === 'create_environment');
  if (isFirst) await context.enqueue({ ...job, reason: 'follow-up' });
}

function kindOf({ rule }: ProtectionChange): 'changed' | 'drifted' {
  return rule === 'drift' ? 'drifted' : 'changed';
}

/** The commits that last changed the files which govern a repository. */
export function policyCommit({ files }: ValidPolicy): string {
  return [files.organisation, files.repository]
    .map((file) => ('version' in file ? (file.commit?.oid ?? file.version) : '-'))
    .join('+');
}

/** The log is told where it is news, and the report as long as it is so. */
function tell(
  { memory, clock }: JobContext,
  { repository }: Job,
  { findings, log }: { readonly findings: readonly Finding[]; readonly log: Logger },
): void {
  const found = { repository, source: PROTECTION_SOURCE, standing: findings, happened: [], now: clock() };
  if (rememberFindings(memory, found)) for (const finding of findings) logFinding(log, finding);
}
