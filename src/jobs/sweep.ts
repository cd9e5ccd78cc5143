import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHubClients } from '../github/clients.ts';
import type { InstallationId } from '../github/ids.ts';
import { getAll, getPages } from '../github/pages.ts';
import { installationId, repositoryId } from '../github/trusted.ts';
import type { Logger } from '../logging.ts';
import type { Queue } from './queue.ts';
import type { SweepTurns } from './sweep-turns.ts';

/** What deliveries missed, a sweep finds: it has every repository of every installation looked at. */
export interface Sweeper {
  /** Resolves when every repository has its job. One at a time: asked for while one is under way, it is that one. */
  sweep(): Promise<void>;
  /** Has one installation's repositories looked at, or those of them that `matches` names, for another reason. */
  sweepInstallation(installation: InstallationId, which?: Which): Promise<void>;
  /** Sweeps now and each `interval` milliseconds from now on, until it is stopped. */
  start(interval: number): void;
  /** Resolves when what is under way has been given up. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Which repositories, and why. */
export interface Which {
  readonly reason: string;
  readonly matches?: (repositoryName: string) => boolean;
}

/** Installations that are listed at once. Each asks in its own lane. */
const AT_ONCE = 4;
/** With more jobs than this waiting, a sweep waits too: the room is for deliveries, which do not come again. */
const MOST_WAITING = 1000;
const PAUSE = 250;

/** None of the functions rejects: what goes wrong is logged, and the next sweep tries again. */
export function createSweeper(options: {
  readonly clients: GitHubClients;
  readonly queue: Pick<Queue, 'add' | 'depth'>;
  readonly log: Logger;
  /** Where processes share the work, one of them sweeps. */
  readonly turns?: SweepTurns;
}): Sweeper {
  const { clients, queue, log } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let whole: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function track(work: Promise<void>): Promise<void> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  async function sweepAll(): Promise<void> {
    const start = performance.now();
    try {
      const found = await getAll(clients.app, 'GET /app/installations', {}, { items: (data) => data });
      const active = found.filter((one) => one.suspended_at === null).map((one) => installationId(one.id));
      const rest = active.values();
      const repositories = await Promise.all(Array.from({ length: AT_ONCE }, () => sweepEach(rest)));
      const total = repositories.reduce((sum, count) => sum + count, 0);
      const seconds = (performance.now() - start) / 1000;
      log.info({ installations: active.length, repositories: total, seconds }, 'sweep');
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, 'sweep failed; the next one tries again');
    }
  }

  /** Takes what the others that share `rest` leave. One that fails does not hold the others up. */
  async function sweepEach(rest: Iterable<InstallationId>): Promise<number> {
    let count = 0;
    for (const installation of rest) {
      if (stopping.signal.aborted) break;
      count += await sweepOne(installation, { reason: 'sweep' });
    }
    return count;
  }

  async function sweepOne(installation: InstallationId, { reason, matches }: Which): Promise<number> {
    let count = 0;
    try {
      const github = clients.installation(installation);
      const pages = getPages(github, 'GET /installation/repositories', {}, { items: (data) => data.repositories });
      for await (const page of pages) {
        for (const { id, name, owner, archived } of page) {
          if (archived || matches?.(name) === false) continue;
          await roomForDeliveries();
          const repository = { id: repositoryId(id), owner: owner.login, name };
          await queue.add({ installation, repository, scope: { kind: 'repository' }, reason });
          count += 1;
        }
      }
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ installation, err: error }, 'installation could not be swept');
    }
    return count;
  }

  async function roomForDeliveries(): Promise<void> {
    stopping.signal.throwIfAborted();
    while ((await queue.depth()).waiting >= MOST_WAITING) {
      await sleep(PAUSE, undefined, { signal: stopping.signal });
    }
  }

  function sweep(): Promise<void> {
    whole ??= track(sweepAll()).finally(() => {
      whole = null;
    });
    return whole;
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    sweep,
    async sweepInstallation(installation, which = { reason: 'installation' }) {
      await track(sweepOne(installation, which).then(() => undefined));
    },
    start(interval) {
      const begin = (): void => void (options.turns?.inTurn(interval, sweep) ?? sweep());
      begin();
      timer = setInterval(begin, interval);
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      stopping.abort();
      await settled();
    },
    settled,
  };
}
