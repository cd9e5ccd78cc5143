import { applyChanges, type ApplyListener, type Outcome } from '../changes/apply.ts';
import { isProtectionChange, type ProtectionChange } from '../changes/protection-change.ts';
import type { Logger } from '../logging.ts';
import type { Job } from './job.ts';
import { changeKey, type NotAllowed } from './not-allowed.ts';
import { logOutcomes } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { writerFor } from './writer-for.ts';

/** What became of the changes so far; also where a later one failed. */
export interface ProtectionActs {
  readonly made: ProtectionChange[];
  /** What is so, by whoever. */
  readonly settled: Set<ProtectionChange>;
}

/**
 * Makes the changes, and remembers what GitHub does not allow.
 * @throws GitHubError
 */
export async function actOnProtection(
  context: JobContext,
  work: {
    readonly job: Job;
    readonly changes: readonly ProtectionChange[];
    readonly log: Logger;
    readonly notAllowed: NotAllowed;
    readonly acts: ProtectionActs;
  },
): Promise<void> {
  const { job, changes, log, notAllowed, acts } = work;
  if (changes.length === 0) return;
  const told = logOutcomes(log);
  const listener: ApplyListener = {
    ...told,
    outcome(outcome) {
      told.outcome(outcome);
      const { change, result } = outcome;
      if (!isProtectionChange(change)) return;
      if (result === 'refused') rememberRefusal(notAllowed, change, outcome);
      if (result === 'applied' || result === 'already') acts.settled.add(change);
      if (result !== 'applied') return;
      acts.made.push(change);
      context.metrics.changes.inc({ kind: change.kind });
    },
  };
  await applyChanges(writerFor(context, job), job.repository, {
    changes,
    listener,
  });
}

function rememberRefusal(
  notAllowed: NotAllowed,
  change: ProtectionChange,
  { detail, notAllowed: keys = [] }: Extract<Outcome, { readonly result: 'refused' }>,
): void {
  for (const key of keys) notAllowed.keys.set(key, detail);
  if (keys.length === 0) notAllowed.changes.set(changeKey(change), detail);
}
