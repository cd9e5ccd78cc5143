import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue as BullQueue } from 'bullmq';
import type { Logger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisConnections } from '../redis/connect.ts';
import { jobKey, mergeJobs, type Job } from './job.ts';
import { QueueFullError, QueueUnreachableError, type JobRunner, type Queue } from './queue.ts';
import { readJob, writeJob } from './job-schema.ts';
import { createHandOut } from './redis/hand-out.ts';
import { createTurns, type Ticket } from './redis/turns.ts';
import { startWorker, type RedisWorker } from './redis/worker.ts';

export interface RedisQueueOptions {
  readonly redis: RedisConnections;
  /** Apps that share a Redis do not see one another. */
  readonly appId: number;
  /** Jobs at once in this process. */
  readonly concurrency: number;
  /** Milliseconds between two starts of one key. */
  readonly spacing: number;
  /** How long a second of waiting for a retry takes, in milliseconds; less than 1000 for simulators only. */
  readonly second: number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobSeconds'>;
  readonly times?: Partial<RedisQueueTimes>;
}

/** In milliseconds. */
export interface RedisQueueTimes {
  /** A process that does not say for so long that it lives has lost its jobs. */
  readonly lock: number;
  /** How often locks are looked at. A killed process holds its jobs up for `lock` and two of these at most. */
  readonly stalled: number;
  /** How often a process looks what is due. */
  readonly tick: number;
  /** A process whose ticks stay out for so long does not count among the slots. */
  readonly alive: number;
  /** A key that has been let in for so long gets its ticket again, in case that it was lost. */
  readonly ticket: number;
}

export const PRODUCTION_TIMES: RedisQueueTimes = {
  lock: 30_000,
  stalled: 20_000,
  tick: 250,
  alive: 15_000,
  ticket: 10_000,
};

/** BullMQ's queue of tickets. */
const TICKETS = 'tickets';
/** Between two looks whether everything is done, in milliseconds: looking is work for Redis, too. */
const LONGEST_PAUSE = 40;
/** A key under which as many wait is worth a look: most often they are one job by now. */
const MANY = 40;

export interface RedisQueue extends Queue {
  /** Has a job looked at again at a moment, in milliseconds since the epoch; of two for one key, the earlier one counts. */
  addAt(job: Job, at: number): Promise<void>;
}

/**
 * A queue in Redis, for any number of processes. BullMQ keeps tickets, hands each to one process, and takes it back
 * from a process that died; whose turn it is, and what waits under a key, is decided by scripts (redis/scripts.ts).
 */
export function createRedisQueue(options: RedisQueueOptions): RedisQueue {
  const { redis, log } = options;
  const times = { ...PRODUCTION_TIMES, ...options.times };
  const place = `{lockkeeper:${options.appId}}`;
  const turns = createTurns(`${place}:turns:`);
  const tickets = new BullQueue<Ticket>(TICKETS, {
    connection: redis.prompt,
    prefix: place,
    // A ticket that is used up is known by nobody any more.
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: 100 } },
  });
  tickets.on('error', () => undefined);
  const handOut = createHandOut(tickets, log);
  const process = randomUUID();
  let worker: RedisWorker | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let lost = false;

  async function tick(): Promise<void> {
    let pause = times.tick;
    try {
      const own = { process, slots: options.concurrency, alive: times.alive, patience: times.ticket };
      const { next, tickets: some } = await turns.tick(redis.prompt, own);
      pause = Math.min(pause, next ?? pause);
      handOut.again();
      handOut.give(some);
      if (lost) log.info('Redis is back');
      lost = false;
    } catch (error) {
      if (!lost && !stopped) log.error({ err: error }, 'Redis cannot be reached; deliveries are turned away');
      lost = true;
    }
    if (!stopped) timer = setTimeout(() => void tick(), pause);
  }

  async function ask<T>(question: Promise<T>): Promise<T> {
    try {
      return await question;
    } catch (error) {
      log.debug({ err: error }, 'Redis does not answer');
      throw new QueueUnreachableError(redis.away() ?? 'Redis does not answer');
    }
  }

  return {
    async add(job) {
      if (stopped) throw new QueueFullError('The process is stopping');
      const key = jobKey(job);
      const added = { key, installation: job.installation, job: writeJob(job) };
      const { waiting, tickets: some } = await ask(turns.add(redis.prompt, added));
      // From here on it is kept, whatever happens.
      handOut.give(some);
      if (waiting % MANY === 0) {
        await turns.compact(redis.prompt, key, mergeWritten).catch(() => undefined);
      }
    },
    async addAt(job, at) {
      await ask(turns.wake(redis.prompt, { key: jobKey(job), at, job: writeJob(job) }));
    },
    start(run: JobRunner) {
      worker = startWorker({ ...options, times, name: TICKETS, prefix: place, turns, handOut, run });
      void tick();
    },
    async unready() {
      if (stopped) return 'the process is stopping';
      try {
        await redis.prompt.ping();
        return null;
      } catch {
        return redis.away() ?? 'Redis does not answer';
      }
    },
    async depth() {
      const { waiting, oldest } = await ask(turns.depth(redis.prompt));
      return { waiting, oldest };
    },
    async waitingOf(installation) {
      return (await ask(turns.depth(redis.prompt, installation))).waiting;
    },
    async stop(patience) {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await worker?.stop(patience);
      // Its slots count no more. What waits stays where it is.
      await turns.tick(redis.prompt, { process, slots: 0, alive: 0, patience: times.ticket }).then(
        ({ tickets: some }) => {
          handOut.give(some);
        },
        () => undefined,
      );
      await handOut.settled();
      await tickets.close().catch(() => undefined);
    },
    async idle() {
      for (let pause = 5; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
        const { waiting, open } = await turns.depth(redis.patient);
        if (waiting === 0 && open === 0) return;
        await sleep(pause);
      }
    },
  };
}

/** Null where one of them is not understood: whoever takes them says so. */
function mergeWritten(written: readonly string[]): string | null {
  const [first, ...others] = written.map(readJob);
  if (first === null || first === undefined) return null;
  let merged = first;
  for (const job of others) {
    if (job === null) return null;
    merged = mergeJobs(merged, job);
  }
  return writeJob(merged);
}
