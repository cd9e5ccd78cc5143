import { environmentKey } from '../github/ids.ts';
import { compilePattern, isPattern, type Pattern } from './pattern.ts';
import type { EnvironmentEntry, RefPattern } from './schema.ts';

export { compilePattern, isPattern, patternProblem, type Pattern } from './pattern.ts';

/** A branch or a tag by its short name. */
export interface RefName {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

type Find = (environment: string) => EnvironmentEntry | null;

/** Policies do not change once they are made, so their patterns are compiled once. */
const finders = new WeakMap<readonly EnvironmentEntry[], Find>();

/**
 * The one entry that counts for an environment: of the entries of the lowest rank that has any, the one of that exact
 * name, else the first whose pattern matches. Null where none does: that environment is left alone.
 *
 * Look at the entry's `unusable` before anything is decided from it.
 */
export function matchEntry(
  policy: { readonly environments: readonly EnvironmentEntry[] },
  environment: string,
): EnvironmentEntry | null {
  const known = finders.get(policy.environments);
  if (known !== undefined) return known(environment);
  const find = buildFinder(policy.environments);
  finders.set(policy.environments, find);
  return find(environment);
}

interface Rank {
  readonly exact: Map<string, EnvironmentEntry>;
  readonly patterns: { readonly pattern: Pattern; readonly entry: EnvironmentEntry }[];
}

function buildFinder(entries: readonly EnvironmentEntry[]): Find {
  const ranks = new Map<number, Rank>();
  for (const entry of entries) {
    const rank: Rank = ranks.get(entry.rank) ?? { exact: new Map(), patterns: [] };
    ranks.set(entry.rank, rank);
    const key = environmentKey(entry.name);
    if (isPattern(entry.name)) rank.patterns.push({ pattern: compilePattern(entry.name, 'ignore-case'), entry });
    else if (!rank.exact.has(key)) rank.exact.set(key, entry);
  }
  const ordered = [...ranks].sort(([a], [b]) => a - b).map(([, rank]) => rank);
  return (environment) => {
    for (const { exact, patterns } of ordered) {
      const found =
        exact.get(environmentKey(environment)) ?? patterns.find(({ pattern }) => pattern.matches(environment))?.entry;
      if (found !== undefined) return found;
    }
    return null;
  };
}

/** True where any of the patterns matches an environment's name, without regard to case. */
export function matchesEnvironment(patterns: readonly string[], environment: string): boolean {
  return patterns.some((source) => compilePattern(source, 'ignore-case').matches(environment));
}

/** True where any of the patterns matches a branch by a branch pattern or a tag by a `tag` pattern. Case counts. */
export function matchesRef(patterns: readonly RefPattern[], ref: RefName): boolean {
  return patterns.some((written) => {
    const kind = typeof written === 'string' ? 'branch' : 'tag';
    const source = typeof written === 'string' ? written : written.tag;
    return kind === ref.kind && compilePattern(source, 'exact-case').matches(ref.name);
  });
}

/** True where any of the patterns matches a text such as a check's name or a branch. Case counts. */
export function matchesText(patterns: readonly string[], text: string): boolean {
  return patterns.some((source) => compilePattern(source, 'exact-case').matches(text));
}
