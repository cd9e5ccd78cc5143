import type { InstallationId } from '../github/ids.ts';
import type { Logger } from '../logging.ts';
import type { JobResult, Metrics } from '../metrics.ts';
import { systemClock, type Clock } from './clock.ts';
import { describeJob, jobKey, mergeJobs, type Job } from './job.ts';
import { createLanes } from './lanes.ts';
import { QueueFullError, type JobRunner, type Queue } from './queue.ts';
import { MOST_ATTEMPTS, retryDelay } from './retry.ts';

export interface MemoryQueueOptions {
  /** Jobs at once. */
  readonly concurrency: number;
  /** Jobs that may wait. */
  readonly limit: number;
  /**
   * Milliseconds between two starts of one key. The first of a burst runs at once, so that nobody waits for it; the
   * others make one more run between them.
   */
  readonly spacing: number;
  /** How long a second of waiting for a retry takes, in milliseconds; less than 1000 for simulators only. */
  readonly second: number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobSeconds'>;
  readonly clock?: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

interface Waiting {
  readonly job: Job;
  readonly since: number;
  /** Failed runs since anybody last asked for it. */
  readonly attempts: number;
  /** Failed runs in a row, whoever asked. */
  readonly failures: number;
}

/** An installation for which so many times what is left waits gets no more in: there is room for the others. */
const SHARE = 3;
/** Of the last quarter, so much: or else four floods would leave less than a hundredth, and ten nothing. */
const LATE_SHARE = 0.1;

/** A queue that lives and dies with its process. What it loses, the next process's sweep finds. */
export function createMemoryQueue(options: MemoryQueueOptions): Queue {
  const { clock = systemClock, random = Math.random, log, metrics } = options;
  const waiting = new Map<string, Waiting>();
  const running = new Set<string>();
  /** When each key last started, oldest first; forgotten once `spacing` is over. */
  const started = new Map<string, number>();
  const alarms = new Map<string, () => void>();
  const lanes = createLanes<InstallationId>(options.concurrency);
  const waitingOf = new Map<InstallationId, number>();
  const watchers = new Set<() => void>();
  let run: JobRunner | null = null;
  let stopped = false;

  /** Lets a waiting key run, at the earliest `delay` milliseconds from now. */
  function schedule(key: string, job: Job, delay: number): void {
    const spacing = (started.get(key) ?? Number.NEGATIVE_INFINITY) + options.spacing - clock.now();
    const ready = (): void => {
      alarms.delete(key);
      lanes.push(job.installation, key);
      fill();
    };
    if (Math.max(delay, spacing) <= 0) ready();
    else if (!stopped) alarms.set(key, clock.after(Math.max(delay, spacing), ready));
  }

  function fill(): void {
    while (run !== null && !stopped && running.size < options.concurrency) {
      const turn = lanes.take();
      const entry = turn === undefined ? undefined : waiting.get(turn.key);
      if (turn === undefined || entry === undefined) return;
      waiting.delete(turn.key);
      countWaiting(entry.job.installation, -1);
      void work(turn.key, entry, run);
    }
  }

  async function work(key: string, entry: Waiting, runJob: JobRunner): Promise<void> {
    const start = clock.now();
    running.add(key);
    noteStart(key, start);
    const failure = await attempt(entry.job, runJob);
    running.delete(key);
    const result = settle(key, entry, failure);
    metrics.jobs.inc({ scope: entry.job.scope.kind, result });
    metrics.jobSeconds.observe({ scope: entry.job.scope.kind }, (clock.now() - start) / 1000);
    lanes.release(entry.job.installation);
    fill();
    for (const watcher of watchers) watcher();
  }

  function noteStart(key: string, now: number): void {
    for (const [old, time] of started) {
      if (time + options.spacing > now) break;
      started.delete(old);
    }
    started.delete(key);
    started.set(key, now);
  }

  /** What waits for another run after this one: those that arrived meanwhile, and this job again where it failed. */
  function settle(key: string, entry: Waiting, failure: Failure | null): JobResult {
    const newer = waiting.get(key);
    if (failure === null) {
      if (newer !== undefined) schedule(key, newer.job, 0);
      return 'done';
    }
    const { error } = failure;
    const failures = entry.failures + 1;
    const attempts = entry.attempts + 1;
    const facts = { ...describeJob(entry.job), err: error, attempts };
    if (newer === undefined && attempts >= MOST_ATTEMPTS) {
      log.error(facts, 'job failed too often; it is left to the sweep');
      return 'dropped';
    }
    log.warn(facts, 'job failed; it will be tried again');
    const job = newer === undefined ? entry.job : mergeJobs(entry.job, newer.job);
    if (newer === undefined) countWaiting(job.installation, 1);
    waiting.set(key, {
      job,
      since: newer?.since ?? clock.now(),
      attempts: newer === undefined ? attempts : 0,
      failures,
    });
    schedule(key, job, (retryDelay(failures, error, random()) * options.second) / 1000);
    return 'retried';
  }

  function countWaiting(installation: InstallationId, change: 1 | -1): void {
    const count = (waitingOf.get(installation) ?? 0) + change;
    if (count === 0) waitingOf.delete(installation);
    else waitingOf.set(installation, count);
  }

  /** @throws QueueFullError where the queue has no room, or no more for this installation. */
  function makeSureOfRoom(installation: InstallationId): void {
    const own = waitingOf.get(installation) ?? 0;
    const left = options.limit - waiting.size;
    if (left <= 0) throw new QueueFullError(`${waiting.size} jobs wait already`);
    const share = left > options.limit / 4 ? SHARE : LATE_SHARE;
    if (own >= share * left) throw new QueueFullError(`${own} jobs of this installation wait already`);
  }

  /** Resolves when `done` says so, which is looked at whenever a job ends. */
  function until(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        if (!done()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  }

  return {
    // What is thrown in here is a rejection, as it is of the queues that ask somebody else.
    add: (job) =>
      new Promise((resolve) => {
        if (stopped) throw new QueueFullError('The process is stopping');
        const key = jobKey(job);
        const older = waiting.get(key);
        if (older !== undefined) {
          waiting.set(key, { ...older, job: mergeJobs(older.job, job), attempts: 0 });
        } else {
          makeSureOfRoom(job.installation);
          countWaiting(job.installation, 1);
          waiting.set(key, { job, since: clock.now(), attempts: 0, failures: 0 });
          if (!running.has(key)) schedule(key, job, 0);
        }
        resolve();
      }),
    start(runner) {
      run = runner;
      fill();
    },
    unready() {
      if (stopped) return Promise.resolve('the process is stopping');
      return Promise.resolve(waiting.size >= options.limit ? `the queue is full: ${waiting.size} jobs wait` : null);
    },
    depth() {
      const [oldest] = waiting.values();
      return Promise.resolve({ waiting: waiting.size, oldest: oldest === undefined ? 0 : clock.now() - oldest.since });
    },
    waitingOf: (installation) => Promise.resolve(waitingOf.get(installation) ?? 0),
    async stop(patience) {
      stopped = true;
      for (const cancel of alarms.values()) cancel();
      alarms.clear();
      let cancel = (): void => undefined;
      const enough = new Promise<void>((resolve) => {
        cancel = clock.after(patience, resolve);
      });
      await Promise.race([until(() => running.size === 0), enough]);
      cancel();
    },
    idle: () => until(() => waiting.size === 0 && running.size === 0),
  };
}

interface Failure {
  readonly error: unknown;
}

async function attempt(job: Job, run: JobRunner): Promise<Failure | null> {
  try {
    await run(job);
    return null;
  } catch (error) {
    return { error };
  }
}
