import { environmentKey } from '../github/ids.ts';
import { compilePattern, isPattern, type Pattern, type PatternCase } from './pattern.ts';
import type { Budget } from './pattern-machine.ts';
import type { EnvironmentEntry, RefPattern } from './schema.ts';

export { compilePattern, isPattern, patternProblem, type Pattern } from './pattern.ts';

/** A branch or a tag by its short name. */
export interface RefName {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

type Find = (environment: string, budget?: Budget) => EnvironmentEntry | null;

/** Policies do not change once they are made, so their patterns are compiled once, and asked about a name once. */
const finders = new WeakMap<readonly EnvironmentEntry[], Find>();

/**
 * The one entry that counts for an environment: of the entries of the lowest rank that has any, the one of that exact
 * name, else the first whose pattern matches. Null where none does: that environment is left alone.
 *
 * Look at the entry's `unusable` before anything is decided from it. What finding it costs is taken from the budget.
 */
export function matchEntry(
  policy: { readonly environments: readonly EnvironmentEntry[] },
  environment: string,
  budget?: Budget,
): EnvironmentEntry | null {
  const known = finders.get(policy.environments);
  if (known !== undefined) return known(environment, budget);
  const find = buildFinder(policy.environments);
  finders.set(policy.environments, find);
  return find(environment, budget);
}

/** Names that are remembered with their entries: more than a repository has environments that anything happens in. */
const MOST_REMEMBERED = 1_000;

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
  const find: Find = (environment, budget) => {
    for (const { exact, patterns } of ordered) {
      const found =
        exact.get(environmentKey(environment)) ??
        patterns.find(({ pattern }) => pattern.matches(environment, budget))?.entry;
      if (found !== undefined) return found;
    }
    return null;
  };
  const remembered = new Map<string, EnvironmentEntry | null>();
  return (environment, budget) => {
    const known = remembered.get(environment);
    if (known !== undefined) return known;
    const found = find(environment, budget);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(environment, found);
    return found;
  };
}

/** Lists of patterns made ready, by the list: those of a policy are asked about again and again. */
const compiled = {
  'ignore-case': new WeakMap<readonly unknown[], readonly Pattern[]>(),
  'exact-case': new WeakMap<readonly unknown[], readonly Pattern[]>(),
} as const satisfies Record<PatternCase, unknown>;

function compileAll(patterns: readonly RefPattern[], letters: PatternCase): readonly Pattern[] {
  const known = compiled[letters].get(patterns);
  if (known !== undefined) return known;
  const all = patterns.map((one) => compilePattern(typeof one === 'string' ? one : one.tag, letters));
  compiled[letters].set(patterns, all);
  return all;
}

/** True where any of the patterns matches the name of an environment or a repository, without regard to case. */
export function matchesEnvironment(patterns: readonly string[], name: string): boolean {
  return compileAll(patterns, 'ignore-case').some((pattern) => pattern.matches(name));
}

/** True where any of the patterns matches a branch by a branch pattern or a tag by a `tag` pattern. Case counts. */
export function matchesRef(patterns: readonly RefPattern[], ref: RefName): boolean {
  const all = compileAll(patterns, 'exact-case');
  return patterns.some((written, index) => {
    const kind = typeof written === 'string' ? 'branch' : 'tag';
    return kind === ref.kind && all[index]?.matches(ref.name) === true;
  });
}

/** True where any of the patterns matches a text such as a check's name or a branch. Case counts. */
export function matchesText(patterns: readonly string[], text: string, budget?: Budget): boolean {
  return compileAll(patterns, 'exact-case').some((pattern) => pattern.matches(text, budget));
}
