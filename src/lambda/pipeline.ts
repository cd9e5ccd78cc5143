import { createEnvironmentSpellings, type EnvironmentSpellings } from '../github/environment-spellings.ts';
import { carryingSpellings } from '../jobs/carry-spellings.ts';
import { connectSqs, type Sqs } from '../jobs/sqs-client.ts';
import { createSqsQueue } from '../jobs/sqs-queue.ts';
import type { Logger } from '../logging.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { Environment, Settings } from '../settings.ts';
import { wirePipeline, type Pipeline } from '../wiring.ts';
import { readFunctionSettings } from './settings.ts';

/** What a function that runs jobs, or finds them, keeps between two calls. */
export interface Running {
  readonly settings: Settings;
  readonly log: Logger;
  readonly sqs: Sqs;
  readonly metrics: Metrics;
  readonly spellings: EnvironmentSpellings;
  readonly pipeline: Pipeline;
}

/**
 * Done once, while the function starts.
 * @throws SettingsError
 */
export async function startPipeline(environment: Environment): Promise<Running> {
  const { settings, log, queueUrl } = await readFunctionSettings(environment);
  const sqs = connectSqs(queueUrl);
  const spellings = createEnvironmentSpellings();
  const metrics = createMetrics();
  const { add } = carryingSpellings(createSqsQueue({ sqs, log }), spellings);
  // SQS has room for any number: nobody has to wait until others are done.
  const queue = { add, waitingOf: () => Promise.resolve(0) };
  const pipeline = wirePipeline({ settings, log, metrics, spellings, queue, clock: Date.now });
  await pipeline.connection.ready;
  await pipeline.connection.probot.ready();
  return { settings, log, sqs, metrics, spellings, pipeline };
}
