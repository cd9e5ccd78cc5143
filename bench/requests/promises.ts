import type { Circumstances } from './measure.ts';
import type { Piece } from './piece.ts';
import { atRest } from './pieces/at-rest.ts';
import { burst } from './pieces/burst.ts';
import { pullRequestClosed } from './pieces/pull-request-closed.ts';
import { superseded } from './pieces/superseded.ts';
import { ungoverned } from './pieces/ungoverned.ts';

/** A line of the table, and under which circumstances it is tried. */
export interface Promised {
  readonly figure: string;
  /** Requests; null: nothing is promised, the figure is only shown. */
  readonly most: number | null;
  readonly circumstances: readonly Circumstances[];
  /** What the naive way is measured with. */
  readonly naively: Piece;
}

/** Milliseconds between two runs of one job in production. */
const SPACING = 1000;

const PROCESSES = ['cold', 'warm'] as const;
const NAMINGS = ['exact', 'pattern'] as const;
const STYLES = ['branch', 'commit', 'merge'] as const;
const BRANCHES = ['alive', 'deleted'] as const;

type Setting = Pick<Circumstances, 'process'> & { readonly naming: (typeof NAMINGS)[number] };

/** Whatever it is, it is tried in a cold and in a warm process, with an entry of the exact name and with a pattern. */
function everywhere(make: (setting: Setting) => readonly Tried[]): readonly Circumstances[] {
  return PROCESSES.flatMap((process) =>
    NAMINGS.flatMap((naming) =>
      make({ process, naming }).map(({ how, ...rest }) => ({
        ...rest,
        process,
        name: [`${process} process`, `${naming} entry`, ...how].join(', '),
      })),
    ),
  );
}

/** `how`: in words, what else there is to it. */
type Tried = Omit<Circumstances, 'name' | 'process'> & { readonly how: readonly string[] };

export const promises: readonly Promised[] = [
  {
    figure: 'one deployment superseded by a new success, of up to 100',
    most: 3,
    naively: superseded({ naming: 'exact', total: 100, ending: 1, style: 'branch', per: 'environment' }),
    circumstances: everywhere(({ naming }) =>
      STYLES.flatMap((style) =>
        (['environment', 'pull_request'] as const).map((per) => ({
          how: [`refs by ${style}`, `one active per ${per}`],
          piece: superseded({ naming, total: 100, ending: 1, style, per }),
        })),
      ),
    ),
  },
  {
    figure: '100 of 100 to 200 deployments made inactive',
    most: 9,
    naively: closing({ naming: 'exact', total: 200, style: 'branch', branch: 'deleted', others: 'active between' })
      .piece,
    circumstances: everywhere(({ naming }) => [
      ...[101, 150, 200].map((total) => ({
        how: ['superseded', `of ${total}`],
        piece: superseded({ naming, total, ending: 100, style: 'branch', per: 'environment' }),
      })),
      ...STYLES.flatMap((style) =>
        BRANCHES.flatMap((branch) => [
          closing({ naming, total: 100, style, branch, others: 'ended before' }),
          closing({ naming, total: 150, style, branch, others: 'active between' }),
          closing({ naming, total: 200, style, branch, others: 'ended before' }),
          closing({ naming, total: 200, style, branch, others: 'active between' }),
        ]),
      ),
    ]),
  },
  {
    figure: '1,000 of 1,000 deployments made inactive',
    most: 75,
    naively: superseded({ naming: 'exact', total: 1000, ending: 999, style: 'branch', per: 'environment' }),
    circumstances: everywhere(({ naming }) => [
      {
        how: ['superseded'],
        piece: superseded({ naming, total: 1001, ending: 1000, style: 'branch', per: 'environment' }),
      },
      ...BRANCHES.map((branch) =>
        closing({ naming, total: 1000, ending: 1000, style: 'branch', branch, others: 'ended before' }),
      ),
    ]),
  },
  {
    figure: 'a delivery about an environment, of up to 100, that is as it should be',
    most: 2,
    naively: atRest({ naming: 'exact', total: 100, style: 'branch', active: 'one' }),
    circumstances: everywhere(({ naming }) => resting(naming, [1, 100])),
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
    circumstances: everywhere(({ naming }) =>
      STYLES.map((style) => ({
        how: [`refs by ${style}`],
        spacing: SPACING,
        piece: burst({ naming, deliveries: 50, style, per: 'environment' }),
      })),
    ),
  },
  {
    figure: 'the same delivery, about an environment of 200',
    most: null,
    naively: atRest({ naming: 'exact', total: 200, style: 'branch', active: 'one' }),
    circumstances: everywhere(({ naming }) => resting(naming, [200])),
  },
  {
    figure: '100 of 200 deployments made inactive by a sweep, all deliveries having been lost',
    most: null,
    naively: closing({ naming: 'exact', total: 200, style: 'branch', branch: 'deleted', others: 'active between' })
      .piece,
    circumstances: everywhere(({ naming }) =>
      STYLES.map((style) => ({
        ...closing({ naming, total: 200, style, branch: 'deleted', others: 'active between' }),
        foundBy: 'sweep',
      })),
    ),
  },
];

function closing(
  options: Omit<Parameters<typeof pullRequestClosed>[0], 'ending'> & { readonly ending?: number },
): Tried {
  const { total, style, branch, others, ending = 100 } = options;
  const rest = total === ending ? [] : [`the others ${others}`];
  return {
    how: ['pull request closed', `branch ${branch}`, `refs by ${style}`, `of ${total}`, ...rest],
    piece: pullRequestClosed({ ...options, ending }),
  };
}

function resting(naming: Setting['naming'], totals: readonly number[]): readonly Tried[] {
  return (['branch', 'commit'] as const).flatMap((style) =>
    (['one', 'many'] as const).flatMap((active) =>
      totals.map((total) => ({
        how: [`refs by ${style}`, `${active} active`, `of ${total}`],
        piece: atRest({ naming, total, style, active }),
      })),
    ),
  );
}
