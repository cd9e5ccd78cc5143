import { createLogger } from '../../src/logging.ts';
import { startServer } from '../../src/server.ts';
import { readSettings } from '../../src/settings.ts';
import type { Simulator } from '../simulator/index.ts';

/** The server, in this process, on a free port of loopback. */
export interface AppUnderTest {
  readonly webhooks: string;
  /** Resolves when every job that a sweep asks for is queued. */
  sweep(): Promise<void>;
  /** Adds the jobs that are due by GitHub's clock. */
  ring(): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  /** As `/metrics` shows them. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Nobody waits for it here: tests ask for their sweeps. */
const SWEEP_INTERVAL = '24d';

/** Starts it as `lockkeeper serve` does, without pauses between requests and with GitHub's clock. */
export async function startApp(
  github: Simulator,
  options: { readonly environment: Readonly<Record<string, string>>; readonly write: (line: string) => void },
): Promise<AppUnderTest> {
  const variables = {
    ...github.environment(),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    GITHUB_PACING: 'off',
    SWEEP_INTERVAL,
    ...options.environment,
  };
  const settings = readSettings(variables, '/');
  const log = await createLogger(settings, { write: options.write });
  const server = await startServer({ settings, log, clock: () => github.clock.now().getTime() });
  return {
    webhooks: `${server.url}/api/github/webhooks`,
    sweep: () => server.sweeper.sweep(),
    ring: () => {
      server.timers.ring();
    },
    async idle() {
      await server.sweeper.settled();
      await server.queue.idle();
    },
    metrics: () => server.metrics.registry.metrics(),
    stop: () => server.stop(),
  };
}
