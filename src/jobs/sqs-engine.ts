import type { InstallationId } from '../github/ids.ts';
import type { Logger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { JobRunner, Queue } from './queue.ts';
import { runBatch, type BatchResult } from './sqs-batch.ts';
import type { Received, Sqs } from './sqs-client.ts';
import { startSqsConsumer, type SqsConsumer } from './sqs-consumer.ts';
import { createSqsQueue } from './sqs-queue.ts';

export interface SqsEngineOptions {
  readonly sqs: Sqs;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Has all repositories of an installation looked at. */
  readonly sweepInstallation: (installation: InstallationId) => Promise<void>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobSeconds'>;
}

/** The queue of a long-lived process that adds jobs to SQS and takes jobs from it. Functions are given theirs. */
export function createSqsEngine(options: SqsEngineOptions): Queue {
  const { sqs, log, metrics, concurrency } = options;
  const queue = createSqsQueue({ sqs, log });
  const running = new Set<Promise<BatchResult>>();
  const deadline = new AbortController();
  let consumer: SqsConsumer | null = null;

  function run(batch: readonly Received[], runJob: JobRunner): Promise<BatchResult> {
    const batchRun = runBatch(batch, {
      run: (message) =>
        message.kind === 'job' ? runJob(message.job) : options.sweepInstallation(message.installation),
      concurrency,
      deadline: deadline.signal,
      log,
      metrics,
    });
    running.add(batchRun);
    return batchRun.finally(() => running.delete(batchRun));
  }

  return {
    ...queue,
    // SQS counts messages, whoever's they are.
    waitingOf: async () => (await queue.depth()).waiting,
    start(runJob) {
      consumer = startSqsConsumer({ sqs, concurrency, run: (batch) => run(batch, runJob), log });
    },
    async stop(patience) {
      const timer = setTimeout(() => {
        deadline.abort();
      }, patience);
      await consumer?.stop();
      clearTimeout(timer);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
