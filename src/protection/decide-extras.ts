import type { CustomRuleChange, VariableChange } from '../changes/protection-change.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { OWN_RULE } from './governed.ts';
import { because } from './reasons.ts';
import type { LeftOut, ProtectedEnvironment, ProtectionSnapshot } from './snapshot.ts';

/** The apps whose protection rule must be enabled, by slug in lower case. */
function wantedRules({ protection }: ProtectedEnvironment): readonly string[] {
  return [...new Set((protection.custom_rules ?? []).map((slug) => slug.toLowerCase()))];
}

/**
 * Enables the rules of other apps that are missing. One that cannot be had is told, and holds nothing else up. In a
 * repository without environments nobody knows what can be had until there is one: then the rules are only `missing`.
 */
export function decideCustomRules(
  environment: ProtectedEnvironment,
  { ruleApps, leftOut }: Pick<ProtectionSnapshot, 'ruleApps'> & { readonly leftOut: LeftOut },
): {
  readonly changes: readonly CustomRuleChange[];
  readonly findings: readonly Finding[];
  readonly areMissing: boolean;
} {
  const { name, customRules } = environment;
  if (customRules === null || leftOut.has('custom_rules')) return { changes: [], findings: [], areMissing: false };
  const missing = wantedRules(environment).filter((slug) => !customRules.has(slug));
  if (ruleApps === null) return { changes: [], findings: [], areMissing: missing.length > 0 };
  const changes: CustomRuleChange[] = [];
  const findings: Finding[] = [];
  for (const slug of missing) {
    const id = ruleApps.get(slug);
    if (id === undefined) findings.push(unavailable(name, slug));
    else {
      const app = { id, slug };
      changes.push({ kind: 'enable_custom_rule', environment: name, app, ...because('custom_rules') });
    }
  }
  return { changes, findings, areMissing: findings.length > 0 };
}

function unavailable(environment: string, slug: string): Finding {
  if (slug === OWN_RULE) {
    const message =
      'This app’s own protection rule cannot be enabled: GitHub does not offer it here. The plan may lack it, or the app was registered without it. Runs of Actions are not held back by gates and freezes.';
    return { code: 'custom_rule_unavailable', environment, message };
  }
  const message = `The protection rule of the app ${slug} cannot be enabled: GitHub does not offer it here. Install the app on this repository, or take it out of custom_rules.`;
  return { code: 'custom_rule_unavailable', environment, message };
}

/** Creates and corrects variables; others stay. GitHub keeps names in upper case, and compares them so. */
export function decideVariables(
  { name: environment, protection, variables }: ProtectedEnvironment,
  { isPublic, leftOut }: Pick<ProtectionSnapshot, 'isPublic'> & { readonly leftOut: LeftOut },
): readonly VariableChange[] {
  if (variables === null || leftOut.has('variables')) return [];
  return Object.entries(protection.variables ?? {}).flatMap(([written, to]): readonly VariableChange[] => {
    const name = written.toUpperCase();
    const from = variables.get(name) ?? null;
    if (from === to) return [];
    // Who may read the report of a private repository may read its variables.
    const showValues = isPublic === false;
    return [{ kind: 'set_variable', environment, name, from, to, showValues, ...because('variables') }];
  });
}

/** Secrets are only looked for. */
export function decideSecrets(
  { name: environment, protection, secrets }: ProtectedEnvironment,
  leftOut: LeftOut,
): readonly Finding[] {
  if (secrets === null || leftOut.has('required_secrets')) return [];
  return (protection.required_secrets ?? [])
    .filter((name) => !secrets.has(name.toUpperCase()))
    .map((name) => ({
      code: 'secret_missing',
      environment,
      message: `The environment has no secret ${name.toUpperCase()}, which required_secrets names: add it in the repository’s settings.`,
    }));
}
