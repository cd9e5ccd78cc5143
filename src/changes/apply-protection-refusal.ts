import type { GitHubError } from '../github/port.ts';
import type { ProtectionRun } from './apply-protection.ts';
import { keyOfProtection, SETTING_KEYS, type ProtectionChange, type ProtectionKey } from './protection-change.ts';

/** What GitHub asks the permission `administration` for. */
const ADMINISTRATION: readonly ProtectionKey[] = ['creation', ...SETTING_KEYS, 'custom_rules'];

/** Tells of a change that is not sent at all, because its like was not allowed before in this run; null where it may be. */
export function knownRefusal(run: ProtectionRun, change: ProtectionChange): string | null {
  const detail = run.notAllowed.get(keyOfProtection(change));
  if (detail === undefined) return null;
  run.listener.outcome({ change, result: 'refused', detail });
  return detail;
}

/** Tells of a change that is not sent, because what it depends on was refused, or is left for another time. */
export function tellNotTried(run: ProtectionRun, change: ProtectionChange, refusal: string | null): void {
  run.listener.outcome(
    refusal === null
      ? { change, result: 'overtaken' }
      : { change, result: 'refused', detail: `not tried, since something before it was refused (${refusal})` },
  );
}

/** Tells of a change that GitHub refused, and of what it will refuse in this repository from now on. */
export function tellRefused(run: ProtectionRun, change: ProtectionChange, error: GitHubError): void {
  const notAllowed = keysNotAllowed(change, error);
  for (const key of notAllowed) run.notAllowed.set(key, error.message);
  run.listener.outcome({ change, result: 'refused', detail: error.message, notAllowed });
}

function keysNotAllowed(change: ProtectionChange, { kind, message }: GitHubError): readonly ProtectionKey[] {
  const key = keyOfProtection(change);
  if (kind === 'forbidden') return key === 'variables' ? ['variables'] : ADMINISTRATION;
  if (change.kind === 'enable_custom_rule' && kind === 'not_found') return [];
  // "Please ensure the billing plan supports the required reviewers protection rule."
  return kind === 'not_found' || /\bplan\b/i.test(message) ? [key] : [];
}
