import { applyChanges, type ApplyListener } from '../changes/apply.ts';
import type { Change, CheckRunChange } from '../changes/change.ts';
import type { GateChange } from '../changes/gate-change.ts';
import type { Logger } from '../logging.ts';
import type { CheckRun } from '../reports/check-run.ts';
import { gateDigest } from '../reports/gate-check.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { GatesLook } from './gates-look.ts';
import type { Job } from './job.ts';
import { digestOf } from './report-head.ts';
import { logOutcomes, logWouldChange } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';

/** What the app does about gates, in the context of one job. */
export interface GateActing {
  readonly job: Job;
  readonly log: Logger;
  /** What GitHub would not do; added to. */
  readonly findings: Finding[];
}

/** Whether gates speak through check runs. */
export function writesReports({ policy }: Pick<GatesLook, 'policy'>): boolean {
  return policy.kind !== 'usable' || policy.checkRuns;
}

/**
 * Brings the check run of a commit up to date, unless it says the same already. Resolves to its number; null where there
 * is none, because GitHub would not have it or nothing may be written.
 * @throws GitHubError
 */
export async function writeGateReport(
  context: JobContext,
  acting: GateActing,
  report: {
    readonly run: CheckRun;
    readonly sha: string;
    /** The commit's own check run so far. */
    readonly existing: { readonly id: number; readonly digest: string } | null;
  },
): Promise<number | null> {
  const { run, sha, existing } = report;
  const digest = gateDigest(digestOf(run));
  if (existing?.digest === digest) return existing.id;
  const change: CheckRunChange = {
    kind: 'check_run',
    rule: 'gates',
    reason: run.title,
    headSha: sha,
    run,
    digest,
    existing: existing?.id ?? null,
  };
  let written: number | null = null;
  await applyGateChanges(context, acting, [change], (checkRun) => {
    written = checkRun;
  });
  return written;
}

/**
 * Gives answers. Resolves to those that GitHub has taken, or that nobody waits for any more.
 * @throws GitHubError
 */
export async function giveAnswers(
  context: JobContext,
  acting: GateActing,
  changes: readonly GateChange[],
): Promise<ReadonlySet<Change>> {
  return applyGateChanges(context, acting, changes, () => undefined);
}

async function applyGateChanges(
  context: JobContext,
  { job, log, findings }: GateActing,
  changes: readonly Change[],
  written: (checkRun: number) => void,
): Promise<ReadonlySet<Change>> {
  const done = new Set<Change>();
  if (changes.length === 0) return done;
  if (context.observeOnly) {
    for (const change of changes) tellOnce(context, job, { change, log });
    return done;
  }
  const told = logOutcomes(log);
  const listener: ApplyListener = {
    ...told,
    outcome(outcome) {
      told.outcome(outcome);
      const { change, result } = outcome;
      if (result === 'refused') {
        findings.push(refusedFinding(change, outcome.detail));
        return;
      }
      done.add(change);
      if (result !== 'applied') return;
      if (outcome.checkRun !== undefined) written(outcome.checkRun);
      context.metrics.changes.inc({ kind: change.kind });
    },
  };
  await applyChanges(context.clients.writer(job.installation, job.repository.id, 'gate'), job.repository, {
    changes,
    listener,
  });
  return done;
}

/** Looks that change nothing come often. */
function tellOnce(
  { memory }: JobContext,
  { repository }: Job,
  { change, log }: { readonly change: Change; readonly log: Logger },
): void {
  const key = `would ${repository.id} ${JSON.stringify(change)}`;
  if (memory.told.has(key)) return;
  memory.told.set(key, true);
  logWouldChange(log, change);
}

function refusedFinding(change: Change, detail: string): Finding {
  const environment = 'environment' in change ? { environment: change.environment } : {};
  const deployment =
    change.kind === 'gate_status'
      ? { environment: change.deployment.environment, deployment: change.deployment.id }
      : {};
  return {
    code: 'change_refused',
    ...environment,
    ...deployment,
    message: `GitHub refused a change (${change.rule}): ${detail}`,
  };
}
