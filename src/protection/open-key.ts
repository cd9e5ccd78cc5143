import type { ProtectionKey } from '../changes/protection-change.ts';
import { environmentKey } from '../github/ids.ts';

/** What a key of `protection` in one environment is called, where a report says that it is not done. */
export function openKey(environment: string, key: ProtectionKey): string {
  return `${key} ${environmentKey(environment)}`;
}
