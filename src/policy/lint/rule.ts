import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { Finding, PolicyPath } from '../diagnostics.ts';
import type { Locate } from '../place.ts';
import type { EnvironmentEntry, Policy } from '../schema.ts';

/** Whose file it is; null where that is not known. */
export type PolicyLevel = 'repository' | 'organisation' | null;

/** What a warning is told from. */
export interface LintContext {
  readonly policy: Policy;
  /** Tells what is written from what is a default. */
  readonly locate: Locate;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly level: PolicyLevel;
}

/** Finds what is legal but odd. Pure; one rule a warning. */
export type LintRule = (context: LintContext) => readonly Finding[];

/** Each warning costs a line of a report, and nobody reads more of a kind. */
export const MOST_OF_A_RULE = 20;

/** A warning at the value of `path`. */
export function warning(code: DiagnosticCode, path: PolicyPath, message: string): Finding {
  return { code, message, path, at: 'value' };
}

/** A warning at the key that `path` leads to. */
export function warningAtKey(code: DiagnosticCode, path: PolicyPath, message: string): Finding {
  return { code, message, path, at: 'key' };
}

/** The entries that hold, with their path. What is unusable has been said to be so already. */
export function usableEntries(
  policy: Policy,
): readonly { readonly entry: EnvironmentEntry; readonly path: PolicyPath }[] {
  return policy.environments.flatMap((entry, index) =>
    entry.unusable.length > 0 ? [] : [{ entry, path: ['environments', index] }],
  );
}
