import { worstOf, type Bar, type Row } from '../../row.ts';
import { countForProtection, type Circumstances, type Work } from './measure.ts';
import { countNaivelyForProtection } from './naive.ts';
import type { Others } from './twenty.ts';

/** A line of the table about protection. */
export interface PromisedOfProtection {
  readonly figure: string;
  readonly most: number;
  readonly unit: string;
  readonly circumstances: readonly Circumstances[];
  readonly naively: 'look' | 'change';
}

export const protectionPromises: readonly PromisedOfProtection[] = [
  {
    figure: '20 environments that are as the policy says, 5 with patterns of their own, looked at the first time',
    most: 8,
    unit: 'requests',
    naively: 'look',
    circumstances: [
      one('found by a sweep', { kind: 'first look', by: 'sweep', report: 'written before' }),
      one(
        'found by a sweep, protected branches',
        { kind: 'first look', by: 'sweep', report: 'written before' },
        'protected branches',
      ),
      one('found by a sweep, no report so far', { kind: 'first look', by: 'sweep', report: 'none' }),
      one(
        'found by a sweep, protected branches, no report so far',
        { kind: 'first look', by: 'sweep', report: 'none' },
        'protected branches',
      ),
      one('policy pushed', { kind: 'first look', by: 'push', report: 'written before' }),
      one('policy pushed, no report so far', { kind: 'first look', by: 'push', report: 'none' }),
    ],
  },
  {
    figure: 'the same, looked at the second time',
    most: 0,
    unit: 'points of the rate limit',
    naively: 'look',
    circumstances: [
      one('found by a sweep', { kind: 'second look' }),
      one('found by a sweep, protected branches', { kind: 'second look' }, 'protected branches'),
    ],
  },
  {
    figure: 'the reviewer of one of these 20 environments changed',
    most: 12,
    unit: 'requests',
    naively: 'change',
    circumstances: (['cold', 'warm'] as const).flatMap((process) => [
      ...['@release', 'carol'].map((reviewer) =>
        one(`${process} process, ${reviewer.startsWith('@') ? 'a team' : 'a user'} by the policy`, {
          kind: 'change',
          process,
          reviewer,
        }),
      ),
      one(`${process} process, put back by a sweep`, { kind: 'drift', process }),
    ]),
  },
];

function one(name: string, work: Work, others: Others = 'any branch'): Circumstances {
  return { name, work, others };
}

/** Measures one line, without what the naive way takes. */
export async function measureProtection({ figure, most, unit, circumstances }: PromisedOfProtection): Promise<Row> {
  const variants = [];
  for (const each of circumstances) variants.push(await countForProtection(each));
  const bar: Bar = { kind: 'at most', value: most };
  return { figure, unit, bar, measured: worstOf(variants, bar.kind).measured, baseline: null, variants };
}

/** All lines, each beside what the naive way takes. */
export async function protectionRows(): Promise<readonly Row[]> {
  const rows = [];
  for (const promised of protectionPromises) {
    const baseline = await countNaivelyForProtection(promised.naively);
    rows.push({ ...(await measureProtection(promised)), baseline });
  }
  return rows;
}
