import type { z } from 'zod';
import type { GraphqlProblem } from '../github/port.ts';
import type { Fact } from './snapshot.ts';

export function known<T>(value: T): Fact<T> {
  return { kind: 'known', value };
}

export function unreadable<T>(why: string): Fact<T> {
  return { kind: 'unreadable', why };
}

/** A fact that no gate asks for. */
export const NOT_ASKED = unreadable<never>('it was not asked for');

/** Turns a fact into another; what could not be read stays so. */
export function mapFact<T, U>(fact: Fact<T>, map: (value: T) => U): Fact<U> {
  return fact.kind === 'known' ? known(map(fact.value)) : fact;
}

type Path = readonly (string | number)[];

/** An answer of GraphQL's in parts, each of which may be missing because of a problem of its own. */
export interface PartialAnswer {
  readonly root: unknown;
  readonly problems: readonly GraphqlProblem[];
}

/**
 * One part of an answer. It is unreadable where a problem lies on the way to it or anywhere in it, and where it is not
 * as promised; a part that GitHub did not give must never look like an empty one.
 */
export function readPart<T>(answer: PartialAnswer, path: Path, schema: z.ZodType<T>): Fact<T> {
  const problem = answer.problems.find((one) => touches(one.path, path));
  if (problem !== undefined) return unreadable(problem.message);
  const parsed = schema.safeParse(at(answer.root, path));
  return parsed.success ? known(parsed.data) : unreadable('GitHub’s answer has not the promised shape');
}

/** A problem without a path is one of the whole. */
function touches(problem: Path | undefined, path: Path): boolean {
  if (problem === undefined) return true;
  const shared = Math.min(problem.length, path.length);
  return problem.slice(0, shared).every((step, index) => step === path[index]);
}

function at(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (value === null || value === undefined) return undefined;
    value = typeof value === 'object' ? Reflect.get(value, step) : undefined;
  }
  return value;
}
