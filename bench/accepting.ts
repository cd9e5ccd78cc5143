import type { Delivery } from './load/deliveries.ts';
import { send } from './load/deliveries.ts';
import { ratioOfPairs } from './load/pairs.ts';
import { freePort } from '../test/server/ports.ts';
import { startProgram, type Program } from './load/program.ts';
import { startLoadedGitHub, type LoadedGitHub } from './load/world.ts';
import type { Benchmark, Row } from './row.ts';

const REPOSITORIES = 50;
const DELIVERIES = 3000;
const AT_ONCE = 32;

/** How fast deliveries are taken, whatever waits. */
export const accepting: Benchmark = {
  name: 'accepting',
  async run() {
    return [await measureRate(), await measureLatency()];
  },
};

async function measureRate(): Promise<Row> {
  const world = await startLoadedGitHub({ installations: [REPOSITORIES], latency: 0 });
  const programs: Program[] = [];
  try {
    const ours = await startProgram('server', world.environment({ BENCH_JOBS: 'none' }));
    programs.push(ours);
    const probot = await startProgram('probot', world.environment({ PORT: String(await freePort()) }));
    programs.push(probot);
    const variant = await ratioOfPairs(`${DELIVERIES} deliveries, ${AT_ONCE} at once`, {
      measured: () => rate(ours, manyDeliveries(world)),
      baseline: () => rate(probot, manyDeliveries(world)),
      describe: (perSecond) => `${perSecond.toFixed(0)} a second`,
    });
    return {
      figure: 'webhooks a second accepted, against a Probot 14 server with an empty handler',
      unit: 'times as many',
      bar: { kind: 'at least', value: 1 },
      measured: variant.measured,
      baseline: 1,
      variants: [variant],
    };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await world.github.stop();
  }
}

function manyDeliveries(world: LoadedGitHub): readonly Delivery[] {
  return Array.from({ length: DELIVERIES / REPOSITORIES }, () => world.deliveries()).flat();
}

async function rate({ url }: Program, deliveries: readonly Delivery[]): Promise<number> {
  const start = performance.now();
  await send(url, deliveries, AT_ONCE);
  return deliveries.length / ((performance.now() - start) / 1000);
}

/** Jobs that wait before and, made sure of, after what is measured. */
const WAITING = 1000;
const PROBES = 500;
/** One at a time: what waits is the deliveries' own, not one another. */
const ONE = 1;
const LATENCY = 50;

async function measureLatency(): Promise<Row> {
  const world = await startLoadedGitHub({ installations: Array.from({ length: 10 }, () => 200), latency: LATENCY });
  const server = await startProgram('server', world.environment());
  const probed = world.places.slice(0, 10);
  const others = world.places.slice(10);
  const probe = async (): Promise<number> => {
    const deliveries = Array.from({ length: PROBES / probed.length }, () => world.deliveries(probed)).flat();
    return percentile(await send(server.url, deliveries, ONE), 0.99);
  };
  try {
    const variant = await ratioOfPairs(`${PROBES} deliveries, one after the other`, {
      async baseline() {
        await server.ask('idle');
        return probe();
      },
      async measured() {
        await send(server.url, world.deliveries(others), AT_ONCE);
        const time = await probe();
        const left = Number(await server.ask('depth'));
        if (left < WAITING) throw new Error(`Only ${left} jobs waited at the end: too few deliveries went before`);
        return time;
      },
      describe: (milliseconds) => `${milliseconds.toFixed(1)} ms`,
    });
    return {
      figure: `the 99th percentile of accepting while ${WAITING.toLocaleString('en-GB')} jobs wait, against the same when idle`,
      unit: 'times as long',
      bar: { kind: 'at most', value: 3 },
      measured: variant.measured,
      baseline: 1,
      variants: [variant],
    };
  } finally {
    await server.stop();
    await world.github.stop();
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}
