import fc from 'fast-check';
import { closeOver, compilePattern, patternCost, readsChar, statesOf } from '../../src/policy/pattern.ts';
import type { Budget } from '../../src/policy/pattern-machine.ts';

/** Follows a pattern's states one by one, as they are told of. */
function follows(source: string, text: string): boolean {
  const states = statesOf(source, 'exact-case');
  let live = closeOver(states, [0]);
  for (const char of text) {
    const next = [...live].flatMap((index) => {
      const edge = states[index]?.edge ?? null;
      return edge !== null && readsChar(edge.reads, char) ? [edge.to] : [];
    });
    live = closeOver(states, next);
  }
  return live.has(states.length - 1);
}

/** Patterns whose braces are closed, nested, and of more states than fit into one word. */
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  pattern: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '/', '*', '**', '?', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '*a*a*a*a*a*a*a*a'),
    fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((choices) => `{${choices.join(',')}}`),
  ),
}));

describe('a pattern’s machine', () => {
  test('accepts what following its states one by one does', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '/', 'a'.repeat(31), 'a'.repeat(32)), { maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (source, candidate) => {
        fc.pre(source.length <= 256);
        return compilePattern(source, 'exact-case').matches(candidate) === follows(source, candidate);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['of stars', '*?'.repeat(127)],
    ['of stars that cross slashes', '**a'.repeat(80)],
    ['of braces', '{a,}'.repeat(255)],
    ['of braces in braces', `${'{'.repeat(400)}a${'}'.repeat(400)}*`],
    ['of alternatives', `{${'a,'.repeat(400)}a}*`],
  ])('%s costs no more steps a character than is said of it', (_, source) => {
    const budget: Budget = { steps: 0 };
    const text = 'a'.repeat(255);
    compilePattern(source, 'exact-case').matches(text, budget);
    expect(-budget.steps).toBeLessThanOrEqual(patternCost(source) * 256 + 1);
  });

  test('without braces takes a step for each 32 states, where each state had been one', () => {
    expect(patternCost('*?'.repeat(127))).toBeLessThan(20);
    expect(patternCost('review/*')).toBe(1);
    expect(patternCost('production')).toBe(1);
  });

  test('is not even built where the text begins or ends otherwise', () => {
    const budget: Budget = { steps: 0 };
    const compiled = compilePattern('review/*-eu', 'exact-case');
    expect([compiled.matches('production', budget), compiled.matches('review/1-us', budget)]).toEqual([false, false]);
    expect(budget.steps).toBe(-2);
  });
});
