import { gatesRows } from './requests/gates/promises.ts';
import { countNaively } from './requests/naive.ts';
import { countRequests } from './requests/measure.ts';
import { promises, type Promised } from './requests/promises.ts';
import { protectionRows } from './requests/protection/promises.ts';
import { worstOf, type Bar, type Benchmark, type Row } from './row.ts';

/** How many requests a piece of work takes, all told: counted by the simulated GitHub, tokens not counted. */
export const requests: Benchmark = {
  name: 'requests',
  async run() {
    const rows = [];
    for (const promised of promises) {
      rows.push(await measureRequests(promised, { baseline: await countNaively(promised.naively) }));
    }
    return [...rows, ...(await protectionRows()), ...(await gatesRows())];
  },
};

/** Measures one line of the table. */
export async function measureRequests(
  { figure, most, circumstances }: Pick<Promised, 'figure' | 'most' | 'circumstances'>,
  { baseline }: Pick<Row, 'baseline'>,
): Promise<Row> {
  const variants = [];
  for (const one of circumstances) variants.push(await countRequests(one));
  const bar: Bar | null = most === null ? null : { kind: 'at most', value: most };
  const { measured } = worstOf(variants, bar?.kind ?? 'at most');
  return { figure, unit: 'requests', bar, measured, baseline, variants };
}
