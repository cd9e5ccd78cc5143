import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/github/port.ts';
import { installationId } from '../../src/github/trusted.ts';
import { createMemoryQueue } from '../../src/jobs/memory-queue.ts';
import { QueueFullError } from '../../src/jobs/queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics } from '../../src/metrics.ts';
import { lookAt, setUp, type WorkBench } from './work-bench.ts';

const names = (bench: WorkBench): readonly string[] =>
  bench.runs.map(({ job }) => (job.scope.kind === 'environment' ? job.scope.environment : job.scope.kind));

describe('one key', () => {
  test('an idle key runs at once', async () => {
    const bench = setUp({ spacing: 1000 });
    await bench.queue.add(lookAt('a'));
    expect(names(bench)).toEqual(['a']);
  });

  test('however many arrive while one runs cause exactly one more run', async () => {
    const bench = setUp();
    for (let i = 0; i < 50; i++) await bench.queue.add(lookAt('a'));
    expect(names(bench)).toEqual(['a']);
    await bench.finish('a');
    expect(names(bench)).toEqual(['a', 'a']);
    await bench.finish('a');
    expect(names(bench)).toEqual(['a', 'a']);
    await bench.queue.idle();
  });

  test('a burst of quick runs costs two, the second after the spacing', async () => {
    const bench = setUp({ spacing: 1000 });
    for (let i = 0; i < 50; i++) {
      await bench.queue.add(lookAt('a'));
      await bench.finish('a');
    }
    expect(names(bench)).toEqual(['a']);
    await bench.clock.pass(1000);
    expect(bench.runs.map(({ at }) => at)).toEqual([0, 1000]);
    await bench.finish('a');
    await bench.clock.pass(60_000);
    expect(bench.runs).toHaveLength(2);
  });

  test('what waits is merged', async () => {
    const bench = setUp();
    await bench.queue.add(lookAt('a'));
    const about = (ref: string) => lookAt('a', 1, { about: [{ kind: 'ref', ref }], deliveries: [ref] });
    await bench.queue.add(about('x'));
    await bench.queue.add(about('y'));
    expect(await bench.queue.depth()).toMatchObject({ waiting: 1 });
    await bench.finish('a');
    expect(bench.runs[1]?.job).toMatchObject({
      about: [
        { kind: 'ref', ref: 'x' },
        { kind: 'ref', ref: 'y' },
      ],
      deliveries: ['x', 'y'],
    });
  });
});

describe('many keys', () => {
  test('as many run at once as there are slots', async () => {
    const bench = setUp({ concurrency: 2 });
    for (const name of ['a', 'b', 'c']) await bench.queue.add(lookAt(name));
    expect(bench.running()).toHaveLength(2);
    await bench.finish('a');
    expect(names(bench)).toEqual(['a', 'b', 'c']);
  });

  test("one installation's flood leaves slots, and every other turn, to others", async () => {
    const bench = setUp({ concurrency: 4 });
    for (let i = 0; i < 20; i++) await bench.queue.add(lookAt(`flood-${i}`));
    expect(bench.running()).toHaveLength(3);
    await bench.queue.add(lookAt('small-1', 2));
    await bench.queue.add(lookAt('small-2', 2));
    expect(names(bench)).toContain('small-1');
    await bench.finish('flood-0');
    expect(names(bench).slice(-1)).toEqual(['small-2']);
    await bench.finish('flood-1');
    expect(names(bench).slice(-1)).toEqual(['flood-3']);
  });

  test('one slot is enough', async () => {
    const bench = setUp({ concurrency: 1 });
    for (const name of ['a', 'b']) await bench.queue.add(lookAt(name));
    await bench.finish('a');
    await bench.finish('b');
    await bench.queue.idle();
    expect(names(bench)).toEqual(['a', 'b']);
  });
});

describe('failures', () => {
  const boom = new Error('boom');

  test('a job that fails is tried again, later each time, and is left to the sweep after five runs', async () => {
    const bench = setUp();
    await bench.queue.add(lookAt('a'));
    for (let i = 0; i < 5; i++) {
      await bench.finish('a', boom);
      await bench.clock.pass(60_000);
    }
    expect(bench.runs).toHaveLength(5);
    await bench.queue.idle();
    const { values } = await bench.metrics.jobs.get();
    expect(values.map(({ labels, value }) => [labels.result, value])).toEqual([
      ['retried', 4],
      ['dropped', 1],
    ]);
  });

  test.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
  ])('the pause after failure %i is %i ms', async (failures, pause) => {
    const bench = setUp();
    await bench.queue.add(lookAt('a'));
    for (let i = 1; i < failures; i++) {
      await bench.finish('a', boom);
      await bench.clock.pass(60_000);
    }
    await bench.finish('a', boom);
    await bench.clock.pass(pause - 1);
    expect(bench.runs).toHaveLength(failures);
    await bench.clock.pass(1);
    expect(bench.runs).toHaveLength(failures + 1);
  });

  test('a job waits as long as GitHub said', async () => {
    const bench = setUp();
    const limit = { kind: 'limited', status: 403, operation: 'GET /', message: 'limit', retryAfter: 600_000 } as const;
    await bench.queue.add(lookAt('a'));
    await bench.finish('a', new GitHubError(limit));
    await bench.clock.pass(599_999);
    expect(bench.runs).toHaveLength(1);
    await bench.clock.pass(1);
    expect(bench.runs).toHaveLength(2);
  });

  test('what failed and what arrived meanwhile are looked at together', async () => {
    const bench = setUp();
    await bench.queue.add(lookAt('a', 1, { about: [{ kind: 'ref', ref: 'x' }] }));
    await bench.queue.add(lookAt('a', 1, { about: [{ kind: 'ref', ref: 'y' }] }));
    await bench.finish('a', boom);
    await bench.queue.add(lookAt('a', 1, { about: [{ kind: 'ref', ref: 'z' }] }));
    await bench.clock.pass(1000);
    expect(bench.runs[1]?.job.about).toHaveLength(3);
    expect(bench.runs).toHaveLength(2);
  });

  test('a new delivery gives a failing job new attempts', async () => {
    const bench = setUp();
    await bench.queue.add(lookAt('a'));
    for (let i = 0; i < 4; i++) {
      await bench.finish('a', boom);
      await bench.clock.pass(60_000);
    }
    await bench.queue.add(lookAt('a'));
    await bench.finish('a', boom);
    await bench.clock.pass(60_000);
    expect(bench.running()).toHaveLength(1);
  });
});

describe('a full queue', () => {
  test('turns away what is new, takes what can be merged, and says so', async () => {
    const bench = setUp({ concurrency: 1, limit: 1 });
    await bench.queue.add(lookAt('runs'));
    expect(await bench.queue.unready()).toBeNull();
    await bench.queue.add(lookAt('waits'));
    await expect(bench.queue.add(lookAt('more'))).rejects.toBeInstanceOf(QueueFullError);
    await bench.queue.add(lookAt('waits'));
    expect(await bench.queue.unready()).toMatch(/full/);
    await bench.finish('runs');
    expect(await bench.queue.unready()).toBeNull();
  });
});

describe('a queue that one installation floods', () => {
  /** Adds jobs of an installation until it is turned away; how many were taken. */
  async function flood({ queue }: WorkBench, installation: number): Promise<number> {
    for (let count = 0; ; count += 1) {
      try {
        await queue.add(lookAt(`flood-${count}`, installation));
      } catch (error) {
        expect(error).toBeInstanceOf(QueueFullError);
        return count;
      }
    }
  }

  test('has room for the others, and for what can be merged, and is not full', async () => {
    const bench = setUp({ concurrency: 1, limit: 100 });
    await bench.queue.add(lookAt('runs', 9));
    expect(await flood(bench, 1)).toBe(75);
    await bench.queue.add(lookAt('flood-0', 1));
    expect(await bench.queue.unready()).toBeNull();
    for (let i = 0; i < 15; i += 1) await bench.queue.add(lookAt('other', 10 + i));
  });

  test.each([2, 3, 10])('has room for one more though %i do', async (floods) => {
    const bench = setUp({ concurrency: 1, limit: 1000 });
    await bench.queue.add(lookAt('runs', 99));
    for (let round = 0; round < 3; round += 1) for (let i = 0; i < floods; i += 1) await flood(bench, 1 + i);
    await bench.queue.add(lookAt('other', 50));
    expect(await bench.queue.waitingOf(installationId(50))).toBe(1);
  });

  test('takes from it again once some of what waits is done', async () => {
    const bench = setUp({ concurrency: 1, limit: 8 });
    await bench.queue.add(lookAt('runs', 1));
    expect(await flood(bench, 1)).toBe(6);
    await bench.finish('runs');
    expect(await flood(bench, 1)).toBeGreaterThan(0);
  });
});

describe('depth', () => {
  test('counts what waits, and since when', async () => {
    const bench = setUp({ concurrency: 1 });
    expect(await bench.queue.depth()).toEqual({ waiting: 0, oldest: 0 });
    await bench.queue.add(lookAt('runs'));
    await bench.queue.add(lookAt('b'));
    await bench.clock.pass(700);
    await bench.queue.add(lookAt('c'));
    await bench.queue.add(lookAt('b'));
    expect(await bench.queue.depth()).toEqual({ waiting: 2, oldest: 700 });
  });
});

describe('stop', () => {
  test('lets what runs end, and starts nothing more', async () => {
    const bench = setUp({ concurrency: 1 });
    await bench.queue.add(lookAt('a'));
    await bench.queue.add(lookAt('b'));
    const stopped = bench.queue.stop(30_000);
    expect(await bench.queue.unready()).toMatch(/stopping/);
    await expect(bench.queue.add(lookAt('c'))).rejects.toBeInstanceOf(QueueFullError);
    await bench.finish('a');
    await stopped;
    expect(names(bench)).toEqual(['a']);
  });

  test('does not wait for ever, and leaves no alarm set', async () => {
    const bench = setUp();
    await bench.queue.add(lookAt('never'));
    await bench.queue.add(lookAt('fails'));
    await bench.finish('fails', new Error('boom'));
    const stopped = bench.queue.stop(30_000);
    await bench.clock.pass(30_000);
    await stopped;
    expect(bench.clock.alarms()).toBe(0);
  });
});

test('jobs that are added before the start run at the start', async () => {
  const options = { log: createSilentLogger(), metrics: createMetrics() };
  const queue = createMemoryQueue({ concurrency: 1, limit: 10, spacing: 0, second: 1, ...options });
  await queue.add(lookAt('a'));
  const seen: string[] = [];
  queue.start(async (job) => {
    seen.push(job.reason);
  });
  await queue.idle();
  expect(seen).toEqual(['test']);
});
