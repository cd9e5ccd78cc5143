import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging.ts';
import type { BatchResult } from './sqs-batch.ts';
import { MOST_IN_A_BATCH, type Received, type Sqs } from './sqs-client.ts';

/** A long-lived process that takes its jobs from SQS, as the worker function is given them. */
export interface SqsConsumer {
  /** Takes no further batch, and resolves when those that it has are done. */
  stop(): Promise<void>;
}

/** Seconds; the longest that SQS waits for messages. */
const WAIT = 20;
/** Milliseconds after SQS could not be asked. */
const PAUSE = 5000;

export function startSqsConsumer(options: {
  readonly sqs: Sqs;
  /** Messages at once. */
  readonly concurrency: number;
  /** Never rejects. */
  readonly run: (batch: readonly Received[]) => Promise<BatchResult>;
  readonly log: Logger;
}): SqsConsumer {
  const { sqs, log } = options;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;

  async function takeTurns(): Promise<void> {
    while (!isStopping()) {
      try {
        const batch = await sqs.receive(WAIT, stopping.signal);
        if (batch.length > 0) await settleBatch({ sqs, log }, await options.run(batch));
      } catch (error) {
        if (isStopping()) return;
        log.error({ err: error }, 'SQS gave no jobs');
        await sleep(PAUSE, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const turns = Array.from({ length: Math.ceil(options.concurrency / MOST_IN_A_BATCH) }, takeTurns);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(turns);
    },
  };
}

/** Takes what is done out of the queue, and puts off what is not. */
async function settleBatch(
  { sqs, log }: { readonly sqs: Sqs; readonly log: Logger },
  { done, failed }: BatchResult,
): Promise<void> {
  await putOff({ sqs, log }, failed);
  if (done.length > 0) await sqs.remove(done.map(({ receipt }) => receipt));
}

/** Has SQS hand out again what failed. Where that fails too, it does so once its own time is up. Never rejects. */
export async function putOff(
  { sqs, log }: { readonly sqs: Sqs; readonly log: Logger },
  failed: BatchResult['failed'],
): Promise<void> {
  const bySeconds = new Map<number, string[]>();
  for (const { received, delay } of failed) {
    const seconds = Math.ceil(delay / 1000);
    bySeconds.set(seconds, [...(bySeconds.get(seconds) ?? []), received.receipt]);
  }
  for (const [seconds, receipts] of bySeconds) {
    try {
      await sqs.putOff(receipts, seconds);
    } catch (error) {
      log.warn({ err: error, jobs: receipts.length }, 'SQS did not put jobs off');
    }
  }
}
