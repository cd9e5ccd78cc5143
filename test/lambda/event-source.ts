import type { FifoQueue, Held } from './fifo-queue.ts';

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A batch as Lambda hands it to the worker. */
export function batchEvent(messages: readonly Held[]): object {
  return {
    Records: messages.map(({ id, receipt, body, group, receives, sequence }) => ({
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: '1772442000000',
        SequenceNumber: sequence,
        MessageGroupId: group,
        SenderId: 'AROAEXAMPLE',
        MessageDeduplicationId: id,
        ApproximateFirstReceiveTimestamp: '1772442000001',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:jobs.fifo',
      awsRegion: 'eu-central-1',
    })),
  };
}

/**
 * What Lambda's event source mapping does with `ReportBatchItemFailures`, until nothing is handed out any more: a batch
 * that the function throws at stays in the queue, and so does what it names; the rest is deleted.
 */
export async function pump(queue: FifoQueue, call: (event: object) => Promise<unknown>): Promise<number> {
  let batches = 0;
  for (;;) {
    const batch = queue.receive(10);
    if (batch.length === 0) return batches;
    batches += 1;
    const answer = (await call(batchEvent(batch)).catch(() => null)) as BatchAnswer | null;
    const kept = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    if (answer === null) continue;
    for (const { id, receipt } of batch) if (!kept.has(id)) queue.remove(receipt);
  }
}
