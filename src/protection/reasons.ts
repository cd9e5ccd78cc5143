import type { Reasoned } from '../changes/change.ts';
import type { ProtectionKey } from '../changes/protection-change.ts';

/** Why something is kept as a key of `protection` says. */
export function because(key: ProtectionKey): Reasoned {
  return { rule: 'protection', reason: `The policy says so (${written(key)}).` };
}

/** The same where it was so already. */
export function becauseDrifted(key: ProtectionKey): Reasoned {
  return { rule: 'drift', reason: `It has been changed since the policy was applied (${written(key)}).` };
}

function written(key: ProtectionKey): string {
  return key === 'creation' || key === 'environments' ? 'protection' : `protection.${key}`;
}
