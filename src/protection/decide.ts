import type { EnvironmentCreation, ProtectionChange } from '../changes/protection-change.ts';
import { environmentKey } from '../github/ids.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { decideCustomRules, decideSecrets, decideVariables } from './decide-extras.ts';
import { decidePatterns } from './decide-patterns.ts';
import { decideSettings } from './decide-settings.ts';
import { because } from './reasons.ts';
import type { LeftOut, ProtectedEnvironment, ProtectionSnapshot } from './snapshot.ts';

/** What should be different about the environments' protection. */
export interface ProtectionDecision {
  /** By environment, in the order in which they are to be made. */
  readonly changes: readonly ProtectionChange[];
  readonly findings: readonly Finding[];
  /** In lower case, the environments in which something stays that is not as the policy says. */
  readonly undone: ReadonlySet<string>;
}

/**
 * Compares how environments are with what their entries name, and with nothing else. An environment whose entry asks for
 * what cannot be is left alone as a whole; the others are not.
 */
export function decideProtection(snapshot: ProtectionSnapshot, leftOut: LeftOut): ProtectionDecision {
  const changes: ProtectionChange[] = [];
  const findings: Finding[] = [];
  const undone = new Set<string>();
  for (const environment of snapshot.environments) {
    const decided = decideEnvironment(environment, { ...snapshot, leftOut });
    changes.push(...decided.changes);
    findings.push(...decided.findings);
    if (decided.isUndone) undone.add(environmentKey(environment.name));
  }
  return { changes, findings, undone };
}

type Facts = ProtectionSnapshot & { readonly leftOut: LeftOut };

function decideEnvironment(
  environment: ProtectedEnvironment,
  facts: Facts,
): {
  readonly changes: readonly ProtectionChange[];
  readonly findings: readonly Finding[];
  readonly isUndone: boolean;
} {
  const { leftOut } = facts;
  const { name, exists, protection } = environment;
  if (!exists && leftOut.has('creation')) return { changes: [], findings: [], isUndone: true };
  const settings = decideSettings(environment, facts);
  if (settings.problems.length > 0) return { changes: [], findings: settings.problems, isUndone: true };
  const creation: EnvironmentCreation = { kind: 'create_environment', environment: name, ...because('creation') };
  const rules = decideCustomRules(environment, facts);
  return {
    changes: [
      ...(exists ? [] : [creation]),
      // What tightens comes before what may loosen.
      ...rules.changes,
      ...settings.changes,
      ...decidePatterns(environment, leftOut),
      ...decideVariables(environment, facts),
    ],
    findings: [...rules.findings, ...decideSecrets(environment, leftOut)],
    isUndone: rules.areMissing || Object.keys(protection).some((key) => hasKey(leftOut, key)),
  };
}

function hasKey(leftOut: LeftOut, key: string): boolean {
  return [...leftOut.keys()].some((one) => one === key);
}
