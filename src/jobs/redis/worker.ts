import { Worker, type Job as BullJob } from 'bullmq';
import type { Logger } from '../../logging.ts';
import type { Metrics } from '../../metrics.ts';
import type { RedisConnections } from '../../redis/connect.ts';
import { describeJob, mergeJobs, type Job } from '../job.ts';
import type { JobRunner } from '../queue.ts';
import { readJob } from '../job-schema.ts';
import { MOST_ATTEMPTS, retryDelay } from '../retry.ts';
import type { HandOut } from './hand-out.ts';
import type { Finished, Taken, Ticket, Turns } from './turns.ts';

export interface RedisWorker {
  /** Takes no further ticket; resolves when what runs has ended, or after `patience` milliseconds. */
  stop(patience: number): Promise<void>;
}

interface WorkerOptions {
  readonly name: string;
  readonly prefix: string;
  readonly redis: RedisConnections;
  readonly turns: Turns;
  readonly handOut: Pick<HandOut, 'give'>;
  readonly run: JobRunner;
  readonly concurrency: number;
  readonly spacing: number;
  readonly second: number;
  readonly times: { readonly lock: number; readonly stalled: number };
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobSeconds'>;
}

/** A job may be given back as often as processes die; BullMQ would give up after the first time. */
const MOST_STALLS = 1000;

/** Takes tickets from BullMQ, as many at once as there are slots, and runs what each stands for. */
export function startWorker(options: WorkerOptions): RedisWorker {
  const { redis, turns, log, metrics, times } = options;
  const finishings = new Set<Promise<void>>();

  async function useTicket({ data: ticket }: BullJob<Ticket>): Promise<void> {
    const taken = await turns.take(redis.patient, ticket, options.spacing);
    if (taken === null) return;
    const job = mergeTaken(taken, log);
    const start = performance.now();
    const error = job === null ? null : await attempt(job, options.run);
    const delay = error === null ? null : delayOf(error.cause, taken.failures + 1);
    // BullMQ's next command goes out on the same connection after this one, so nobody need wait for its answer.
    const finishing: Promise<void> = finish(ticket, delay)
      .then((result) => {
        if (job !== null && result !== null) tell(job, { result, error, taken, start });
      })
      .finally(() => finishings.delete(finishing));
    finishings.add(finishing);
  }

  /** Null where it could not be written down: the ticket is handed out again, as that of a process that died. */
  async function finish(ticket: Ticket, delay: number | null): Promise<Finished['result'] | null> {
    try {
      const { result, tickets } = await turns.finish(redis.patient, { ticket, delay, most: MOST_ATTEMPTS });
      options.handOut.give(tickets);
      return result;
    } catch (error) {
      log.warn({ err: error }, 'a ticket could not be used up; it is handed out again');
      return null;
    }
  }

  function delayOf(cause: unknown, failures: number): number {
    return (retryDelay(failures, cause, Math.random()) * options.second) / 1000;
  }

  function tell(
    job: Job,
    run: {
      readonly result: Finished['result'];
      readonly error: Failure | null;
      readonly taken: Taken;
      readonly start: number;
    },
  ): void {
    const scope = job.scope.kind;
    metrics.jobSeconds.observe({ scope }, (performance.now() - run.start) / 1000);
    const facts = { ...describeJob(job), err: run.error?.cause, attempts: run.taken.tries + 1 };
    if (run.result === 'lost') {
      log.warn(facts, 'job took so long that another process was given it');
      return;
    }
    metrics.jobs.inc({ scope, result: run.result });
    if (run.result === 'dropped') log.error(facts, 'job failed too often; it is left to the sweep');
    if (run.result === 'retried') log.warn(facts, 'job failed; it will be tried again');
  }

  const worker = new Worker<Ticket>(options.name, useTicket, {
    connection: redis.patient,
    prefix: options.prefix,
    concurrency: options.concurrency,
    lockDuration: times.lock,
    stalledInterval: times.stalled,
    maxStalledCount: MOST_STALLS,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', (error) => {
    log.debug({ err: error }, 'BullMQ');
  });
  worker.on('failed', (_ticket, error) => {
    log.warn({ err: error }, 'a ticket could not be used; it is handed out again');
  });

  return {
    async stop(patience) {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      const closed = worker
        .close()
        .catch(() => undefined)
        .then(() => Promise.all(finishings));
      await Promise.race([closed, enough]);
      clearTimeout(timer);
    },
  };
}

interface Failure {
  readonly cause: unknown;
}

async function attempt(job: Job, run: JobRunner): Promise<Failure | null> {
  try {
    await run(job);
    return null;
  } catch (cause) {
    return { cause };
  }
}

/** Null where there is nothing to run: another run has seen to it, or it is not understood. */
function mergeTaken({ jobs }: Taken, log: Logger): Job | null {
  let merged: Job | null = null;
  for (const written of jobs) {
    const job = readJob(written);
    if (job === null) log.error('a job in Redis is not understood; it is left to the sweep');
    else merged = merged === null ? job : mergeJobs(merged, job);
  }
  return merged;
}
