import type { Invocation } from './deadline.ts';
import { startPipeline } from './pipeline.ts';
import { createBatchHandler, type BatchAnswer, type BatchEvent } from './run-batch.ts';

// At the top, where Lambda gives the function all of a processor. What goes wrong is thrown at the first call.
const started = startPipeline(process.env).then(createBatchHandler);
started.catch(() => undefined);

/** Batches of jobs out of SQS. */
export async function handler(event: BatchEvent, invocation: Invocation): Promise<BatchAnswer> {
  const answerBatch = await started;
  return answerBatch(event, invocation);
}
