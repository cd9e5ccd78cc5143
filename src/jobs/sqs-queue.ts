import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallationId } from '../github/ids.ts';
import type { Logger } from '../logging.ts';
import { QueueFullError, type Queue } from './queue.ts';
import { MOST_IN_A_BATCH, type Sqs } from './sqs-client.ts';
import { writeMessage, type Entry, type Message } from './sqs-message.ts';

/** A queue that outlives every process. Who runs its jobs takes them in batches: see `sqs-batch.ts`. */
export interface SqsQueue extends Pick<Queue, 'add' | 'unready' | 'depth'> {
  /** Has somebody look at all repositories of an installation. @throws QueueFullError */
  addInstallation(installation: InstallationId): Promise<void>;
}

export interface SqsQueueOptions {
  readonly sqs: Sqs;
  readonly log: Logger;
}

/** All messages of a batch together: what every endpoint takes. */
const MOST_BYTES = 256 * 1024;
const MOST_ATTEMPTS = 3;
const PAUSE = 100;
/** Milliseconds that an answer about the queue is good for. */
const FRESH = 5000;

/** Takes jobs for as long as SQS does: what is added is kept once SQS has said so. */
export function createSqsQueue({ sqs, log }: SqsQueueOptions): SqsQueue {
  let gathering: Unsettled[] = [];
  let known: { readonly at: number; readonly waiting: Promise<number> } | null = null;

  /** What is added at the same time goes in the same batch. */
  function add(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      if (gathering.length === 0) queueMicrotask(flush);
      gathering.push({ entry: writeMessage(message), resolve, reject });
    });
  }

  function flush(): void {
    const all = gathering;
    gathering = [];
    for (const batch of intoBatches(all)) void send(batch);
  }

  /** Settles every one of a batch, those that SQS did not take after a few more tries. */
  async function send(batch: readonly Unsettled[]): Promise<void> {
    let rest = batch;
    try {
      for (let attempt = 1; ; attempt++) {
        const unsent = await sqs.enqueue(rest.map(({ entry }) => entry));
        const reasons = new Map(unsent.map((one) => [one.entry, one]));
        for (const one of rest) if (!reasons.has(one.entry)) one.resolve();
        const [first] = unsent;
        if (first === undefined) return;
        rest = rest.filter(({ entry }) => reasons.has(entry));
        if (attempt >= MOST_ATTEMPTS || unsent.every(({ ours }) => ours)) throw new Error(first.reason);
        await sleep(PAUSE * attempt);
      }
    } catch (error) {
      log.error({ err: error, jobs: rest.length }, 'SQS took no jobs');
      for (const { reject } of rest) reject(new QueueFullError('SQS does not take jobs now'));
    }
  }

  function waiting(): Promise<number> {
    const now = performance.now();
    if (known === null || now - known.at > FRESH) known = { at: now, waiting: sqs.waiting() };
    return known.waiting;
  }

  return {
    add: (job) => add({ kind: 'job', job }),
    addInstallation: (installation) => add({ kind: 'installation', installation }),
    async unready() {
      try {
        await waiting();
        return null;
      } catch {
        return 'SQS cannot be reached';
      }
    },
    // SQS does not say since when the oldest message waits; its own metric ApproximateAgeOfOldestMessage does.
    depth: async () => ({ waiting: await waiting(), oldest: 0 }),
  };
}

interface Unsettled {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function intoBatches(all: readonly Unsettled[]): readonly (readonly Unsettled[])[] {
  const batches: Unsettled[][] = [];
  let bytes = Infinity;
  for (const one of all) {
    const size = Buffer.byteLength(one.entry.body);
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_IN_A_BATCH || bytes + size > MOST_BYTES) {
      batches.push([one]);
      bytes = size;
    } else {
      last.push(one);
      bytes += size;
    }
  }
  return batches;
}
