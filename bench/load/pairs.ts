import type { Variant } from '../row.ts';

const PAIRS = 5;

/**
 * The median of the ratios of alternating pairs: what else the machine does hits both of a pair. A pair before them,
 * which finds caches cold, does not count.
 */
export async function ratioOfPairs(
  name: string,
  work: {
    readonly measured: () => Promise<number>;
    readonly baseline: () => Promise<number>;
    readonly describe: (median: number) => string;
    readonly warmUp?: boolean;
  },
): Promise<Variant> {
  if (work.warmUp !== false) {
    await work.baseline();
    await work.measured();
  }
  const pairs: { readonly measured: number; readonly baseline: number }[] = [];
  for (let i = 0; i < PAIRS; i += 1) {
    const baseline = await work.baseline();
    pairs.push({ baseline, measured: await work.measured() });
  }
  const ratios = pairs.map(({ measured, baseline }) => measured / baseline);
  return {
    name,
    measured: median(ratios),
    notes: [
      `${work.describe(median(pairs.map(({ measured }) => measured)))} against ${work.describe(median(pairs.map(({ baseline }) => baseline)))}`,
      `pairs ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`,
    ],
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
