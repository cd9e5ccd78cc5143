import type { Change } from '../../changes/change.ts';
import { isDeployKeyChange, keyOfChange } from '../../changes/deploy-key-change.ts';
import { isProtectionChange } from '../../changes/protection-change.ts';
import { environmentKey } from '../../github/ids.ts';
import { count, NOTHING, withinLimits, type Amounts } from '../../changes/limits.ts';

/** What is left for after a round: within the limits now, and over them. */
export interface Round {
  readonly now: readonly Change[];
  readonly later: Amounts;
}

/**
 * Some changes follow from others: an environment may go once its deployments have ended. So changes are made in
 * rounds, all of them together within the policy's limits, and none of them twice.
 */
export interface Rounds {
  /** What of `changes` is new, and how much of it the limits still have room for. */
  next(changes: readonly Change[]): Round;
  /** These were taken, whatever came of it. */
  take(changes: readonly Change[]): void;
  /** What was taken may come again: the deployment had changed meanwhile. */
  giveBack(change: Change): void;
}

/** Nothing follows this often; a repository in which something always does is left to the next call. */
export const MOST_ROUNDS = 10;

export function createRounds(limits: Amounts): Rounds {
  const taken = new Set<string>();
  let spent: Amounts = NOTHING;

  function spend(changes: readonly Change[], sign: 1 | -1): void {
    const amounts = count(changes);
    spent = {
      inactivate: spent.inactivate + sign * amounts.inactivate,
      delete: spent.delete + sign * amounts.delete,
      keys: spent.keys + sign * amounts.keys,
    };
  }

  return {
    next: (changes) =>
      withinLimits(
        changes.filter((change) => !taken.has(keyOf(change))),
        {
          inactivate: limits.inactivate - spent.inactivate,
          delete: limits.delete - spent.delete,
          keys: limits.keys - spent.keys,
        },
      ),
    take(changes) {
      for (const change of changes) taken.add(keyOf(change));
      spend(changes, 1);
    },
    giveBack(change) {
      if (taken.delete(keyOf(change))) spend([change], -1);
    },
  };
}

/** The same change, decided again later, expects another status and may have another reason. */
function keyOf(change: Change): string {
  const { kind } = change;
  // A key that was put back has another id, and must not be recreated in every round.
  if (isDeployKeyChange(change)) return `${kind} ${keyOfChange(change).fingerprint}`;
  // What one request could not set is decided again from other settings; it is the same all the same.
  if (isProtectionChange(change)) return JSON.stringify({ ...change, expect: null, reason: null, rule: null });
  if (change.kind === 'delete_environment') return `${kind} ${environmentKey(change.environment)}`;
  return 'deployment' in change ? `${kind} ${change.deployment.id}` : JSON.stringify(change);
}
