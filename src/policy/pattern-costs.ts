import type { Finding, PolicyPath } from './diagnostics.ts';
import { isPattern, patternCost, patternProblem } from './pattern.ts';
import { itemsIn, valueIn } from './references.ts';

/*
 * Every environment that something happens in is held against the patterns of a policy, and every check of a commit against
 * those of a gate, while whatever else the process has to do waits. So there is an end to how much a policy may ask. It is
 * counted in steps a character: 1 for each pattern, 1 more for each 32 of its characters (a star counts for two), and 2 more for
 * each alternative in braces after the first.
 */

/** Names of entries that are patterns, of freezes' environments and of repositories, together. */
export const MOST_FOR_NAMES = 4_096;
/** The patterns in the gates of one entry: a commit can have thousands of checks. */
export const MOST_FOR_GATES = 256;

interface Written {
  readonly source: string;
  readonly path: PolicyPath;
}

/** The first pattern that is one too many, of those that are held against names and in each entry's gates. */
export function checkPatternCosts(file: unknown): Finding[] {
  const names = tooMany(namesIn(file), MOST_FOR_NAMES);
  const found: Finding[] = [];
  if (names !== null) {
    const message = `Name environments exactly, or say it in fewer and shorter patterns: up to here, those of entries, freezes and repositories cost more than ${MOST_FOR_NAMES} steps.`;
    found.push({ code: 'too-many-patterns', message, path: names.path, at: 'value' });
  }
  for (const [index, entry] of itemsIn(file, 'environments').entries()) {
    const gates = tooMany(gatePatternsIn(entry, ['environments', index]), MOST_FOR_GATES);
    if (gates === null) continue;
    const message = `Say it in fewer and shorter patterns: up to here, those of this entry’s gates cost more than ${MOST_FOR_GATES} steps.`;
    found.push({ code: 'too-many-patterns', message, path: gates.path, at: 'value' });
  }
  return found;
}

function tooMany(written: readonly Written[], most: number): Written | null {
  let cost = 0;
  for (const one of written) {
    // What is no pattern has been said to be none.
    if (patternProblem(one.source) !== null) continue;
    cost += patternCost(one.source);
    if (cost > most) return one;
  }
  return null;
}

/** Exact names of entries are looked up, however many there are. */
function namesIn(file: unknown): readonly Written[] {
  return [
    ...itemsIn(file, 'environments').flatMap((entry, index) =>
      textsIn([valueIn(entry, 'name')], () => ['environments', index, 'name']).filter(({ source }) =>
        isPattern(source),
      ),
    ),
    ...itemsIn(file, 'freezes').flatMap((freeze, index) =>
      textsIn(itemsIn(freeze, 'environments'), (place) => ['freezes', index, 'environments', place]),
    ),
    ...textsIn(itemsIn(file, 'repositories'), (place) => ['repositories', place]),
  ];
}

function gatePatternsIn(entry: unknown, path: PolicyPath): readonly Written[] {
  return itemsIn(entry, 'gates').flatMap((gate, index) => {
    const at = [...path, 'gates', index];
    return [
      ...textsIn(
        itemsIn(gate, 'ref').map((one) => valueIn(one, 'tag') ?? one),
        (place) => [...at, 'ref', place],
      ),
      ...textsIn(itemsIn(gate, 'checks'), (place) => [...at, 'checks', place]),
      ...textsIn([valueIn(valueIn(gate, 'pull_request'), 'base')], () => [...at, 'pull_request', 'base']),
    ];
  });
}

function textsIn(values: readonly unknown[], pathOf: (place: number) => PolicyPath): readonly Written[] {
  return values.flatMap((source, place) => (typeof source === 'string' ? [{ source, path: pathOf(place) }] : []));
}
