import type { LoggedRequest } from '../test/simulator/index.ts';
import { placeOf, setStage, type Stage, type StageSize, type ToldOf } from './deliveries/stage.ts';
import { send } from './load/deliveries.ts';
import { startProgram } from './load/program.ts';
import { worstOf, type Benchmark, type Row, type Variant } from './row.ts';

/** How often each delivery comes. */
const TIMES = 3;
const AT_ONCE = 32;

/** The same 10,000 deliveries, about few places and about many. */
const SIZES: Readonly<Record<string, StageSize>> = {
  'ten about each of 1,000 environments, of one installation': {
    installations: 1,
    repositories: 500,
    environments: 2,
    statuses: 10,
    superseded: 40,
  },
  'one about each of 10,000 environments of 1,000 names, of ten installations': {
    installations: 10,
    repositories: 50,
    environments: 20,
    statuses: 1,
    superseded: 40,
  },
};

/** What comes in no order and more than once, with GitHub's limits enforced, and kept at production's pace. */
export const deliveries: Benchmark = {
  name: 'deliveries',
  async run() {
    const floods: Flood[] = [];
    for (const [name, size] of Object.entries(SIZES)) floods.push(await measureFlood(name, size));
    return rowsOf(floods);
  },
};

interface Flood {
  readonly name: string;
  /** Distinct ones. */
  readonly jobs: number;
  readonly sent: number;
  readonly requests: number;
  /** What should have ended and has not or the other way round, and places at which nobody looked after the last word. */
  readonly lost: number;
  readonly breaches: number;
  readonly notes: readonly string[];
}

async function measureFlood(name: string, size: StageSize): Promise<Flood> {
  const stage = await setStage(size);
  const { github, told } = stage;
  const variables = { HOST: '127.0.0.1', PORT: '0', SWEEP_INTERVAL: '0', LOG_LEVEL: 'fatal' };
  const server = await startProgram('server', { ...github.environment(), ...variables });
  try {
    const start = performance.now();
    const order = shuffled(Array.from({ length: TIMES }, () => told).flat());
    const lastTold = await tell(server.url, order);
    const taken = performance.now() - start;
    await server.ask('idle');
    const seconds = (performance.now() - start) / 1000;
    const requests = github.requests.list();
    return {
      name,
      jobs: lastTold.size,
      sent: order.length,
      requests: requests.length,
      lost: countLost(stage, { lastTold, requests }),
      // Tokens are the app's own affair.
      breaches: github.breaches.filter(({ holder }) => holder !== 'app').length,
      notes: [
        `${order.length} deliveries in ${(taken / 1000).toFixed(0)} s, all done after ${seconds.toFixed(0)} s`,
        ...makeup(requests),
        `${github.requests.tokens().length} for tokens, not counted`,
      ],
    };
  } finally {
    await server.stop();
    await github.stop();
  }
}

/** Sends all of them, and resolves to when the last one about each place went out. @throws where one is not taken. */
async function tell(url: string, order: readonly ToldOf[]): Promise<ReadonlyMap<string, number>> {
  const lastTold = new Map<string, number>();
  function* asTheyGo() {
    for (const { place, delivery } of order) {
      lastTold.set(place, Date.now());
      yield delivery;
    }
  }
  await send(url, asTheyGo(), AT_ONCE);
  return lastTold;
}

function countLost(
  { superseded, kept }: Stage,
  seen: { readonly lastTold: ReadonlyMap<string, number>; readonly requests: readonly LoggedRequest[] },
): number {
  const wrong =
    superseded.filter(({ state }) => state !== 'inactive').length +
    kept.filter(({ state }) => state !== 'success').length;
  const looked = new Map<string, number>();
  for (const request of seen.requests) {
    const place = lookedAt(request);
    if (place !== null) looked.set(place, request.startedAt);
  }
  const overlooked = [...seen.lastTold].filter(([place, at]) => (looked.get(place) ?? 0) < at).length;
  return wrong + overlooked;
}

/** The place whose deployments a request lists; null for other requests. */
function lookedAt({ operation, body }: LoggedRequest): string | null {
  if (operation !== 'EnvironmentDeployments') return null;
  const { variables } = body as { readonly variables: Readonly<Record<string, unknown>> };
  return placeOf(String(variables['owner']), String(variables['name']), String(variables['environment']));
}

/** The same order in every run: what was slow once can be looked at again. */
function shuffled<T>(values: readonly T[]): readonly T[] {
  const all = [...values];
  let seed = 42;
  for (let i = all.length - 1; i > 0; i -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((seed / 2 ** 32) * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}

/** The policy, the list, and the newest status of the one deployment, at every delivery. */
const NAIVELY = 3;

function rowsOf(floods: readonly Flood[]): readonly Row[] {
  const figure =
    '10,000 deliveries over 500 repositories and 1,000 environments, each three times, in random order, GitHub at 50 ms';
  const row = (
    text: string,
    unit: string,
    { most, baseline, measure }: { most: number; baseline: number | null; measure: (flood: Flood) => number },
  ): Row => {
    const variants = floods.map((flood): Variant => ({
      name: flood.name,
      measured: measure(flood),
      notes: flood.notes,
    }));
    const bar = { kind: 'at most', value: most } as const;
    return { figure: text, unit, bar, measured: worstOf(variants, bar.kind).measured, baseline, variants };
  };
  const naive = Math.max(...floods.map(({ sent, jobs }) => (sent * NAIVELY) / jobs));
  return [
    row(`${figure}: for each distinct job`, 'requests', {
      most: 3,
      baseline: naive,
      measure: ({ requests, jobs }) => requests / jobs,
    }),
    row('the same: jobs that were lost', 'jobs', { most: 0, baseline: null, measure: ({ lost }) => lost }),
    row('the same: secondary limits overstepped', 'times', {
      most: 0,
      baseline: null,
      measure: ({ breaches }) => breaches,
    }),
  ];
}

function makeup(requests: readonly LoggedRequest[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { operation, route, status } of requests) {
    const name = `${operation ?? route ?? 'unknown'}${status < 400 ? '' : ` (${status})`}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`);
}
