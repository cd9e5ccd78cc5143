import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandLine, Running } from '../server/processes.ts';
import { freePort } from '../server/ports.ts';
import type { Simulator } from '../simulator/index.ts';

/** The built server in a process of its own, which may die at any moment. */
export interface MortalServer {
  /** Starts it. Resolves once it takes deliveries; its first sweep has begun then. */
  start(): Promise<void>;
  /** Ends it as a machine that fails does. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Lets it finish what it does, and ends it. */
  end(): Promise<void>;
}

export async function mortalServer(lockkeeper: CommandLine, github: Simulator): Promise<MortalServer> {
  const port = await freePort();
  let running: Running | null = null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    running?.process.kill(signal);
    await running?.ended;
    running = null;
  };
  return {
    async start() {
      running = lockkeeper.start(['serve'], {
        ...github.environment(),
        HOST: '127.0.0.1',
        PORT: String(port),
        GITHUB_PACING: 'off',
      });
      await running.says('listening');
      github.deliverTo(`http://127.0.0.1:${port}/api/github/webhooks`, { mode: 'hold' });
    },
    kill: () => end('SIGKILL'),
    end: () => end('SIGTERM'),
  };
}

/**
 * Kills it as soon as GitHub has got so many more requests, while the last of them is being answered; or after a moment in
 * which nothing was asked. Resolves once it is gone.
 */
export function killAfter(github: Simulator, server: MortalServer, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    let idle: NodeJS.Timeout | null = null;
    const kill = () => {
      remove();
      if (idle !== null) clearTimeout(idle);
      server.kill().then(resolve, reject);
    };
    const wait = () => {
      if (idle !== null) clearTimeout(idle);
      idle = setTimeout(kill, QUIET);
    };
    const remove = github.faults.add({
      action: 'delay',
      match: () => {
        left -= 1;
        wait();
        if (left === 0) kill();
        return false;
      },
    });
    wait();
  });
}

/** Milliseconds without a request, after which none is expected. */
const QUIET = 300;
/** Milliseconds that a busy machine may take. */
const PATIENCE = 60_000;

/** Resolves once that holds, or after all patience. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!holds() && performance.now() < end) await sleep(20);
}
