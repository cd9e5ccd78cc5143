import type { LoggedRequest, Simulator } from '../test/simulator/index.ts';
import type { RunningServer } from '../src/server.ts';
import { SECOND, setFleet, startFleetServer } from './sweep/stage.ts';
import type { Benchmark, Row } from './row.ts';

const REPOSITORIES = 1000;
const MINUTE = 60_000;

/** What a sweep costs in which nothing has to be done: the first of a process, and the one after it. */
export const sweep: Benchmark = {
  name: 'sweep',
  run: () => measureSweeps(REPOSITORIES),
};

export async function measureSweeps(repositories: number): Promise<readonly Row[]> {
  const github = await setFleet(repositories);
  try {
    await bringToOrder(github);
    github.clock.advance(20 * MINUTE);
    const server = await startFleetServer(github, { second: SECOND });
    try {
      const first = await sweepOnce(github, server);
      github.clock.advance(15 * MINUTE);
      const second = await sweepOnce(github, server);
      return rowsOf(repositories, { first, second, naive: naive(repositories) });
    } finally {
      await server.stop();
    }
  } finally {
    await github.stop();
  }
}

/** Another process has been here, and reported. Nobody is counted, held back or waited for. */
async function bringToOrder(github: Simulator): Promise<void> {
  github.limits.pause();
  const server = await startFleetServer(github, 'none');
  await sweepOnce(github, server);
  await server.stop();
  github.limits.resume();
}

interface Swept {
  readonly requests: number;
  readonly points: number;
  readonly writes: number;
  /** GitHub's minutes. */
  readonly minutes: number;
  readonly breaches: number;
  readonly notes: readonly string[];
}

async function sweepOnce(github: Simulator, { sweeper, queue }: RunningServer): Promise<Swept> {
  github.requests.reset();
  const breaches = github.breaches.length;
  const start = performance.now();
  await sweeper.sweep();
  await queue.idle();
  return {
    requests: github.requests.count(),
    points: github.requests.cost(),
    writes: github.requests.writes().length,
    minutes: (performance.now() - start) / SECOND / 60,
    breaches: github.breaches.length - breaches,
    notes: makeup(github.requests.list()),
  };
}

/** Each repository's policy, environments and deployments, and the newest status of each deployment: five of each. */
function naive(repositories: number): number {
  return repositories * (1 + 1 + 1 + 5);
}

function rowsOf(
  repositories: number,
  { first, second, naive: baseline }: { readonly first: Swept; readonly second: Swept; readonly naive: number },
): readonly Row[] {
  const fleet = `${repositories.toLocaleString('en-GB')} repositories with 5 environments each, all as they should be`;
  const variant = (name: string, measured: number, { notes }: Swept) => ({ name, measured, notes });
  return [
    {
      figure: `first sweep of ${fleet}: a repository`,
      unit: 'requests',
      bar: { kind: 'at most', value: 2.2 },
      measured: first.requests / repositories,
      baseline: baseline / repositories,
      variants: [variant('a process that has just started', first.requests / repositories, first)],
    },
    {
      figure: 'the same, until it is done, at the pace that GitHub asks for',
      unit: 'minutes',
      bar: { kind: 'at most', value: 10 },
      measured: first.minutes,
      baseline: null,
      variants: [variant('a process that has just started', first.minutes, first)],
    },
    {
      figure: 'second sweep of the same process, with nothing changed',
      unit: 'points of the rate limit',
      bar: { kind: 'at most', value: 60 },
      measured: second.points,
      baseline,
      variants: [variant('the same process', second.points, second)],
    },
    {
      figure: 'secondary limits overstepped in either',
      unit: 'times',
      bar: { kind: 'at most', value: 0 },
      measured: first.breaches + second.breaches,
      baseline: null,
      variants: [variant('both', first.breaches + second.breaches, first)],
    },
    {
      figure: 'writes in either',
      unit: 'writes',
      bar: { kind: 'at most', value: 0 },
      measured: first.writes + second.writes,
      baseline: null,
      variants: [variant('both', first.writes + second.writes, first)],
    },
  ];
}

function makeup(requests: readonly LoggedRequest[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { operation, route, status } of requests) {
    const name = `${operation ?? route ?? 'unknown'}${status === 304 ? ', not modified' : ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`);
}
