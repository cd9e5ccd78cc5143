import { createApp } from './app.ts';
import { createGitHubClients, type GitHubClients } from './github/clients.ts';
import { createBudgets } from './github/budgets.ts';
import { connectProbot, type Connection } from './github/connect.ts';
import { createEnvironmentSpellings, type EnvironmentSpellings } from './github/environment-spellings.ts';
import type { InstallationId } from './github/ids.ts';
import { createMeter } from './github/meter.ts';
import { secondOf } from './github/pacing.ts';
import type { SharedGitHub } from './github/shared/share.ts';
import { carryingSpellings, learnSpellings } from './jobs/carry-spellings.ts';
import { createOwnBrakes, type Brakes } from './jobs/brakes.ts';
import { createMemoryQueue, type MemoryQueueOptions } from './jobs/memory-queue.ts';
import { createMemory } from './jobs/memory.ts';
import type { SweepTurns } from './jobs/sweep-turns.ts';
import type { JobRunner, Queue } from './jobs/queue.ts';
import { createJobRunner, type JobContext } from './jobs/run-job.ts';
import { connectSqs } from './jobs/sqs-client.ts';
import { createSqsEngine } from './jobs/sqs-engine.ts';
import { createSweeper, type Sweeper } from './jobs/sweep.ts';
import { leaveToNextSweep } from './jobs/sweep/leave-to-next-sweep.ts';
import { lookAtRepositories } from './jobs/sweep/look-at-repositories.ts';
import { createTimers, type Timers } from './jobs/timers.ts';
import type { Logger } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { SettingsError, type Settings } from './settings.ts';

/** What stands behind every door: deliveries go in at the app, and jobs come out of the queue. */
export interface Wiring extends Pick<Pipeline, 'clients' | 'sweeper' | 'timers'> {
  readonly app: ReturnType<typeof createApp>;
  readonly probot: Connection['probot'];
  /** Await it before deliveries are handed to Probot. */
  readonly ready: Promise<void>;
  readonly queue: Queue;
  readonly metrics: Metrics;
}

export interface WiringOptions {
  readonly settings: Settings;
  readonly log: Logger;
  /** Instead of the pipeline; for tests and benchmarks. */
  readonly runJob?: JobRunner;
  /** Milliseconds since the epoch; default the machine's. */
  readonly clock?: () => number;
  /** What this process shares with others; without it, it is alone. */
  readonly fleet?: Fleet;
}

/** What the processes of a fleet have in common. */
export interface Fleet {
  createQueue(options: QueueOptions): Queue;
  readonly github: SharedGitHub;
  readonly sweepTurns: SweepTurns;
  readonly brakes: Brakes;
}

/** What the queues that run jobs themselves are told. */
export type QueueOptions = Omit<MemoryQueueOptions, 'limit' | 'clock' | 'random'>;

/** Connects the parts and starts to run jobs. Nothing is asked of GitHub before there is a job. */
export function wire({ settings, log, runJob, clock = Date.now, fleet }: WiringOptions): Wiring {
  const metrics = createMetrics();
  const spellings = createEnvironmentSpellings();
  const engine = createQueue({
    settings,
    log,
    metrics,
    ...(fleet === undefined ? {} : { fleet }),
    sweepInstallation: (installation) => sweeper.sweepInstallation(installation),
  });
  const queue = carryingSpellings(engine, spellings);
  const pipeline = wirePipeline({
    settings,
    log,
    metrics,
    spellings,
    queue,
    clock,
    ...(fleet === undefined ? {} : { fleet }),
  });
  const { connection, clients, sweeper, timers } = pipeline;
  const app = createApp({
    appId: settings.appId,
    apiUrl: settings.baseUrl,
    queue,
    spellings,
    forgetToken: (installation) => {
      clients.forgetToken(installation);
    },
    sweepInstallation(installation) {
      void sweeper.sweepInstallation(installation);
      return Promise.resolve();
    },
    metrics,
    log,
  });
  queue.start(learnSpellings(runJob ?? pipeline.createRunner(), spellings));
  return { app, probot: connection.probot, ready: connection.ready, clients, queue, sweeper, timers, metrics };
}

/** What is behind the queue: who runs the jobs, and who finds those that nobody asked for. */
export interface Pipeline {
  readonly connection: Connection;
  readonly clients: GitHubClients;
  readonly sweeper: Sweeper;
  /** Only where the process lives: what they would wake, the sweep finds. */
  readonly timers: Timers;
  /** @param clients other than the pipeline's own, for jobs that must end in time. */
  createRunner(clients?: JobContext['clients']): JobRunner;
}

export interface PipelineOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly spellings: EnvironmentSpellings;
  readonly queue: Pick<Queue, 'add' | 'waitingOf'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fleet?: Fleet;
}

/** Connects what runs jobs with GitHub and with the queue that further jobs go to. */
export function wirePipeline(options: PipelineOptions): Pipeline {
  const { settings, log, metrics, spellings, queue, clock, fleet } = options;
  const budgets = createBudgets();
  const connection = connectProbot({
    settings,
    log,
    meter: createMeter(metrics, budgets),
    ...(fleet === undefined ? {} : { shared: fleet.github }),
  });
  const clients = createGitHubClients(connection, settings);
  const timers = createTimers({
    clock,
    add: (job) => {
      queue.add(job).catch((error: unknown) => {
        log.warn({ err: error }, 'what is due could not be queued; it is left to the sweep');
      });
    },
  });
  const context: JobContext = {
    clients,
    memory: createMemory(spellings),
    brakes: fleet?.brakes ?? createOwnBrakes(),
    log,
    metrics,
    clock,
    appId: settings.appId,
    webUrl: webUrlOf(settings.baseUrl),
    observeOnly: settings.observeOnly,
    sharesJobs: settings.queue.kind !== 'memory',
    sweeps: settings.sweepInterval > 0,
    enqueue: (job) => queue.add(job),
    timers,
    lookAtInstallation: (installation, which) => void sweeper.sweepInstallation(installation, which),
  };
  const maySpend = (installation: InstallationId): boolean => budgets.hasSpare(installation);
  const sweeper = createSweeper({
    clients,
    queue,
    look: (batch) => lookAtRepositories(context, batch),
    maySpend,
    log,
    ...(fleet === undefined ? {} : { turns: fleet.sweepTurns }),
  });
  return {
    connection,
    clients,
    sweeper,
    timers,
    createRunner: (given = clients) =>
      leaveToNextSweep(createJobRunner({ ...context, clients: given }), { maySpend, log }),
  };
}

/** Where GitHub's pages are, from where its API is. */
function webUrlOf(baseUrl: string): string {
  return baseUrl.replace(/^https:\/\/api\.github\.com$/, 'https://github.com').replace(/\/api\/v3$/, '');
}

function createQueue(options: {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly fleet?: Fleet;
  readonly sweepInstallation: (installation: InstallationId) => Promise<void>;
}): Queue {
  const { settings, log, metrics, fleet } = options;
  const { concurrency, spacing } = settings;
  const own: QueueOptions = { concurrency, spacing, second: secondOf(settings.pacing), log, metrics };
  switch (settings.queue.kind) {
    case 'sqs':
      return createSqsEngine({ ...options, sqs: connectSqs(settings.queue.url), concurrency });
    case 'redis':
      if (fleet === undefined) throw new SettingsError('QUEUE=redis is for servers: functions take QUEUE=sqs');
      return fleet.createQueue(own);
    case 'memory':
      return createMemoryQueue({ ...own, limit: settings.queueLimit });
  }
}
