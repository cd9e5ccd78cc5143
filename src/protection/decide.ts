import {
  SETTING_KEYS,
  type EnvironmentCreation,
  type ProtectionChange,
  type ProtectionKey,
} from '../changes/protection-change.ts';
import type { Protection } from '../policy/schema.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { decideCustomRules, decideSecrets, decideVariables } from './decide-extras.ts';
import { decidePatterns } from './decide-patterns.ts';
import { decideSettings } from './decide-settings.ts';
import { openKey } from './open-key.ts';
import { because } from './reasons.ts';
import type { LeftOut, ProtectedEnvironment, ProtectionSnapshot } from './snapshot.ts';

/** What should be different about the environments' protection. */
export interface ProtectionDecision {
  /** By environment, in the order in which they are to be made. */
  readonly changes: readonly ProtectionChange[];
  readonly findings: readonly Finding[];
  /** By {@link openKey}: what cannot be made as the policy says, or not yet. */
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
    for (const key of decided.undone) undone.add(openKey(environment.name, key));
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
  readonly undone: readonly ProtectionKey[];
} {
  const { leftOut } = facts;
  const { name, exists, protection } = environment;
  const all: readonly ProtectionKey[] = [...(exists ? [] : (['creation'] as const)), ...namedKeys(protection)];
  if (!exists && leftOut.has('creation')) return { changes: [], findings: [], undone: all };
  const settings = decideSettings(environment, facts);
  if (settings.problems.length > 0) return { changes: [], findings: settings.problems, undone: all };
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
    undone: all.filter((key) => leftOut.has(key) || (key === 'custom_rules' && rules.areMissing)),
  };
}

const KEYS = [...SETTING_KEYS, 'custom_rules', 'variables', 'required_secrets'] as const;

function namedKeys(protection: Protection): readonly ProtectionKey[] {
  return KEYS.filter((key) => protection[key] !== undefined);
}
