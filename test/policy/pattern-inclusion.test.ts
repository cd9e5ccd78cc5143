import fc from 'fast-check';
import { compilePattern } from '../../src/policy/pattern.ts';
import { includesPattern } from '../../src/policy/pattern-inclusion.ts';

const includes = (outer: string, inner: string): boolean =>
  includesPattern({ outer, inner, letters: 'ignore-case' }, { steps: 100_000 });

test.each([
  ['**', 'a*', true],
  ['*', 'a*', true],
  ['*', 'a/*', false],
  ['review/*', 'review/pr-*', true],
  ['review/pr-*', 'review/*', false],
  ['review/**', 'review/*', true],
  ['review/*', 'review/**', false],
  ['Review/*', 'review/pr-?', true],
  ['{a,b}*', 'a*', true],
  ['a*', '{a,b}*', false],
  ['{a,b}', '{b,a}', true],
  ['*-?', '*-a', true],
  ['prod*', 'production', true],
  ['prod*', 'staging', false],
])('%s includes %s: %s', (outer, inner, expected) => {
  expect(includes(outer, inner)).toBe(expected);
});

test('a question that costs too much is answered with no', () => {
  const outer = `**${'{a,b}'.repeat(40)}`;
  expect(includesPattern({ outer, inner: `**a${'{a,b}'.repeat(40)}`, letters: 'exact-case' }, { steps: 1_000 })).toBe(
    false,
  );
});

test('where one pattern includes another, it matches all that the other does', () => {
  const part = fc.constantFrom('*', '**', '?', 'a', 'b', '/', '{a,b}', '{a/,}');
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '/', 'c'), { maxLength: 5 }).map((chars) => chars.join(''));
  fc.assert(
    fc.property(pattern, pattern, text, (outer, inner, candidate) => {
      fc.pre(includes(outer, inner) && compilePattern(inner, 'ignore-case').matches(candidate));
      return compilePattern(outer, 'ignore-case').matches(candidate);
    }),
    { numRuns: 200 },
  );
});
