import { createApp } from './app.ts';
import { createGitHubClients, type GitHubClients } from './github/clients.ts';
import { connectProbot, type Connection } from './github/connect.ts';
import { createEnvironmentSpellings } from './github/environment-spellings.ts';
import { createMeter } from './github/meter.ts';
import { secondOf } from './github/pacing.ts';
import { createMemoryQueue, type MemoryQueue } from './jobs/memory-queue.ts';
import { createMemory } from './jobs/memory.ts';
import type { JobRunner } from './jobs/queue.ts';
import { createJobRunner } from './jobs/run-job.ts';
import { createSweeper, type Sweeper } from './jobs/sweep.ts';
import type { Logger } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';

/** What stands behind every door: deliveries go in at the app, and jobs come out of the queue. */
export interface Wiring {
  readonly app: ReturnType<typeof createApp>;
  readonly probot: Connection['probot'];
  /** Await it before deliveries are handed to Probot. */
  readonly ready: Promise<void>;
  readonly clients: GitHubClients;
  readonly queue: MemoryQueue;
  readonly sweeper: Sweeper;
  readonly metrics: Metrics;
}

export interface WiringOptions {
  readonly settings: Settings;
  readonly log: Logger;
  /** Instead of the pipeline; for tests and benchmarks. */
  readonly runJob?: JobRunner;
  /** Milliseconds since the epoch; default the machine's. */
  readonly clock?: () => number;
}

/** Connects the parts and starts to run jobs. Nothing is asked of GitHub before there is a job. */
export function wire({ settings, log, runJob, clock = Date.now }: WiringOptions): Wiring {
  const metrics = createMetrics();
  const connection = connectProbot({ settings, log, meter: createMeter(metrics) });
  const clients = createGitHubClients(connection, settings);
  const spellings = createEnvironmentSpellings();
  const queue = createMemoryQueue({
    concurrency: settings.concurrency,
    limit: settings.queueLimit,
    spacing: settings.spacing,
    second: secondOf(settings.pacing),
    log,
    metrics,
  });
  const sweeper = createSweeper({ clients, queue, log });
  const app = createApp({
    appId: settings.appId,
    apiUrl: settings.baseUrl,
    queue,
    spellings,
    forgetToken: (installation) => {
      clients.forgetToken(installation);
    },
    sweepInstallation: (installation) => void sweeper.sweepInstallation(installation),
    metrics,
    log,
  });
  queue.start(
    runJob ??
      createJobRunner({
        clients,
        memory: createMemory(spellings),
        log,
        metrics,
        clock,
        appId: settings.appId,
        observeOnly: settings.observeOnly,
        sweeps: settings.sweepInterval > 0,
        enqueue: (job) => queue.add(job),
        lookAtInstallation: (installation, which) => void sweeper.sweepInstallation(installation, which),
      }),
  );
  return { app, probot: connection.probot, ready: connection.ready, clients, queue, sweeper, metrics };
}
