import type { Budget } from './pattern-machine.ts';
import { closeOver, compilePattern, isPattern, readsChar, statesOf, type PatternCase, type State } from './pattern.ts';

/** A character that no pattern of a policy names. */
const ANY_OTHER = '\uFFFF';

/**
 * True where everything that `inner` matches is matched by `outer` too. False where something is not, and where the
 * budget ran out before that was known: so true is certain, false is not.
 */
export function includesPattern(
  { outer, inner, letters }: { readonly outer: string; readonly inner: string; readonly letters: PatternCase },
  budget: Budget,
): boolean {
  if (outer === inner || outer === '**') return true;
  budget.steps -= outer.length + inner.length;
  if (budget.steps < 0) return false;
  if (!isPattern(inner)) return compilePattern(outer, letters).matches(inner);
  const small = statesOf(inner, letters);
  const large = statesOf(outer, letters);
  const alphabet = alphabetOf([...small, ...large]);
  const seen = new Set<string>();
  const waiting = [{ small: closeOver(small, [0]), large: closeOver(large, [0]) }];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    if (pair.small.has(small.length - 1) && !pair.large.has(large.length - 1)) return false;
    for (const char of alphabet) {
      budget.steps -= pair.small.size + pair.large.size;
      if (budget.steps < 0) return false;
      const nextSmall = read(small, pair.small, char);
      if (nextSmall.size === 0) continue;
      const next = { small: nextSmall, large: read(large, pair.large, char) };
      const key = `${sortedKey(next.small)}|${sortedKey(next.large)}`;
      if (!seen.has(key)) waiting.push(next);
      seen.add(key);
    }
  }
  return true;
}

/** Every character that one of the machines names, the slash, and one that stands for all others. */
function alphabetOf(states: readonly State[]): ReadonlySet<string> {
  const named = states.flatMap(({ edge }) => (edge !== null && typeof edge.reads === 'object' ? edge.reads.char : []));
  return new Set([...named, '/', ANY_OTHER]);
}

function read(states: readonly State[], live: ReadonlySet<number>, char: string): ReadonlySet<number> {
  const next: number[] = [];
  for (const index of live) {
    const edge = states[index]?.edge ?? null;
    if (edge !== null && readsChar(edge.reads, char)) next.push(edge.to);
  }
  return closeOver(states, next);
}

function sortedKey(states: ReadonlySet<number>): string {
  return [...states].sort((a, b) => a - b).join(',');
}
