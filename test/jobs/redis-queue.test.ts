import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { jobKey, type Job } from '../../src/jobs/job.ts';
import { QueueFullError } from '../../src/jobs/queue.ts';
import { PRODUCTION_TIMES } from '../../src/jobs/redis-queue.ts';
import { buildProcess } from '../server/processes.ts';
import { describeWithRedis, startRedis, type RedisUnderTest } from '../redis/server.ts';
import { setUpRedis, type RedisBench } from './redis-bench.ts';
import { SHORT } from './redis-times.ts';
import { lookAt } from './work-bench.ts';

jest.setTimeout(60_000);

const key = (name: string, installation = 1): string => jobKey(lookAt(name, installation));

describeWithRedis('a queue in Redis', () => {
  let redis: RedisUnderTest;
  let bench: RedisBench;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    expect(bench.wrongs).toEqual([]);
    await bench.stop();
  });
  afterAll(() => redis.remove());

  const setUp = async (options: Parameters<typeof setUpRedis>[1] = {}): Promise<RedisBench> => {
    bench = await setUpRedis(redis.url, options);
    return bench;
  };

  test('runs what is added, wherever', async () => {
    const { queues, runs, until, finish } = await setUp();
    await queues[0]?.add(lookAt('a'));
    await until(() => runs.length === 1);
    expect(runs[0]?.job).toEqual(lookAt('a'));
    finish(key('a'));
    await queues[1]?.idle();
    expect(await queues[0]?.depth()).toEqual({ waiting: 0, oldest: 0 });
  });

  test('however many arrive while one runs, from whichever process, cause exactly one more run', async () => {
    const { queues, runs, until, finish } = await setUp();
    await queues[0]?.add(lookAt('a'));
    await until(() => runs.length === 1);
    for (let i = 0; i < 60; i++) {
      await queues[i % 2]?.add(
        lookAt('a', 1, { about: [{ kind: 'ref', ref: String(i % 10) }], deliveries: [`d${i}`] }),
      );
    }
    expect(await queues[0]?.depth()).toMatchObject({ waiting: 1 });
    finish(key('a'));
    await until(() => runs.length === 2);
    expect(runs[1]?.job.about).toHaveLength(10);
    finish(key('a'));
    await queues[0]?.idle();
    expect(runs).toHaveLength(2);
  });

  test('a job that fails is tried again, and is left to the sweep after five runs', async () => {
    const { queues, runs, until, finish, metrics } = await setUp();
    await queues[0]?.add(lookAt('a'));
    for (let i = 1; i <= 5; i++) {
      await until(() => runs.length === i);
      finish(key('a'), new Error('boom'));
    }
    await queues[0]?.idle();
    expect(runs).toHaveLength(5);
    const { values } = await metrics.jobs.get();
    expect(values.map(({ labels, value }) => [labels.result, value])).toEqual([
      ['retried', 4],
      ['dropped', 1],
    ]);
  });

  test('what failed and what arrived meanwhile are looked at together', async () => {
    const { queues, runs, until, finish } = await setUp();
    const about = (ref: string) => lookAt('a', 1, { about: [{ kind: 'ref', ref }] });
    await queues[0]?.add(about('x'));
    await until(() => runs.length === 1);
    await queues[1]?.add(about('y'));
    finish(key('a'), new Error('boom'));
    await until(() => runs.length === 2);
    expect(runs[1]?.job.about).toEqual([
      { kind: 'ref', ref: 'x' },
      { kind: 'ref', ref: 'y' },
    ]);
    finish(key('a'));
  });

  test("one installation's flood leaves slots to others, and who comes late is next", async () => {
    const { queues, runs, until, settle, finish } = await setUp({ processes: 1 });
    for (let i = 0; i < 40; i++) await queues[0]?.add(lookAt(`flood-${i}`));
    await settle();
    expect(runs).toHaveLength(3);
    await queues[0]?.add(lookAt('small', 2));
    await until(() => runs.length === 4);
    expect(runs[3]?.key).toBe(key('small', 2));
    await queues[0]?.add(lookAt('smaller', 3));
    finish(key('flood-0'));
    await until(() => runs.length === 5);
    expect(runs[4]?.key).toBe(key('smaller', 3));
    expect(await queues[0]?.waitingOf(lookAt('a').installation)).toBe(37);
  });

  test('as many jobs run at once as there are slots, and no more', async () => {
    const { queues, runs, settle } = await setUp({ processes: 2, concurrency: 2 });
    for (let i = 1; i <= 20; i++) await queues[0]?.add(lookAt('a', i));
    await settle();
    expect(runs).toHaveLength(4);
    expect(new Set(runs.map(({ process }) => process))).toEqual(new Set([0, 1]));
  });

  test('a job is looked at again at the earlier of two moments', async () => {
    const { queues, runs, until, finish } = await setUp();
    const soon = Date.now() + 20;
    await queues[0]?.addAt(lookAt('a', 1, { reason: 'late' }), soon + 3_600_000);
    await queues[0]?.addAt(lookAt('a', 1, { reason: 'soon' }), soon);
    await until(() => runs.length === 1);
    expect(runs[0]?.job.reason).toBe('soon');
    expect(Date.now()).toBeGreaterThanOrEqual(soon);
    finish(key('a'));
  });

  test('what is not a job is left, and the others are run', async () => {
    const { queues, runs, until, finish } = await setUp();
    await queues[0]?.add(lookAt('a'));
    await until(() => runs.length === 1);
    await queues[0]?.add({ ...lookAt('a'), scope: { kind: 'nonsense' } } as never);
    finish(key('a'));
    await queues[0]?.idle();
    expect(runs).toHaveLength(1);
  });

  test('a process that stops takes nothing more, and leaves what waits to the others', async () => {
    const { queues, runs, until, finish } = await setUp({ concurrency: 1 });
    for (let i = 1; i <= 6; i++) await queues[0]?.add(lookAt('a', i));
    await until(() => runs.length === 2);
    const stopped = queues[0]?.stop(30_000);
    expect(await queues[0]?.unready()).toMatch(/stopping/);
    await expect(queues[0]?.add(lookAt('b'))).rejects.toBeInstanceOf(QueueFullError);
    for (const run of [...runs]) finish(run.key);
    await stopped;
    for (let i = 3; i <= 6; i++) {
      await until(() => runs.length >= i);
      expect(runs[i - 1]?.process).toBe(1);
      finish(runs[i - 1]?.key ?? '');
    }
    await queues[1]?.idle();
  });

  test('Redis that goes away is said to be away, and comes back with what waited', async () => {
    const { queues, runs, until, finish } = await setUp({ processes: 1, concurrency: 1, times: SHORT });
    await queues[0]?.add(lookAt('a'));
    await queues[0]?.add(lookAt('b'));
    await until(() => runs.length === 1);
    await redis.kill();
    await expect(queues[0]?.add(lookAt('c'))).rejects.toBeInstanceOf(QueueFullError);
    expect(await queues[0]?.unready()).toMatch(/Redis/);
    finish(runs[0]?.key ?? '');
    await redis.start();
    await until(() => runs.length === 2);
    finish(runs[1]?.key ?? '');
    await queues[0]?.idle();
    expect(await queues[0]?.unready()).toBeNull();
    expect(runs.map((run) => run.key)).toEqual([key('a'), key('b')]);
  });
});

type Step =
  | { readonly kind: 'add'; readonly name: string; readonly installation: number; readonly process: number }
  | { readonly kind: 'finish' | 'fail'; readonly which: number }
  | { readonly kind: 'settle' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: addStep() },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'fail' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'settle' }) },
);

function addStep(): fc.Arbitrary<Step> {
  return fc.record({
    kind: fc.constant('add' as const),
    name: fc.constantFrom('a', 'b', 'c'),
    installation: fc.constantFrom(1, 2),
    process: fc.nat(1),
  });
}

/** Takes a step, and writes down which delivery (numbered) it added. */
async function take(bench: RedisBench, one: Step, delivery: number): Promise<string | null> {
  if (one.kind === 'settle') await bench.settle();
  if (one.kind === 'finish' || one.kind === 'fail') {
    const running = bench.running();
    const key = running[one.which % Math.max(1, running.length)];
    if (key !== undefined) bench.finish(key, one.kind === 'fail' ? new Error('boom') : undefined);
  }
  if (one.kind !== 'add') return null;
  const job = lookAt(one.name, one.installation, { about: [{ kind: 'ref', ref: String(delivery) }] });
  await bench.queues[one.process]?.add(job);
  return jobKey(job);
}

async function runOut(bench: RedisBench): Promise<void> {
  let idle = false;
  const done = bench.queues[0]?.idle().then(() => {
    idle = true;
  });
  await bench.until(() => {
    for (const running of bench.running()) bench.finish(running);
    return idle;
  });
  await done;
}

function isAbout(job: Job, delivery: string): boolean {
  return job.about === undefined || job.about.some((subject) => subject.kind === 'ref' && subject.ref === delivery);
}

describeWithRedis('whatever happens in two processes on one Redis', () => {
  test('no key runs twice at once, slots are kept, and nothing is lost', async () => {
    const redis = await startRedis();
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.constantFrom(1, 2, 4), async (steps, concurrency) => {
          const bench = await setUpRedis(redis.url, { concurrency });
          try {
            const added = new Map<string, string>();
            for (const [index, one] of steps.entries()) {
              const key = await take(bench, one, index);
              if (key !== null) added.set(String(index), key);
            }
            await runOut(bench);
            for (const [delivery, key] of added) {
              // Looked at after it arrived; a run about everything looked at it too.
              expect(bench.runs.filter((run) => run.key === key).some((run) => isAbout(run.job, delivery))).toBe(true);
            }
            expect(bench.wrongs).toEqual([]);
          } finally {
            await bench.stop();
          }
        }),
        { numRuns: 25 },
      );
    } finally {
      await redis.remove();
    }
  });
});

describeWithRedis('a process that is killed', () => {
  test('loses its jobs to another, with all that was asked, and what it was taking up is free', async () => {
    const redis = await startRedis();
    const processes = await buildProcess('test/jobs/redis-process.ts');
    const bench = await setUpRedis(redis.url, { processes: 0, appId: 1_000_000 });
    const killed = processes.start([redis.url, '1000000']);
    try {
      await killed.says('started');
      const survivor = await bench.join({ times: SHORT });
      // All slots of both are taken: those of the survivor by jobs that end at the end.
      for (let i = 1; i <= 6; i++) await survivor.add(lookAt('a', i, { about: [{ kind: 'ref', ref: String(i) }] }));
      await bench.until(() => bench.runs.length === 4);
      await killed.says('runs');
      killed.process.kill('SIGKILL');
      await killed.ended;
      const seen = new Set<string>();
      await bench.until(() => {
        for (const key of bench.running()) {
          seen.add(key);
          bench.finish(key);
        }
        return seen.size === 6;
      });
      await survivor.idle();
      expect(bench.runs.map(({ job }) => job.about)).toHaveLength(6);
      expect(bench.wrongs).toEqual([]);
    } finally {
      await bench.stop();
      await processes.remove();
      await redis.remove();
    }
  });

  test('holds its jobs up for 90 seconds at most, as production is set', () => {
    expect(PRODUCTION_TIMES.lock + 2 * PRODUCTION_TIMES.stalled).toBeLessThanOrEqual(90_000);
  });
});
