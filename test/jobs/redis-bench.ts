import { setTimeout as sleep } from 'node:timers/promises';
import { jobKey, type Job } from '../../src/jobs/job.ts';
import { createRedisQueue, type RedisQueue, type RedisQueueOptions } from '../../src/jobs/redis-queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import { connectRedis, type RedisConnections } from '../../src/redis/connect.ts';

export interface RedisRun {
  readonly key: string;
  readonly job: Job;
  /** Which of the processes ran it. */
  readonly process: number;
}

/** Several queues on one Redis, as if each was a process, and every run of theirs in the hands of the test. */
export interface RedisBench {
  readonly queues: readonly RedisQueue[];
  /** One more. */
  readonly join: (more?: Partial<RedisQueueOptions>) => Promise<RedisQueue>;
  readonly metrics: Metrics;
  /** Every run that was started, oldest first. */
  readonly runs: readonly RedisRun[];
  readonly running: () => readonly string[];
  /** Ends the run of a key that runs. */
  readonly finish: (key: string, error?: Error) => void;
  /** What must never happen, as it happened. */
  readonly wrongs: readonly string[];
  /** Resolves when everything that may run now runs. */
  readonly settle: () => Promise<void>;
  readonly until: (done: () => boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
}

let benches = 0;

/** @param options.appId default: one of its own, so that benches on one Redis do not see one another. */
export async function setUpRedis(
  url: string,
  options: Partial<RedisQueueOptions> & { readonly processes?: number } = {},
): Promise<RedisBench> {
  const { processes = 2, concurrency = 4, ...rest } = options;
  benches += 1;
  const appId = options.appId ?? benches;
  const metrics = createMetrics();
  const runs: RedisRun[] = [];
  const wrongs: string[] = [];
  const open = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  const connections: RedisConnections[] = [];
  const queues: RedisQueue[] = [];
  async function join(more: Partial<RedisQueueOptions> = {}): Promise<RedisQueue> {
    const i = queues.length;
    const redis = await connectRedis(url);
    connections.push(redis);
    const defaults = { spacing: 0, second: 1, log: createSilentLogger(), metrics, times: { tick: 5 } };
    const queue = createRedisQueue({ ...defaults, ...rest, ...more, redis, appId, concurrency });
    let own = 0;
    queue.start(async (job) => {
      const key = jobKey(job);
      if (open.has(key)) wrongs.push(`${key} runs twice at once`);
      own += 1;
      if (own > concurrency) wrongs.push(`process ${i} runs ${own} jobs`);
      runs.push({ key, job, process: i });
      try {
        await new Promise<void>((resolve, reject) => {
          open.set(key, { resolve, reject });
        });
      } finally {
        own -= 1;
      }
    });
    queues.push(queue);
    return queue;
  }
  for (let i = 0; i < processes; i += 1) await join();

  async function until(done: () => boolean): Promise<void> {
    while (!done()) await sleep(2);
  }

  return {
    queues,
    join,
    metrics,
    runs,
    wrongs,
    running: () => [...open.keys()],
    finish(key, error) {
      const run = open.get(key);
      open.delete(key);
      if (error === undefined) run?.resolve();
      else run?.reject(error);
    },
    // Whatever is let in and not running yet is about to: it has a slot, or waits for one that is taken.
    async settle() {
      let seen = -1;
      for (let same = 0; same < 3;) {
        await sleep(5);
        same = runs.length === seen ? same + 1 : 0;
        seen = runs.length;
      }
    },
    until,
    async stop() {
      for (const { reject } of open.values()) reject(new Error('the test is over'));
      await Promise.all(queues.map((queue) => queue.stop(5000)));
      for (const redis of connections) redis.close();
    },
  };
}
