import { environmentKey } from '../github/ids.ts';
import { hasGates } from '../policy/has-gates.ts';
import { isPattern, matchEntry } from '../policy/match.ts';
import type { Policy, Protection } from '../policy/schema.ts';

type Entries = Pick<Policy, 'environments' | 'freezes'>;

/** This app's own rule among the slugs of apps. No app has such a slug. */
export const OWN_RULE = 'this app';

/** Whether any entry keeps protection true, or needs this app's own rule: where none does, environments are not even listed. */
export function namesProtection({ environments, freezes }: Entries): boolean {
  const isNamed = environments.some(
    (entry) => (entry.protection !== undefined || hasGates(entry)) && entry.unusable.length === 0,
  );
  return isNamed || freezes.some((freeze) => hasAny(freeze.environments?.filter((name) => !isPattern(name))));
}

/**
 * What the entry that counts for an environment says about its protection, and that this app's own rule is enabled where
 * gates or a freeze need it; null where nothing is managed.
 */
export function protectionFor(policy: Entries, environment: string): Protection | null {
  const entry = matchEntry(policy, environment);
  if (entry !== null && entry.unusable.length > 0) return null;
  const isFrozen = policy.freezes.some((freeze) =>
    freeze.environments?.some((name) => !isPattern(name) && environmentKey(name) === environmentKey(environment)),
  );
  const protection = entry?.protection;
  if (!hasGates(entry) && !isFrozen) return protection ?? null;
  return { ...protection, custom_rules: [...(protection?.custom_rules ?? []), OWN_RULE] };
}

function hasAny(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

/** The environments to be created: those that the repository's own file names exactly, with `protection`. */
export function missingEnvironments(
  policy: Entries,
  existing: ReadonlySet<string>,
): readonly { readonly name: string; readonly protection: Protection }[] {
  return policy.environments.flatMap((entry) => {
    const { name, protection } = entry;
    // One that the organisation has locked counts in the place of the repository's, and creates nothing.
    if (protection === undefined || !creates(entry) || matchEntry(policy, name) !== entry) return [];
    if (existing.has(environmentKey(name))) return [];
    return [{ name, protection: protectionFor(policy, name) ?? protection }];
  });
}

/** Whether an environment is created where it is missing. */
export function isCreated(policy: Entries, environment: string): boolean {
  const entry = matchEntry(policy, environment);
  return entry !== null && creates(entry);
}

function creates({ name, own, protection, unusable }: Policy['environments'][number]): boolean {
  return own && protection !== undefined && unusable.length === 0 && !isPattern(name);
}
