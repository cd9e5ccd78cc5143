import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { GATE_NAMES } from '../../src/policy/schema/gates.ts';
import { GATE_CODES } from '../../src/reports/gate-decision.ts';
import { FINDING_CODES, REASON_CODES } from '../../src/reports/reason-codes.ts';

const codesIn = (page: string) => [...page.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1]);
const documented = codesIn(readFileSync('docs/reason-codes.md', 'utf8'));

test('every code is explained, and no code is explained that there is not', () => {
  expect([...documented].sort()).toEqual([...REASON_CODES, ...FINDING_CODES].sort());
});

test('every code of a gate is explained on the page about gates, and so is every gate', () => {
  const [page = '', codes = ''] = readFileSync('docs/gates.md', 'utf8').split('\n## Codes\n');
  expect(codesIn(codes).sort()).toEqual([...GATE_CODES].sort());
  expect([...page.matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name)).toEqual(GATE_NAMES);
});
