import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FINDING_CODES, REASON_CODES } from '../../src/reports/reason-codes.ts';

const documented = [...readFileSync('docs/reason-codes.md', 'utf8').matchAll(/^\| `(\w+)` +\|/gm)].map(
  (match) => match[1],
);

test('every code is explained, and no code is explained that there is not', () => {
  expect([...documented].sort()).toEqual([...REASON_CODES, ...FINDING_CODES].sort());
});
