import { keyOfProtection, type ProtectionChange } from '../changes/protection-change.ts';
import { environmentKey } from '../github/ids.ts';
import type { Drift } from '../policy/schema.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { describeProtectionChange, withoutValues } from '../reports/protection-lines.ts';
import { becauseDrifted } from './reasons.ts';

/** What the last report says of the policy that is to be kept now. */
export interface AppliedBefore {
  /** It names the commit that the policy is at. */
  readonly isNamed: boolean;
  /** In lower case, the environments in which that was not done, or not to its end. */
  readonly open: ReadonlySet<string>;
}

/**
 * Tells drift from what a policy asks for the first time: it is a difference found at the commit that the last report
 * names, where that says that it was done. With `drift: revert` it is put back, with `report` only told.
 */
export function decideDrift(
  changes: readonly ProtectionChange[],
  { before, drift }: { readonly before: AppliedBefore; readonly drift: Drift },
): { readonly changes: readonly ProtectionChange[]; readonly findings: readonly Finding[] } {
  const isDrift = ({ environment }: ProtectionChange): boolean =>
    before.isNamed && !before.open.has(environmentKey(environment));
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

function drifted(change: ProtectionChange): Finding {
  const tell = (one: ProtectionChange): string =>
    `Has drifted, and is left so (drift: report). Putting it back would be ${describeProtectionChange(one)}.`;
  const { environment } = change;
  return { code: 'protection_drifted', environment, message: tell(change), logMessage: tell(withoutValues(change)) };
}
