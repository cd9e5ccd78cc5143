import { environmentKey } from '../github/ids.ts';
import { isPattern, matchEntry } from '../policy/match.ts';
import type { Policy, Protection } from '../policy/schema.ts';

type Entries = Pick<Policy, 'environments'>;

/** Whether any entry keeps protection true: where none does, environments are not even listed. */
export function namesProtection({ environments }: Entries): boolean {
  return environments.some(({ protection, unusable }) => protection !== undefined && unusable.length === 0);
}

/** What the entry that counts for an environment says about its protection; null where nothing is managed. */
export function protectionFor(policy: Entries, environment: string): Protection | null {
  const entry = matchEntry(policy, environment);
  return entry === null || entry.unusable.length > 0 ? null : (entry.protection ?? null);
}

/** The environments to be created: those that the repository's own file names exactly, with `protection`. */
export function missingEnvironments(
  policy: Entries,
  existing: ReadonlySet<string>,
): readonly { readonly name: string; readonly protection: Protection }[] {
  return policy.environments.flatMap((entry) => {
    const { name, own, protection, unusable } = entry;
    if (!own || protection === undefined || unusable.length > 0 || isPattern(name)) return [];
    // One that the organisation has locked counts in its place, and creates nothing.
    if (existing.has(environmentKey(name)) || matchEntry(policy, name) !== entry) return [];
    return [{ name, protection }];
  });
}
