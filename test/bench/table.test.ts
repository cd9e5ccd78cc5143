import { expect, test } from '@jest/globals';
import { renderPage } from '../../bench/page.ts';
import { isMet, worstOf, type Row } from '../../bench/row.ts';
import { renderTable } from '../../bench/table.ts';

const row = (given: Partial<Row>): Row => ({
  figure: 'requests of a delivery',
  unit: 'requests',
  bar: { kind: 'at most', value: 3 },
  measured: 3,
  baseline: 102,
  variants: [{ name: 'cold', measured: 3, notes: [] }],
  ...given,
});

test.each<[string, Partial<Row>, boolean]>([
  ['what is at its bar', {}, true],
  ['what is over it', { measured: 4 }, false],
  ['what is under a bar that is a least', { bar: { kind: 'at least', value: 5 }, measured: 4 }, false],
  ['what is over a bar that is a least', { bar: { kind: 'at least', value: 5 }, measured: 6 }, true],
  ['what nothing was promised of', { bar: null, measured: 1e9 }, true],
])('%s is told to be met or not', (_, given, met) => {
  expect(isMet(row(given))).toBe(met);
});

test('the worst of the variants is the highest where little is good, and the lowest where much is', () => {
  const variants = [3, 9, 5].map((measured) => ({ name: String(measured), measured, notes: [] }));
  expect(worstOf(variants, 'at most').measured).toBe(9);
  expect(worstOf(variants, 'at least').measured).toBe(3);
});

test('a missed bar is shown, with the variants that missed it and what they are made of', () => {
  const variants = [
    { name: 'cold', measured: 4, notes: ['2 × Policies', 'PolicyText'] },
    { name: 'warm', measured: 1, notes: [] },
  ];
  const lines = renderTable([row({ measured: 4, variants }), row({ figure: 'another' })]).split('\n');
  expect(lines[2]).toMatch(/^requests of a delivery +requests +at most 3 +4 +102 +MISSED$/);
  expect(lines[3]).toBe('    cold: 4 (2 × Policies; PolicyText)');
  expect(lines[4]).toMatch(/^another .* met$/);
});

test('the page has a table for each file, and shows what is missed as missed', async () => {
  const page = await renderPage(
    [{ name: 'requests', rows: [row({ measured: 4 }), row({ figure: 'a | b' }), row({ bar: null, baseline: null })] }],
    'one machine',
  );
  expect(page).toContain('one machine. 1 of 2 bars are met.');
  expect(page).toMatch(/^\| requests of a delivery +\| at most 3 +\| 4 requests +\| 102 +\| \*\*missed\*\* +\|$/m);
  expect(page).toMatch(/^\| a \\\| b +\|.*\| met +\|$/m);
});
