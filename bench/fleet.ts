import { execFileSync } from 'node:child_process';
import { connectRedis } from '../src/redis/connect.ts';
import { createRedisQueue, type RedisQueue } from '../src/jobs/redis-queue.ts';
import { createSilentLogger } from '../src/logging.ts';
import { createMetrics } from '../src/metrics.ts';
import { startRedis, type RedisUnderTest } from '../test/redis/start.ts';
import { installationId, repositoryId } from '../src/github/trusted.ts';
import { send, type Place } from './load/deliveries.ts';
import { ratioOfPairs } from './load/pairs.ts';
import { startProgram, type Program } from './load/program.ts';
import { startLoadedGitHub, type LoadedGitHub } from './load/world.ts';
import type { Benchmark, Row, Variant } from './row.ts';

const CONCURRENCY = 4;
const LATENCY = 50;

/** Several processes, and several installations, that share what there is. */
export const fleet: Benchmark = {
  name: 'fleet',
  async run() {
    if (!hasRedis()) throw new Error('This benchmark starts a redis-server of its own: install it');
    return [await measureTwo(), await measureLate()];
  },
};

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

const INSTALLATIONS = 300;
const REPOSITORIES = 3;

async function measureTwo(): Promise<Row> {
  const redis = await startRedis();
  const world = await startLoadedGitHub({
    installations: Array.from({ length: INSTALLATIONS }, () => REPOSITORIES),
    latency: LATENCY,
  });
  try {
    const variant = await ratioOfPairs(`${world.places.length} jobs`, {
      measured: () => jobsASecond(world, redis, 2),
      baseline: () => jobsASecond(world, redis, 1),
      describe: (rate) => `${rate.toFixed(0)} jobs a second`,
      warmUp: false,
    });
    return {
      figure: `two processes on one Redis, against one: ${INSTALLATIONS} installations of three repositories, CONCURRENCY=${CONCURRENCY}, GitHub at ${LATENCY} ms`,
      unit: 'times as many jobs a second',
      bar: { kind: 'at least', value: 1.6 },
      measured: variant.measured,
      baseline: 1,
      variants: [variant],
    };
  } finally {
    await world.github.stop();
    await redis.remove();
  }
}

async function jobsASecond(world: LoadedGitHub, { url }: RedisUnderTest, processes: number): Promise<number> {
  const environment = world.environment({ REDIS_URL: url, CONCURRENCY: String(CONCURRENCY) });
  const programs: Program[] = [];
  for (let i = 0; i < processes; i += 1) programs.push(await startProgram('server', environment));
  const door = await openDoor(url, world.github.app.id);
  try {
    // Each process has made its connections, and asked for its tokens, before it counts.
    await fill(
      door.queue,
      world.places.filter((_, i) => i % REPOSITORIES === 0),
    );
    await door.queue.idle();
    world.github.requests.reset();
    const start = performance.now();
    await fill(door.queue, world.places);
    await door.queue.idle();
    return world.places.length / ((performance.now() - start) / 1000);
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await door.close();
  }
}

/** A process that puts jobs into Redis and runs none. */
async function openDoor(url: string, appId: number): Promise<{ readonly queue: RedisQueue; close(): Promise<void> }> {
  const redis = await connectRedis(url);
  const options = { concurrency: 1, spacing: 0, second: 1000, log: createSilentLogger(), metrics: createMetrics() };
  const queue = createRedisQueue({ ...options, redis, appId });
  return {
    queue,
    async close() {
      await queue.stop(0);
      redis.close();
    },
  };
}

async function fill(queue: RedisQueue, places: readonly Place[]): Promise<void> {
  await Promise.all(
    places.map(({ installation, repository: { id, owner, name } }) =>
      queue.add({
        installation: installationId(installation),
        repository: { id: repositoryId(id), owner, name },
        scope: { kind: 'repository' },
        reason: 'benchmark',
      }),
    ),
  );
}

const FLOOD = 400;
const FURTHER = 150;

async function measureLate(): Promise<Row> {
  const redis = await startRedis();
  try {
    const variants = [
      await requestsUntilDone('memory', {}),
      await requestsUntilDone('redis', { REDIS_URL: redis.url }),
    ];
    return {
      figure: `${FLOOD} jobs of one installation wait, CONCURRENCY=${CONCURRENCY}, and one of another comes: requests until that is done`,
      unit: 'requests',
      bar: { kind: 'at most', value: FURTHER },
      measured: Math.max(...variants.map(({ measured }) => measured)),
      baseline: null,
      variants,
    };
  } finally {
    await redis.remove();
  }
}

const POLICY = 'version: 1\nenvironments:\n  - name: review/*\n    lifecycle: { inactivate_after: 14d }\n';

/** All requests, tokens too, from the moment that the late delivery is sent until the last one about it. */
async function requestsUntilDone(name: string, more: Readonly<Record<string, string>>): Promise<Variant> {
  const world = await startLoadedGitHub({ installations: [FLOOD + CONCURRENCY, 1], latency: LATENCY, policy: POLICY });
  const server = await startProgram('server', world.environment({ CONCURRENCY: String(CONCURRENCY), ...more }));
  try {
    const late = world.places.slice(-1);
    await send(server.url, world.deliveries(world.places.slice(0, -1)), 16);
    const waiting = Number(await server.ask('depth'));
    world.github.requests.reset();
    await send(server.url, world.deliveries(late), 1);
    await server.ask('idle');
    const all = world.github.requests.list();
    const measured = all.findLastIndex((one) => one.installation === late[0]?.installation) + 1;
    if (measured === 0) throw new Error('The job that came late was not done');
    return { name, measured, notes: [`${waiting} jobs waited`] };
  } finally {
    await server.stop();
    await world.github.stop();
  }
}
