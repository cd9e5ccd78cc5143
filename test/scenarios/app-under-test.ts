import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { createGitHubClients } from '../../src/github/clients.ts';
import { connectProbot } from '../../src/github/connect.ts';
import { createEnvironmentSpellings } from '../../src/github/environment-spellings.ts';
import { createMeter } from '../../src/github/meter.ts';
import { createMemoryQueue } from '../../src/jobs/memory-queue.ts';
import { createMemory } from '../../src/jobs/memory.ts';
import { createJobRunner } from '../../src/jobs/run-job.ts';
import { createSweeper } from '../../src/jobs/sweep.ts';
import { createLogger } from '../../src/logging.ts';
import { createMetrics } from '../../src/metrics.ts';
import { readSettings } from '../../src/settings.ts';
import type { Simulator } from '../simulator/index.ts';

/** The server, in this process, on a free port of loopback. */
export interface AppUnderTest {
  readonly webhooks: string;
  /** Resolves when every job that a sweep asks for is queued. */
  sweep(): Promise<void>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startApp(
  github: Simulator,
  options: { readonly environment: Readonly<Record<string, string>>; readonly write: (line: string) => void },
): Promise<AppUnderTest> {
  const settings = readSettings(
    { ...github.environment(), LOG_LEVEL: 'debug', GITHUB_PACING: 'off', ...options.environment },
    '/',
  );
  const log = await createLogger(settings, { write: options.write });
  const metrics = createMetrics();
  const connection = connectProbot({ settings, log, meter: createMeter(metrics) });
  const clients = createGitHubClients(connection, settings);
  const queue = createMemoryQueue({
    concurrency: settings.concurrency,
    limit: settings.queueLimit,
    spacing: settings.spacing,
    second: 1,
    log,
    metrics,
  });
  const sweeper = createSweeper({ clients, queue, log });
  const spellings = createEnvironmentSpellings();
  const memory = createMemory(spellings);
  queue.start(
    createJobRunner({
      clients,
      memory,
      log,
      metrics,
      clock: () => github.clock.now().getTime(),
      observeOnly: settings.observeOnly,
      sweeps: true,
      enqueue: (job) => queue.add(job),
    }),
  );
  const { probot } = connection;
  await probot.load(
    createApp({
      appId: settings.appId,
      queue,
      spellings,
      forgetToken: (installation) => {
        clients.forgetToken(installation);
      },
      sweepInstallation: (installation) => void sweeper.sweepInstallation(installation),
      metrics,
      log,
    }),
  );
  const server = createServer((incoming, outgoing) => {
    readBody(incoming)
      .then((payload) =>
        probot.webhooks.verifyAndReceive({
          id: String(incoming.headers['x-github-delivery']),
          name: String(incoming.headers['x-github-event']),
          signature: String(incoming.headers['x-hub-signature-256']),
          payload,
        }),
      )
      .then(
        () => outgoing.writeHead(202).end(),
        () => outgoing.writeHead(500).end(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await sweeper.sweep();
  return {
    webhooks: `http://127.0.0.1:${port}/api/github/webhooks`,
    sweep: () => sweeper.sweep(),
    async idle() {
      await sweeper.settled();
      await queue.idle();
    },
    async stop() {
      await sweeper.stop();
      await queue.stop(1000);
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
