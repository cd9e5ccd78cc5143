import { applyChanges, type Outcome } from '../../changes/apply.ts';
import type { Change, StatusChange } from '../../changes/change.ts';
import { NOTHING, type Amounts } from '../../changes/limits.ts';
import { GitHubError, type GitHub } from '../../github/port.ts';
import type { Finding } from '../../reports/reason-codes.ts';
import { lookAt, type PlanQuestion } from '../plan/plan-changes.ts';
import { createRounds, MOST_ROUNDS } from '../plan/rounds.ts';

/** Told as it happens. */
export interface ApplyWatcher {
  /** So many changes are to be made next; null while it is found out. */
  begins(changes: number | null): void;
  outcome(outcome: Outcome): void;
  /** A workflow that GitHub would not dispatch; the status is written all the same. */
  dispatchRefused(change: StatusChange, detail: string): void;
}

export interface Applied {
  /** What became of each change, in the order in which it was tried. */
  readonly outcomes: readonly Outcome[];
  readonly dispatchesRefused: readonly { readonly change: StatusChange; readonly detail: string }[];
  readonly later: Amounts;
  readonly findings: readonly Finding[];
  /** What ended it before its time. */
  readonly failure: GitHubError | null;
}

/**
 * Makes a repository as its policy says, within the policy's limits, and looks again until nothing follows any more. What
 * GitHub does not answer is given back as `failure`, beside what was done until then.
 * @throws CommandFailure where the repository cannot be read any more
 */
export async function applyPolicy(github: GitHub, question: PlanQuestion, watcher: ApplyWatcher): Promise<Applied> {
  const { repository, policy } = question;
  const rounds = createRounds(policy.limits);
  const outcomes: Outcome[] = [];
  const dispatchesRefused: { readonly change: StatusChange; readonly detail: string }[] = [];
  const withoutTeardown = new Set<Change>();
  let later: Amounts = NOTHING;
  let findings: readonly Finding[] = [];
  const listener = {
    outcome(told: Outcome) {
      const outcome = withoutTeardown.has(told.change) ? leaveOutTeardown(told) : told;
      // Decided from what is no longer so: the next look decides anew.
      if (outcome.result === 'overtaken') rounds.giveBack(outcome.change);
      else outcomes.push(outcome);
      watcher.outcome(outcome);
    },
    dispatchRefused(change: StatusChange, detail: string) {
      withoutTeardown.add(change);
      dispatchesRefused.push({ change, detail });
      watcher.dispatchRefused(change, detail);
    },
  };
  const applied = (failure: GitHubError | null): Applied => ({
    outcomes,
    dispatchesRefused,
    later,
    findings,
    failure,
  });
  try {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      watcher.begins(null);
      const surveyed = await lookAt(github, question);
      ({ findings } = surveyed);
      const next = rounds.next(surveyed.changes);
      ({ later } = next);
      if (next.now.length === 0) break;
      rounds.take(next.now);
      watcher.begins(next.now.length);
      await applyChanges(github, repository, { changes: next.now, listener });
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return applied(error);
  }
  return applied(null);
}

/** What was made so, or was so already. */
export function changesMade({ outcomes }: Applied): readonly Change[] {
  return outcomes.flatMap(({ change, result }) => (result === 'applied' ? [change] : []));
}

/** Its status was written, and its workflow was not dispatched: that is not to be told as done. */
function leaveOutTeardown(outcome: Outcome): Outcome {
  const { change } = outcome;
  return change.kind === 'deployment_status' ? { ...outcome, change: { ...change, teardown: null } } : outcome;
}
