import { keyOfProtection, type ProtectionChange } from '../changes/protection-change.ts';
import type { Drift } from '../policy/schema.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { describeProtectionChange, withoutValues } from '../reports/protection-lines.ts';
import { openKey } from './open-key.ts';
import { becauseDrifted } from './reasons.ts';

/** What the last report says of the policy that is to be kept now. */
export interface AppliedBefore {
  /** It names the commit that the policy is at. */
  readonly isNamed: boolean;
  /** By {@link openKey}: what of it was not done. */
  readonly open: ReadonlySet<string>;
}

/**
 * Tells drift from what a policy asks for the first time: it is a difference found at the commit that the last report
 * names, in what that says was done: whatever could not be done beside it. With `drift: revert` it is put back, with
 * `report` only told. What was done in an environment that is gone went with it.
 */
export function decideDrift(
  changes: readonly ProtectionChange[],
  { before, drift }: { readonly before: AppliedBefore; readonly drift: Drift },
): { readonly changes: readonly ProtectionChange[]; readonly findings: readonly Finding[] } {
  const wasDone = (change: ProtectionChange): boolean =>
    before.isNamed && !before.open.has(openKey(change.environment, keyOfProtection(change)));
  const gone = new Set(
    changes.flatMap((change) => (change.kind === 'create_environment' && wasDone(change) ? [change.environment] : [])),
  );
  const isDrift = (change: ProtectionChange): boolean => gone.has(change.environment) || wasDone(change);
  if (drift === 'report') {
    return {
      changes: changes.filter((change) => !isDrift(change)),
      findings: changes.filter(isDrift).map(drifted),
    };
  }
  return {
    changes: changes.map((change) =>
      isDrift(change) ? { ...change, ...becauseDrifted(keyOfProtection(change)) } : change,
    ),
    findings: [],
  };
}

/** What is open now, of what is not done: what was done once at this commit has drifted, whatever became of it since. */
export function decideOpen(undone: Iterable<string>, before: AppliedBefore): readonly string[] {
  return [...new Set(undone)].filter((key) => !before.isNamed || before.open.has(key)).sort();
}

function drifted(change: ProtectionChange): Finding {
  const tell = (one: ProtectionChange): string =>
    `Has drifted, and is left so (drift: report). Putting it back would be ${describeProtectionChange(one)}.`;
  const { environment } = change;
  return { code: 'protection_drifted', environment, message: tell(change), logMessage: tell(withoutValues(change)) };
}
