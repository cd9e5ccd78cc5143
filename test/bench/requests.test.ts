import { describe, expect, test } from '@jest/globals';
import { measureRequests } from '../../bench/requests.ts';
import { countNaivelyForGates } from '../../bench/requests/gates/naive.ts';
import { gatesPromises, measureGates, type PromisedOfGates } from '../../bench/requests/gates/promises.ts';
import { countNaively } from '../../bench/requests/naive.ts';
import { promises, type Promised } from '../../bench/requests/promises.ts';
import { countNaivelyForProtection } from '../../bench/requests/protection/naive.ts';
import { measureProtection, protectionPromises } from '../../bench/requests/protection/promises.ts';
import { isMet } from '../../bench/row.ts';

/** Milliseconds: a thousand deployments on a busy machine. */
const PATIENCE = 120_000;

const held = promises.filter(({ most }) => most !== null);

/** The dearest of the table: `npm run bench` tries all of it. */
function dearest({ figure, circumstances }: Promised): Promised['circumstances'] {
  const kept = circumstances.filter(({ name }) => !/exact entry|branch alive/.test(name));
  if (figure.startsWith('1,000')) return kept.slice(0, 1);
  return figure.startsWith('100 of') ? kept.filter(({ name }) => name.includes('of 200')) : kept;
}

/** Where there are many environments, if there is that choice. */
function inLargest({ circumstances }: PromisedOfGates): PromisedOfGates['circumstances'] {
  const most = Math.max(...circumstances.map(({ environments }) => environments));
  return circumstances.filter(({ environments }) => environments === most);
}

describe('requests stay within their bar', () => {
  test.each(held.map((promised) => [promised.figure, promised] as const))(
    '%s',
    async (_, promised) => {
      const row = await measureRequests({ ...promised, circumstances: dearest(promised) }, { baseline: null });
      expect(row.variants.filter(({ measured }) => !isMet({ bar: row.bar, measured }))).toEqual([]);
      expect(row.variants.flatMap(({ notes }) => notes).filter((note) => note.startsWith('without pacing'))).toEqual(
        [],
      );
    },
    PATIENCE,
  );

  test.each(protectionPromises.map((promised) => [promised.figure, promised] as const))(
    '%s',
    async (_, promised) => {
      const row = await measureProtection(promised);
      expect(row.variants.filter(({ measured }) => !isMet({ bar: row.bar, measured }))).toEqual([]);
      expect(await countNaivelyForProtection(promised.naively)).toBeGreaterThanOrEqual(45);
    },
    PATIENCE,
  );

  test.each(gatesPromises.map((promised) => [promised.figure, promised] as const))(
    '%s',
    async (_, promised) => {
      const row = await measureGates({ ...promised, circumstances: inLargest(promised) });
      expect(row.variants.filter(({ measured }) => !isMet({ bar: row.bar, measured }))).toEqual([]);
      expect(await countNaivelyForGates(promised.naively)).toBeGreaterThan(promised.most);
    },
    PATIENCE,
  );

  test(
    'the naive way does the same work with more',
    async () => {
      const [first] = held;
      expect(first === undefined ? 0 : await countNaively(first.naively)).toBeGreaterThan(100);
    },
    PATIENCE,
  );
});
