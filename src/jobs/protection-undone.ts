import { keyOfProtection, type ProtectionChange } from '../changes/protection-change.ts';
import { environmentKey } from '../github/ids.ts';
import { openKey } from '../protection/open-key.ts';
import { describeProtectionChange, withoutValues } from '../reports/protection-lines.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { changeKey, type NotAllowed } from './not-allowed.ts';

/** What of the changes is not so, and why; what is not allowed in the whole repository is told elsewhere. */
export function protectionUndone(
  changes: readonly ProtectionChange[],
  become: { readonly notAllowed: NotAllowed; readonly settled: ReadonlySet<ProtectionChange> },
): { readonly findings: readonly Finding[]; readonly keys: readonly string[] } {
  const { notAllowed, settled } = become;
  const undone = changes.filter((change) => !settled.has(change));
  const missing = new Set(
    undone.flatMap(({ kind, environment }) => (kind === 'create_environment' ? [environmentKey(environment)] : [])),
  );
  return {
    keys: undone.map((change) => openKey(change.environment, keyOfProtection(change))),
    findings: undone.flatMap((change): readonly Finding[] => {
      const { environment } = change;
      // Where an environment could not be made, that says it all.
      const isPart = change.kind !== 'create_environment' && missing.has(environmentKey(environment));
      if (isPart || notAllowed.keys.has(keyOfProtection(change))) return [];
      const detail = notAllowed.changes.get(changeKey(change));
      const tell = (one: ProtectionChange): string =>
        detail === undefined
          ? `Not done yet: ${describeProtectionChange(one)}. The next sweep goes on.`
          : `GitHub refused ${describeProtectionChange(one)}: ${detail}`;
      const code = detail === undefined ? 'change_unfinished' : 'change_refused';
      return [{ code, environment, message: tell(change), logMessage: tell(withoutValues(change)) }];
    }),
  };
}
