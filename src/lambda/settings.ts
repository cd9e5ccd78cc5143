import { createLogger, type Logger } from '../logging.ts';
import { readSettings, SettingsError, type Environment, type Settings } from '../settings.ts';

/** What every function is told. */
export interface FunctionSettings {
  readonly settings: Settings;
  readonly log: Logger;
  readonly queueUrl: string;
}

/**
 * The environment of a function. Jobs must wait outside of it: it may be frozen once it has answered.
 * @throws SettingsError
 */
export async function readFunctionSettings(environment: Environment): Promise<FunctionSettings> {
  const settings = readSettings(environment, process.cwd());
  if (settings.queue.kind !== 'sqs') {
    throw new SettingsError('SQS_QUEUE_URL is missing: set it to the address of the FIFO queue between the functions');
  }
  return { settings, log: await createLogger(settings), queueUrl: settings.queue.url };
}
