import { haltingClients } from '../github/halting.ts';
import { learnSpellings } from '../jobs/carry-spellings.ts';
import { runBatch } from '../jobs/sqs-batch.ts';
import type { Received } from '../jobs/sqs-client.ts';
import { putOff } from '../jobs/sqs-consumer.ts';
import { deadlineOf, inTime, type Invocation } from './deadline.ts';
import type { Running } from './pipeline.ts';

/** A batch as Lambda hands it over. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface BatchEvent {
  readonly Records: readonly SqsRecord[];
}

interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes?: { readonly MessageGroupId?: string; readonly ApproximateReceiveCount?: string };
}

/** Lambda takes the others out of the queue. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Runs batches, each within its time. What fails is put off for as long as makes sense, and told to be kept. */
export function createBatchHandler(
  running: Running,
): (event: BatchEvent, invocation: Invocation) => Promise<BatchAnswer> {
  const { settings, sqs, log, metrics, spellings, pipeline } = running;
  return async function answerBatch({ Records }, invocation) {
    const deadline = deadlineOf(invocation);
    const { sweeper } = pipeline;
    const run = learnSpellings(pipeline.createRunner(haltingClients(pipeline.clients, deadline.signal)), spellings);
    const { failed } = await runBatch(Records.map(toReceived), {
      run: (message) => (message.kind === 'job' ? run(message.job) : sweeper.sweepInstallation(message.installation)),
      concurrency: settings.concurrency,
      deadline: deadline.signal,
      log,
      metrics,
    });
    // An organisation's changed policy has all of its repositories looked at. What is lost of that, the sweep sees.
    await inTime(sweeper.settled(), deadline.signal);
    deadline.clear();
    await putOff({ sqs, log }, failed);
    return { batchItemFailures: failed.map(({ received }) => ({ itemIdentifier: received.id })) };
  };
}

function toReceived({ messageId, receiptHandle, body, attributes = {} }: SqsRecord): Received {
  return {
    id: messageId,
    receipt: receiptHandle,
    body,
    group: attributes.MessageGroupId ?? messageId,
    receives: Number(attributes.ApproximateReceiveCount ?? 1),
  };
}
