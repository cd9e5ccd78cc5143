import { countNaively } from './requests/naive.ts';
import { countRequests, type Circumstances } from './requests/measure.ts';
import type { Piece } from './requests/piece.ts';
import { atRest } from './requests/pieces/at-rest.ts';
import { burst } from './requests/pieces/burst.ts';
import { pullRequestClosed } from './requests/pieces/pull-request-closed.ts';
import { superseded } from './requests/pieces/superseded.ts';
import { ungoverned } from './requests/pieces/ungoverned.ts';
import { worstOf, type Benchmark, type Row } from './row.ts';

/** A line of the table: what is promised, and under which circumstances it is tried. */
export interface Promised {
  readonly figure: string;
  readonly most: number;
  readonly circumstances: readonly Circumstances[];
  /** What the naive way is measured with. */
  readonly naively: Piece;
}

/** Milliseconds between two runs of one job in production. */
const SPACING = 1000;
const BOTH = ['cold', 'warm'] as const;
const NAMINGS = ['exact', 'pattern'] as const;

export const promised: readonly Promised[] = [
  {
    figure: 'one deployment superseded by a new success, of up to 100',
    most: 3,
    naively: superseded({
      naming: 'exact',
      total: 100,
      ending: 1,
      style: 'branch',
      per: 'environment',
      watchful: true,
    }),
    circumstances: BOTH.flatMap((process) =>
      NAMINGS.flatMap((naming) =>
        (['branch', 'commit', 'merge'] as const).flatMap((style) =>
          ([false, true] as const).flatMap((watchful) =>
            (['environment', 'pull_request'] as const).flatMap((per) =>
              [2, 100].map((total) => ({
                name: named(
                  process,
                  naming,
                  `by ${style}`,
                  `one per ${per}`,
                  watchful ? 'watchful' : '',
                  `${total} deployments`,
                ),
                process,
                piece: superseded({ naming, total, ending: 1, style, per, watchful }),
              })),
            ),
          ),
        ),
      ),
    ),
  },
  {
    figure: '100 of 100 to 200 deployments made inactive',
    most: 9,
    naively: pullRequestClosed({
      naming: 'exact',
      total: 200,
      ending: 100,
      style: 'branch',
      branch: 'deleted',
      others: 'active between',
    }),
    circumstances: BOTH.flatMap((process) =>
      NAMINGS.flatMap((naming) => [
        ...[101, 150, 200].flatMap((total) =>
          (['branch', 'commit'] as const).map((style) => ({
            name: named(process, naming, 'superseded', `by ${style}`, `${total} deployments`),
            process,
            piece: superseded({ naming, total, ending: 100, style, per: 'environment', watchful: true }),
          })),
        ),
        ...[100, 150, 200].flatMap((total) =>
          (['alive', 'deleted'] as const).flatMap((branch) =>
            (['branch', 'commit', 'merge'] as const).flatMap((style) =>
              (['ended before', 'active between'] as const).flatMap((others) =>
                total === 100 && others === 'active between'
                  ? []
                  : [
                      {
                        name: named(
                          process,
                          naming,
                          'pull request closed',
                          `branch ${branch}`,
                          `by ${style}`,
                          `${total} deployments`,
                          others,
                        ),
                        process,
                        piece: pullRequestClosed({ naming, total, ending: 100, style, branch, others }),
                      },
                    ],
              ),
            ),
          ),
        ),
      ]),
    ),
  },
  {
    figure: '1,000 of 1,000 deployments made inactive',
    most: 75,
    naively: superseded({
      naming: 'exact',
      total: 1000,
      ending: 999,
      style: 'branch',
      per: 'environment',
      watchful: true,
    }),
    circumstances: BOTH.flatMap((process) =>
      NAMINGS.flatMap((naming) => [
        {
          name: named(process, naming, 'superseded', 'by branch'),
          process,
          piece: superseded({ naming, total: 1001, ending: 1000, style: 'branch', per: 'environment', watchful: true }),
        },
        ...(['alive', 'deleted'] as const).map((branch) => ({
          name: named(process, naming, 'pull request closed', `branch ${branch}`, 'by branch'),
          process,
          piece: pullRequestClosed({
            naming,
            total: 1000,
            ending: 1000,
            style: 'branch',
            branch,
            others: 'ended before',
          }),
        })),
      ]),
    ),
  },
  {
    figure: 'a delivery about an environment that is as it should be',
    most: 2,
    naively: atRest({ naming: 'exact', total: 100, style: 'branch', active: 'one' }),
    circumstances: BOTH.flatMap((process) =>
      NAMINGS.flatMap((naming) =>
        (['branch', 'commit'] as const).flatMap((style) =>
          (['one', 'many'] as const).flatMap((active) =>
            [1, 100, 200].map((total) => ({
              name: named(process, naming, `by ${style}`, `${active} active`, `${total} deployments`),
              process,
              piece: atRest({ naming, total, style, active }),
            })),
          ),
        ),
      ),
    ),
  },
  {
    figure: 'a delivery about a repository without a policy, seen before',
    most: 1,
    naively: ungoverned('deployment_status'),
    circumstances: (['deployment_status', 'pull_request', 'delete'] as const).map((event) => ({
      name: event,
      process: 'warm',
      piece: ungoverned(event),
    })),
  },
  {
    figure: '50 deliveries about one environment within a second',
    most: 8,
    naively: burst({ naming: 'exact', deliveries: 50, style: 'branch', per: 'environment' }),
    circumstances: BOTH.flatMap((process) =>
      NAMINGS.flatMap((naming) =>
        (['branch', 'commit'] as const).map((style) => ({
          name: named(process, naming, `by ${style}`),
          process,
          spacing: SPACING,
          piece: burst({ naming, deliveries: 50, style, per: 'environment' }),
        })),
      ),
    ),
  },
];

function named(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** Measures one line of the table, the naive way as well where it is asked for. */
export async function measure(one: Promised, { naively }: { readonly naively: boolean }): Promise<Row> {
  const variants = [];
  for (const circumstances of one.circumstances) variants.push(await countRequests(circumstances));
  const bar = { kind: 'at most', value: one.most } as const;
  return {
    figure: one.figure,
    unit: 'requests',
    bar,
    measured: worstOf(variants, bar).measured,
    baseline: naively ? await countNaively(one.naively) : null,
    variants,
  };
}

export const requests: Benchmark = {
  name: 'requests',
  async run() {
    const rows = [];
    for (const one of promised) rows.push(await measure(one, { naively: true }));
    return rows;
  },
};
