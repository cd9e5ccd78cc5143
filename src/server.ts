import type { JobRunner, Queue } from './jobs/queue.ts';
import type { Sweeper } from './jobs/sweep.ts';
import type { Timers } from './jobs/timers.ts';
import { createLogger, type Logger } from './logging.ts';
import type { Metrics } from './metrics.ts';
import { createHttpServer, listen } from './server/http.ts';
import type { Settings } from './settings.ts';
import { wire } from './wiring.ts';

export interface RunningServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly queue: Queue;
  readonly sweeper: Sweeper;
  readonly timers: Pick<Timers, 'ring'>;
  readonly metrics: Metrics;
  /** Turns deliveries away, finishes what runs, and resolves after {@link PATIENCE} at the latest. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly settings: Settings;
  readonly log?: Logger;
  /** Instead of the pipeline; for tests and benchmarks. */
  readonly runJob?: JobRunner;
  /** What time it is for policies, in milliseconds since the epoch, where that is not now: a simulated GitHub has its own. */
  readonly clock?: () => number;
}

/** Milliseconds that what runs may take when the process has been told to end. */
const PATIENCE = 30_000;
const SWEEP_PATIENCE = 1000;

/**
 * Door 1: a process that lives. Resolves once it takes deliveries; the first sweep has begun then.
 * @throws SettingsError where the address or Redis cannot be had, or a package for a setting is missing.
 */
export async function startServer({ settings, runJob, clock, ...given }: ServerOptions): Promise<RunningServer> {
  const log = given.log ?? (await createLogger(settings));
  // Its packages are not even looked for where they are not asked for: they take half a second to load.
  const fleet =
    settings.queue.kind === 'redis' ? await (await import('./fleet.ts')).joinFleet(settings, settings.queue.url) : null;
  const wiring = wire({
    settings,
    log,
    ...(fleet === null ? {} : { fleet }),
    ...(runJob === undefined ? {} : { runJob }),
    ...(clock === undefined ? {} : { clock }),
  });
  const { probot, queue, sweeper, timers, metrics } = wiring;
  await wiring.ready;
  await probot.load(wiring.app);
  const http = createHttpServer(wiring, log);
  const url = await listen(http, settings).catch(async (error: unknown) => {
    await queue.stop(0);
    await fleet?.leave();
    throw error;
  });
  log.info({ url, observeOnly: settings.observeOnly }, 'listening');
  if (settings.sweepInterval > 0) sweeper.start(settings.sweepInterval);

  async function stop(): Promise<void> {
    log.info('stopping');
    timers.stop();
    await Promise.all([
      queue.stop(PATIENCE),
      within(PATIENCE, http.close()),
      // Between two requests it ends at once, and one that is not answered is not worth waiting for.
      within(SWEEP_PATIENCE, sweeper.stop()),
    ]);
    await fleet?.leave();
    log.info('stopped');
  }
  return { url, queue, sweeper, timers, metrics, stop };
}

/** Resolves when `work` does, or after `patience` milliseconds. */
async function within(patience: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
