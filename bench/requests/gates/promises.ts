import { worstOf, type Bar, type Row } from '../../row.ts';
import { countForGates, type Circumstances } from './measure.ts';
import { countNaivelyForGates } from './naive.ts';

/** A line of the table about gates. */
export interface PromisedOfGates {
  readonly figure: string;
  readonly most: number;
  readonly unit: string;
  readonly circumstances: readonly Circumstances[];
  readonly naively: 'decision' | 'again';
}

const PROCESSES = ['cold', 'warm'] as const;
const FEW = 3;
const MANY = 30;

export const gatesPromises: readonly PromisedOfGates[] = [
  {
    figure: `a decision with all nine gates on it, one of ${FEW} or of ${MANY} such environments`,
    most: 6,
    unit: 'reads beside the policy',
    naively: 'decision',
    circumstances: [FEW, MANY].flatMap((environments) =>
      PROCESSES.flatMap((process) =>
        (['approved', 'waits'] as const).map((says) => ({
          name: `${process} process, ${environments} environments, ${says}`,
          environments,
          process,
          work: { kind: 'decision', says } as const,
        })),
      ),
    ),
  },
  {
    figure: 'a re-evaluation that changes nothing, with all nine gates',
    most: 0,
    unit: 'writes',
    naively: 'again',
    circumstances: [
      ...PROCESSES.flatMap((process) => (['a status', 'a press'] as const).map((because) => again(process, because))),
      // The first sweep of a process reports what it found on the default branch.
      again('warm', 'a sweep'),
    ],
  },
];

function again(process: 'cold' | 'warm', because: 'a status' | 'a press' | 'a sweep'): Circumstances {
  return {
    name: `${process} process, because of ${because}`,
    environments: FEW,
    process,
    work: { kind: 'again', because },
  };
}

/** Measures one line, without what the naive way takes. */
export async function measureGates({ figure, most, unit, circumstances }: PromisedOfGates): Promise<Row> {
  const variants = [];
  for (const each of circumstances) variants.push(await countForGates(each));
  const bar: Bar = { kind: 'at most', value: most };
  return { figure, unit, bar, measured: worstOf(variants, bar.kind).measured, baseline: null, variants };
}

/** All lines, each beside what the naive way takes. */
export async function gatesRows(): Promise<readonly Row[]> {
  const rows = [];
  for (const promised of gatesPromises) {
    const baseline = await countNaivelyForGates(promised.naively);
    rows.push({ ...(await measureGates(promised)), baseline });
  }
  return rows;
}
