import { compareDiagnostics, type Diagnostic } from './diagnostics.ts';
import { lintPolicy } from './lint.ts';
import type { PolicyLevel } from './lint/rule.ts';
import { parsePolicy } from './parse.ts';

/**
 * Everything that can be said about a policy file without GitHub: errors, and warnings where it parses. By place in the
 * file. `now` is in milliseconds since 1970 UTC.
 */
export function checkPolicy(
  file: string | Uint8Array,
  { now, level }: { readonly now: number; readonly level: PolicyLevel },
): readonly Diagnostic[] {
  const { policy, diagnostics, locate } = parsePolicy(file);
  if (policy === null) return diagnostics;
  return [...diagnostics, ...lintPolicy({ policy, locate, now, level })].sort(compareDiagnostics);
}
