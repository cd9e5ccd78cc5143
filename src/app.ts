import type { Probot } from 'probot';
import type { SpellingsSeen } from './github/environment-spellings.ts';
import type { InstallationId } from './github/ids.ts';
import { QueueFullError, type Queue } from './jobs/queue.ts';
import type { Logger } from './logging.ts';
import type { Metrics, WebhookResult } from './metrics.ts';
import type { Outcome } from './webhooks/outcome.ts';
import { isReadEvent, readers, readEvents } from './webhooks/readers.ts';

/** What deliveries are turned into, and where that goes. */
export interface AppOptions {
  readonly appId: number;
  /** Where GitHub's API is. */
  readonly apiUrl: string;
  readonly queue: Pick<Queue, 'add'>;
  readonly spellings: SpellingsSeen;
  /** What an installation may do or see has changed. */
  readonly forgetToken: (installation: InstallationId) => void;
  /** Has all of an installation looked at, whose repositories the delivery did not name. Resolves once that is sure. */
  readonly sweepInstallation: (installation: InstallationId) => Promise<void>;
  readonly metrics: { readonly webhooks: Pick<Metrics['webhooks'], 'inc'> };
  readonly log: Logger;
}

/**
 * The Probot application. It is synchronous, since the Lambda adapter does not wait for one that is not, and loses every
 * delivery then. A handler's promise is settled once the jobs are queued; it is rejected with QueueFullError where they
 * cannot be.
 */
export function createApp(options: AppOptions): (probot: Probot) => void {
  async function receive(delivery: { readonly id: string; readonly name: string; readonly payload: unknown }) {
    const { id, name, payload } = delivery;
    if (!isReadEvent(name)) return;
    const count = (result: WebhookResult): void => {
      options.metrics.webhooks.inc({ event: name, result });
    };
    const outcome = readers[name](payload, { appId: options.appId, apiUrl: options.apiUrl });
    options.log.debug({ delivery: id, event: name, outcome: summary(outcome) }, 'delivery');
    try {
      await follow(outcome, id);
      count(outcome.kind === 'ignored' ? 'ignored' : 'queued');
    } catch (error) {
      count(error instanceof QueueFullError ? 'full' : 'failed');
      throw error;
    }
  }

  async function follow(outcome: Outcome, delivery: string): Promise<void> {
    if (outcome.kind === 'ignored') return;
    if (outcome.kind === 'installation') {
      options.forgetToken(outcome.installation);
      await options.sweepInstallation(outcome.installation);
      return;
    }
    if (outcome.changed !== undefined) options.forgetToken(outcome.changed);
    for (const job of outcome.jobs) {
      for (const name of outcome.environments ?? []) options.spellings.see(job.repository.id, name);
      await options.queue.add({ ...job, deliveries: [delivery] });
    }
  }

  return function app(probot) {
    probot.on([...readEvents], receive);
  };
}

function summary(outcome: Outcome): string {
  if (outcome.kind === 'ignored') return `ignored: ${outcome.reason}`;
  return outcome.kind === 'installation' ? 'the whole installation' : `${outcome.jobs.length} jobs`;
}
