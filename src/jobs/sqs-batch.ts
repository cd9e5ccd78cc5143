import type { Logger } from '../logging.ts';
import type { JobResult, Metrics } from '../metrics.ts';
import { describeJob, mergeJobs } from './job.ts';
import { MOST_ATTEMPTS, retryDelay } from './retry.ts';
import type { Received } from './sqs-client.ts';
import { messageKey, type Message } from './sqs-message.ts';
import { readMessage } from './sqs-read-message.ts';

/** What became of a batch. */
export interface BatchResult {
  readonly done: readonly Received[];
  /** To be handed out again, each after so many milliseconds. */
  readonly failed: readonly PutOff[];
}

export interface PutOff {
  readonly received: Received;
  readonly delay: number;
}

export interface BatchOptions {
  readonly run: (message: Message) => Promise<void>;
  /** Messages at once. */
  readonly concurrency: number;
  /** Once it is aborted, nothing is begun and nothing waited for: what is not done then has failed. */
  readonly deadline: AbortSignal;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobSeconds'>;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** A message can be put off for twelve hours at most, counted from when it was handed out. */
const LONGEST_DELAY = 11 * 3_600_000;
/** For what this version cannot read: a newer one may be on its way. */
const UNREADABLE_DELAY = 60_000;

/**
 * Runs a batch of messages: groups beside one another, those of a group in their order, merged into one run where they
 * are about the same. After one of a group has failed, all that follow in the group have failed too, so that they are
 * handed out behind it. Never rejects.
 */
export async function runBatch(batch: readonly Received[], options: BatchOptions): Promise<BatchResult> {
  const groups = intoGroups(batch).values();
  const results: BatchResult[] = [];
  const work = async (): Promise<void> => {
    for (const group of groups) results.push(await runGroup(group, options));
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return { done: results.flatMap(({ done }) => done), failed: results.flatMap(({ failed }) => failed) };
}

function intoGroups(batch: readonly Received[]): readonly (readonly Received[])[] {
  const groups = new Map<string, Received[]>();
  for (const received of batch) {
    const others = groups.get(received.group);
    if (others === undefined) groups.set(received.group, [received]);
    else others.push(received);
  }
  return [...groups.values()];
}

/** What one run is for. */
interface Step {
  /** Null where this version cannot read it. */
  readonly message: Message | null;
  /** Of the first of its messages in the group. */
  readonly index: number;
  readonly receives: number;
}

async function runGroup(group: readonly Received[], options: BatchOptions): Promise<BatchResult> {
  for (const step of intoSteps(group)) {
    const delay = await runStep(step, options);
    if (delay === null) continue;
    const failed = group.slice(step.index).map((received) => ({ received, delay }));
    return { done: group.slice(0, step.index), failed };
  }
  return { done: group, failed: [] };
}

function intoSteps(group: readonly Received[]): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const [index, { body, receives }] of group.entries()) {
    const message = readMessage(body);
    const key = message === null ? `unreadable ${index}` : messageKey(message);
    const known = steps.get(key);
    if (known === undefined) steps.set(key, { message, index, receives });
    else steps.set(key, { ...known, message: merge(known.message, message) });
  }
  return [...steps.values()];
}

function merge(older: Message | null, newer: Message | null): Message | null {
  if (older?.kind !== 'job' || newer?.kind !== 'job') return newer;
  return { kind: 'job', job: mergeJobs(older.job, newer.job) };
}

/** Resolves to null where it is done, or left to the sweep; else to the milliseconds after which to try again. */
async function runStep({ message, receives }: Step, options: BatchOptions): Promise<number | null> {
  const { deadline, log, metrics, random = Math.random } = options;
  if (message === null) {
    log.error({ attempts: receives }, 'a message in the queue is no job of this version');
    return UNREADABLE_DELAY;
  }
  if (deadline.aborted) return 0;
  const scope = message.kind === 'job' ? message.job.scope.kind : 'repository';
  const start = performance.now();
  const failure = await attempt(() => options.run(message), deadline);
  metrics.jobSeconds.observe({ scope }, (performance.now() - start) / 1000);
  const count = (result: JobResult): void => {
    metrics.jobs.inc({ scope, result });
  };
  if (failure === null) {
    count('done');
    return null;
  }
  const delay = retryDelay(receives, failure.error, random());
  const facts = { ...describeMessage(message), err: failure.error, attempts: receives };
  if (receives >= MOST_ATTEMPTS || delay > LONGEST_DELAY) {
    count('dropped');
    log.error(facts, 'job failed too often; it is left to the sweep');
    return delay > LONGEST_DELAY ? null : delay;
  }
  count('retried');
  log.warn(facts, 'job failed; it will be tried again');
  return delay;
}

interface Failure {
  readonly error: unknown;
}

async function attempt(run: () => Promise<void>, deadline: AbortSignal): Promise<Failure | null> {
  let giveUp = (): void => undefined;
  const late = new Promise<Failure>((resolve) => {
    giveUp = () => {
      resolve({ error: new Error('there was no time left for it') });
    };
    deadline.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([run().then(() => null), late]);
  } catch (error) {
    return { error };
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}

function describeMessage(message: Message): Readonly<Record<string, unknown>> {
  return message.kind === 'job' ? describeJob(message.job) : { installation: message.installation };
}
