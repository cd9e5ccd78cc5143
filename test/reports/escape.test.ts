import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeSpan, plainMarkdown, visibleText } from '../../src/reports/escape.ts';

describe('visibleText', () => {
  test.each([
    ['feature/x', 'feature/x'],
    ['a\nb\r\n\tc', 'a\\u{a}b\\u{d}\\u{a}\\u{9}c'],
    ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['half \ud800', 'half \\u{d800}'],
    ['Änderung 🚀', 'Änderung 🚀'],
  ])('%j is shown as %j', (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });

  test('a very long text is cut', () => {
    expect(visibleText('x'.repeat(1000))).toHaveLength(255);
  });
});

describe('codeSpan', () => {
  test.each([
    ['feature/x', '`feature/x`'],
    ['@octocat', '`@octocat`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a|b', '`a\\u{7c}b`'],
    ['', '` `'],
    ['<!-- lockkeeper-gates:e30 -->', '`\\u{3c}!-- lockkeeper-gates:e30 -->`'],
  ])('%j becomes %j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  test('nothing that is in it can end it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '|', '\n', '@') }), (text) => {
        const span = codeSpan(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect([...inside.matchAll(/`+/g)].map(([run]) => run)).not.toContain(fence);
        expect(inside).not.toMatch(/[\n|]/);
      }),
    );
  });
});

describe('plainMarkdown', () => {
  test.each([
    ['@octocat', '@<!-- -->octocat'],
    ['see #12', 'see #<!-- -->12'],
    ['GH-12', 'GH<!-- -->-12'],
    ['[x](https://evil.example)', '&#91;x&#93;&#40;https&#58;//evil&#46;example&#41;'],
    ['<img src=x onerror=alert(1)>', '&#60;img src&#61;x onerror&#61;alert&#40;1&#41;&#62;'],
    ['- item', '\\- item'],
  ])('%j becomes %j', (text, expected) => {
    expect(plainMarkdown(text)).toBe(expected);
  });

  test('leaves no mention, link, markup or line break', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'@#<>[]()*_`~|!\\\n:.w/aG H-1'.split('')) }), (text) => {
        const shown = plainMarkdown(text)
          .replaceAll('<!-- -->', '\0')
          .replace(/&#\d+;/g, '');
        expect(shown).not.toMatch(/[@#](?!\0)|[<>[\]()*_`~|!\n:.]/);
      }),
    );
  });
});
