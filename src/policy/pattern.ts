import { buildMachine, type Budget, type Machine } from './pattern-machine.ts';

/*
 * Patterns: `*` stays within a `/`, `**` crosses it, `?` is one character but `/`, `{a,b}` either; all else is literal.
 * A pattern becomes a small state machine and all its states are followed at once: the work is at most the length of
 * the pattern times the length of the text, whatever somebody wrote; without braces a thirtieth of that.
 */

/** Longer than any name on GitHub that a pattern could be for. */
export const LONGEST_PATTERN = 1_024;

export interface State {
  /** States reached without reading a character. */
  readonly skips: number[];
  /** What this state reads, and where that leads. */
  edge: { readonly reads: Reads; readonly to: number } | null;
}

/** `any`: every character; `segment`: every one but `/`. */
export type Reads = 'any' | 'segment' | { readonly char: string };

export interface Pattern {
  readonly source: string;
  /** True where the pattern matches the whole of `text`. What that costs is taken from the budget. */
  matches(text: string, budget?: Budget): boolean;
}

/** Environment and repository names are compared without regard to case; branches and tags are not. */
export type PatternCase = 'ignore-case' | 'exact-case';

/** Why a text is no pattern: the offset counts characters (code points) from 0. */
export interface PatternProblem {
  readonly offset: number;
  readonly reason: 'unclosed-brace' | 'too-long';
}

/** True where `name` is a pattern, false where it stands for itself alone. */
export function isPattern(name: string): boolean {
  return /[*?{]/.test(name);
}

/** What is wrong with a pattern, or null. Work is linear in its length. */
export function patternProblem(source: string): PatternProblem | null {
  const chars = Array.from(source);
  if (chars.length > LONGEST_PATTERN) return { offset: LONGEST_PATTERN, reason: 'too-long' };
  const open: number[] = [];
  for (const [offset, char] of chars.entries()) {
    if (char === '{') open.push(offset);
    if (char === '}') open.pop();
  }
  const first = open[0];
  return first === undefined ? null : { offset: first, reason: 'unclosed-brace' };
}

/**
 * Makes a pattern ready to match.
 * @throws RangeError where {@link patternProblem} has something to say; policies that parsed have no such pattern.
 */
export function compilePattern(source: string, letters: PatternCase): Pattern {
  const problem = patternProblem(source);
  if (problem !== null) throw new RangeError(`Not a pattern (${problem.reason} at ${problem.offset}): ${source}`);
  const fold = foldingOf(letters);
  if (!isPattern(source)) {
    const literal = fold(source);
    return { source, matches: (text) => fold(text) === literal };
  }
  const folded = fold(source);
  const [start = ''] = /^[^*?{]*/.exec(folded) ?? [];
  const [end = ''] = /[^*?}]*$/.exec(folded) ?? [];
  let machine: Machine | null = null;
  return {
    source,
    matches: (text, budget = { steps: 0 }) => {
      const given = fold(text);
      budget.steps -= 1;
      if (!given.startsWith(start) || !given.endsWith(end)) return false;
      machine ??= buildMachine(buildStates(Array.from(folded)));
      return machine.accepts(Array.from(given), budget);
    },
  };
}

/** How many steps a character costs that a pattern is held against; 1 for what is no pattern. Work is linear in its length. */
export function patternCost(source: string): number {
  return isPattern(source) ? buildMachine(statesOf(source, 'exact-case')).cost : 1;
}

function foldingOf(letters: PatternCase): (text: string) => string {
  return letters === 'ignore-case' ? (text) => text.toLowerCase() : (text) => text;
}

/** The state machine of a well-formed pattern. */
export function statesOf(source: string, letters: PatternCase): readonly State[] {
  return buildStates(Array.from(foldingOf(letters)(source)));
}

/** The first state of the list is where it begins, the last one accepts. */
function buildStates(chars: readonly string[]): readonly State[] {
  const states: State[] = [];
  const add = (): number => states.push({ skips: [], edge: null }) - 1;
  const at = (index: number): State => states[index] ?? { skips: [], edge: null };
  const braces: { readonly start: number; readonly ends: number[] }[] = [];
  let current = add();
  const step = (reads: Reads): void => {
    const next = add();
    at(current).edge = { reads, to: next };
    current = next;
  };
  const loop = (reads: 'any' | 'segment'): void => {
    const state = add();
    at(current).skips.push(state);
    at(state).edge = { reads, to: state };
    current = add();
    at(state).skips.push(current);
  };
  const alternative = (start: number): void => {
    current = add();
    at(start).skips.push(current);
  };
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index] ?? '';
    const brace = braces.at(-1);
    if (char === '*' && chars[index + 1] === '*') {
      loop('any');
      while (chars[index + 1] === '*') index += 1;
    } else if (char === '*') loop('segment');
    else if (char === '?') step('segment');
    else if (char === '{') {
      braces.push({ start: current, ends: [] });
      alternative(current);
    } else if (char === ',' && brace !== undefined) {
      brace.ends.push(current);
      alternative(brace.start);
    } else if (char === '}' && brace !== undefined) {
      const end = add();
      for (const last of [...brace.ends, current]) at(last).skips.push(end);
      current = end;
      braces.pop();
    } else step({ char });
  }
  // The accepting state is the last of the list, also where the pattern ends in a state added earlier.
  const accepting = add();
  at(current).skips.push(accepting);
  return states;
}

export function readsChar(reads: Reads, char: string): boolean {
  if (reads === 'any') return true;
  if (reads === 'segment') return char !== '/';
  return reads.char === char;
}

/** Those states and all that are reached from them without reading. Each is visited once. */
export function closeOver(states: readonly State[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set(from);
  for (const index of reached) for (const skip of states[index]?.skips ?? []) reached.add(skip);
  return reached;
}
