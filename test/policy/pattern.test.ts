import fc from 'fast-check';
import { compilePattern, isPattern, patternProblem } from '../../src/policy/pattern.ts';

const matches = (pattern: string, text: string): boolean => compilePattern(pattern, 'exact-case').matches(text);

test.each([
  ['production', 'production', true],
  ['production', 'Production', false],
  ['production', 'production-eu', false],
  ['review/*', 'review/pr-1', true],
  ['review/*', 'review/', true],
  ['review/*', 'review', false],
  ['review/*', 'review/a/b', false],
  ['review/**', 'review/a/b', true],
  ['review/**', 'review/', true],
  ['**', '', true],
  ['**', 'a/b/c', true],
  ['*', 'a/b', false],
  ['a**z', 'a/b/z', true],
  ['a**z', 'az', true],
  ['a***z', 'a/b/z', true],
  ['pr-?', 'pr-1', true],
  ['pr-?', 'pr-', false],
  ['pr-?', 'pr-12', false],
  ['pr?1', 'pr/1', false],
  ['?', '😀', true],
  ['{a,b}', 'a', true],
  ['{a,b}', 'b', true],
  ['{a,b}', 'c', false],
  ['{a,b}', '{a,b}', false],
  ['x-{a,b}-y', 'x-b-y', true],
  ['{a,b{c,d}}', 'bd', true],
  ['{a,b{c,d}}', 'b', false],
  ['{a,}x', 'x', true],
  ['{}x', 'x', true],
  ['{solo}', 'solo', true],
  ['{*/x,y}', 'a/x', true],
  ['{release,hotfix}/**', 'hotfix/1/2', true],
  ['{a,b}{c,d}', 'bc', true],
  ['a,b', 'a,b', true],
  ['a}', 'a}', true],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['[ab]', '[ab]', true],
  ['a+', 'aa', false],
  ['\\*', '\\x', true],
  ['^a$', 'a', false],
  ['e2e / *', 'e2e / login', true],
])('the pattern %s and the text %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('a pattern that ignores case matches names in any case', () => {
  expect(compilePattern('Review/*', 'ignore-case').matches('rEVIEW/PR-1')).toBe(true);
  expect(compilePattern('Production', 'ignore-case').matches('PRODUCTION')).toBe(true);
});

test.each([
  ['production', false],
  ['a}b', false],
  ['a,b', false],
  ['[a]', false],
  ['a*', true],
  ['a?', true],
  ['a{', true],
])('%s is a pattern: %s', (name, expected) => {
  expect(isPattern(name)).toBe(expected);
});

test.each([
  ['{a', 0],
  ['a{b,c', 1],
  ['{a}{b', 3],
  ['{a{b}', 0],
  ['a}b{', 3],
])('%s has a brace that is not closed, at %d', (pattern, offset) => {
  expect(patternProblem(pattern)).toEqual({ offset, reason: 'unclosed-brace' });
  expect(() => compilePattern(pattern, 'exact-case')).toThrow(RangeError);
});

test('a pattern longer than any name is refused', () => {
  expect(patternProblem('a'.repeat(1_025))).toEqual({ offset: 1_024, reason: 'too-long' });
  expect(patternProblem('a'.repeat(1_024))).toBeNull();
});

test('patterns that make backtracking matchers hang are decided', () => {
  const text = 'a'.repeat(255);
  expect(matches('a*'.repeat(120) + 'b', text)).toBe(false);
  expect(matches('**a'.repeat(120) + 'b', text)).toBe(false);
  expect(matches('{a,a}'.repeat(200) + 'b', text)).toBe(false);
  expect(matches('{a,aa}'.repeat(120) + '*', text)).toBe(true);
  expect(matches('{'.repeat(300) + 'a' + '}'.repeat(300), 'a')).toBe(true);
});

/** What a pattern means, said in the slow way: every way to read it is tried. */
function means(pattern: readonly string[], text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  if (first === '*' || first === '**') {
    const reach = first === '**' ? text.length : (/^[^/]*/.exec(text)?.[0].length ?? 0);
    return Array.from({ length: reach + 1 }, (_, taken) => taken).some((taken) => means(rest, text.slice(taken)));
  }
  if (first === '?') return text !== '' && !text.startsWith('/') && means(rest, text.slice(1));
  if (first.startsWith('{')) {
    return first
      .slice(1, -1)
      .split(',')
      .some((choice) => text.startsWith(choice) && means(rest, text.slice(choice.length)));
  }
  return text.startsWith(first) && means(rest, text.slice(first.length));
}

test('a pattern matches what its parts mean, one after the other', () => {
  const part = fc.constantFrom('*', '**', '?', 'a', 'b', '/', '{a,b}', '{a/,}', '{ab,a}');
  // Two stars in a row would be read as the other wildcard.
  const parts = fc
    .array(part, { maxLength: 7 })
    .filter((list) => !list.some((item, index) => item.startsWith('*') && (list[index + 1] ?? '').startsWith('*')));
  const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 7 }).map((chars) => chars.join(''));
  fc.assert(
    fc.property(parts, text, (list, candidate) => matches(list.join(''), candidate) === means(list, candidate)),
  );
});

test('no text makes the compiler throw unless the text is said to be no pattern', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', ',', '*', '?', 'a', '/', '😀') }),
      fc.string(),
      (source, text) => {
        if (patternProblem(source) !== null) return;
        expect(typeof matches(source, text)).toBe('boolean');
      },
    ),
  );
});
