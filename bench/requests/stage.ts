import { createLogger } from '../../src/logging.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { readSettings } from '../../src/settings.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from '../../test/simulator/index.ts';

/** A GitHub with one repository, in which the app is installed. Nobody listens to it so far. */
export interface Stage {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly installation: number;
}

export const OWNER = 'acme';
export const REPOSITORY = 'shop';

/** @param policy of the repository; null for one without. */
export async function setStage(policy: string | null): Promise<Stage> {
  const github = await startSimulator({ clock: new Date(Date.now() - WEEK) });
  github.addOwner(OWNER);
  const shop = github.addRepository({ owner: OWNER, name: REPOSITORY });
  if (policy !== null) shop.push({ files: { '.github/deployments.yml': policy } });
  const { id } = github.install({ owner: OWNER, repositories: 'all' });
  return { github, shop, installation: id };
}

/** What is on stage happened in the last week, and the server's clock is this machine's. */
const WEEK = 7 * 86_400_000;

/** The real server, listening to the stage's GitHub. */
export interface Listening {
  /** Where it takes deliveries. */
  readonly webhooks: string;
  /** Resolves when every delivery has arrived and nothing is left to do. */
  settle(): Promise<void>;
  /** A sweep, and everything that comes of it. */
  sweep(): Promise<void>;
  /** From here on deliveries are lost. */
  deafen(): void;
  listen(): void;
  stop(): Promise<void>;
}

/** @param spacing milliseconds between two runs of one job; production's is 1000. */
export async function listenTo({ github }: Stage, spacing: number): Promise<Listening> {
  const settings = readSettings(
    {
      ...github.environment(),
      HOST: '127.0.0.1',
      PORT: '0',
      SWEEP_INTERVAL: '0',
      GITHUB_PACING: 'off',
      LOG_LEVEL: 'error',
    },
    '/',
  );
  const log = await createLogger(settings);
  const server: RunningServer = await startServer({ settings: { ...settings, spacing }, log });
  const webhooks = `${server.url}/api/github/webhooks`;
  const listen = (): void => {
    github.deliverTo(webhooks);
  };
  listen();
  const settle = async (): Promise<void> => {
    let seen: number;
    do {
      seen = github.deliveries.length;
      await github.delivered();
      await server.queue.idle();
    } while (github.deliveries.length > seen);
    const lost = github.deliveries.filter((one) =>
      one.status === null ? !github.held.includes(one) : one.status >= 300,
    );
    if (lost.length > 0) throw new Error(`${lost.length} deliveries were turned away`);
  };
  return {
    webhooks,
    listen,
    settle,
    async sweep() {
      await server.sweeper.sweep();
      await settle();
    },
    deafen() {
      github.deliverTo(null);
    },
    stop: () => server.stop(),
  };
}
