import { deadlineOf, inTime, type Invocation } from './deadline.ts';
import { startPipeline } from './pipeline.ts';

const started = startPipeline(process.env);
started.catch(() => undefined);

/** The schedule: has every repository looked at. Resolves when all of them have their jobs, or its time is over. */
export async function handler(_event: unknown, invocation: Invocation): Promise<void> {
  const { pipeline, log } = await started;
  const deadline = deadlineOf(invocation);
  await inTime(pipeline.sweeper.sweep(), deadline.signal);
  deadline.clear();
  if (deadline.signal.aborted) log.warn('the sweep was not done in time; it goes on at the next call');
}
