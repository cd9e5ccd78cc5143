import { environmentKey } from '../../github/ids.ts';

/**
 * Names of environments that come and go, as the patterns that somebody would write for them: `review/a` and `review/b`
 * are `review/*`, with branches that have slashes `review/**`; `pr-12` is `pr-*`. A name that resembles no other stays
 * as it is. Sorted, and so that none hides one after it.
 */
export function groupNames(names: readonly string[]): readonly string[] {
  const keys = names.map(environmentKey);
  const distinct = names.filter((name, index) => keys.indexOf(environmentKey(name)) === index);
  const groups = new Map<string, string[]>();
  for (const name of distinct) {
    const prefix = prefixOf(name);
    groups.set(environmentKey(prefix), [...(groups.get(environmentKey(prefix)) ?? []), name]);
  }
  const patterns = [...groups.values()].flatMap((members) => patternsFor(members));
  // The longer prefix is the narrower pattern: it has to come first to count.
  return patterns.sort((a, b) => literalLength(b) - literalLength(a) || (a < b ? -1 : 1));
}

/** What names of one kind have in common: the first segment, else what stands before a number or the first separator. */
function prefixOf(name: string): string {
  const [segment] = /^[^/]+\//.exec(name) ?? [];
  if (segment !== undefined) return segment;
  const [prefix] = /^[^\d._-]*[._-](?=.)|^[^\d._-]+(?=\d)/.exec(name) ?? [];
  return prefix ?? name;
}

function patternsFor(members: readonly string[]): readonly string[] {
  const [first = ''] = members;
  const prefix = prefixOf(first);
  if (/[*?{}]/.test(prefix) || prefix === first) return members.filter((name) => !/[*?{}]/.test(name));
  const rests = members.map((name) => name.slice(prefix.length));
  // One alone is a kind of its own where it is numbered, or lies in a folder.
  const isKind = members.length > 1 || prefix.endsWith('/') || /\d/.test(rests.join(''));
  if (!isKind) return members;
  return [`${prefix}${rests.some((rest) => rest.includes('/')) ? '**' : '*'}`];
}

function literalLength(pattern: string): number {
  return pattern.replace(/\*+$/, '').length;
}
