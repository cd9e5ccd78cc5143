import type { PatternAddition, PatternRemoval } from '../changes/protection-change.ts';
import type { BranchPattern } from '../github/environments.ts';
import { because } from './reasons.ts';
import type { LeftOut, ProtectedEnvironment } from './snapshot.ts';

/**
 * Brings branch and tag patterns to exactly those that an entry lists. Missing ones come before surplus ones go: so
 * what is allowed on the way stays between what both the old and the new list allow, and what either allows.
 */
export function decidePatterns(
  environment: ProtectedEnvironment,
  leftOut: LeftOut,
): readonly (PatternAddition | PatternRemoval)[] {
  const { name, protection, settings, patterns } = environment;
  const written = protection.deployment_branch_policy;
  if (typeof written !== 'object' || leftOut.has('deployment_branch_policy')) return [];
  // Patterns are there only while the environment has its own: one that gets them begins with none.
  const existing = settings.branchPolicy === 'custom' ? patterns : [];
  if (existing === null) return [];
  const wanted = new Map(
    written.map((one): [string, BranchPattern] => {
      const pattern: BranchPattern =
        typeof one === 'string' ? { type: 'branch', name: one } : { type: 'tag', name: one.tag };
      return [keyOf(pattern), pattern];
    }),
  );
  const known = new Set(existing.map(keyOf));
  const common = { environment: name, ...because('deployment_branch_policy') };
  return [
    ...[...wanted]
      .filter(([key]) => !known.has(key))
      .map(([, pattern]) => ({ kind: 'add_branch_pattern', pattern, ...common }) as const),
    ...existing
      .filter((pattern) => !wanted.has(keyOf(pattern)))
      .map((pattern) => ({ kind: 'remove_branch_pattern', pattern, ...common }) as const),
  ];
}

/** Case counts in the names of branches and tags. */
function keyOf({ type, name }: BranchPattern): string {
  return `${type}:${name}`;
}
