import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHubClients } from '../github/clients.ts';
import type { InstallationId } from '../github/ids.ts';
import { getAll } from '../github/pages.ts';
import { installationId } from '../github/trusted.ts';
import type { Logger } from '../logging.ts';
import type { Queue } from './queue.ts';
import type { SweepTurns } from './sweep-turns.ts';
import type { Batch } from './sweep/look-at-repositories.ts';
import { createRound, type Round } from './sweep/round.ts';

/** What deliveries missed, a sweep finds: it looks at every repository of every installation. */
export interface Sweeper {
  /** Resolves when every repository has been looked at, as far as may be spent on it. One at a time: asked for while one is under way, it is that one. */
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

/** Installations that are asked about at once. Each asks in its own lane. */
const AT_ONCE = 8;
/** With more of an installation's jobs than this waiting, its sweep waits too. */
const MOST_WAITING = 20;
const PAUSE = 250;
/** For so long a sweep waits for the jobs of an installation that get no fewer: its limit is used up, say. */
const PATIENCE = 5 * 60_000;

/** None of the functions rejects: what goes wrong is logged, and the next sweep tries again. */
export function createSweeper(options: {
  readonly clients: GitHubClients;
  readonly queue: Pick<Queue, 'waitingOf'>;
  /** Looks at some repositories. What it throws ends the sweep of that installation for now. */
  readonly look: (batch: Batch) => Promise<void>;
  /** Whether more may be spent on sweeping an installation now. */
  readonly maySpend: (installation: InstallationId) => boolean;
  readonly log: Logger;
  /** Where processes share the work, one of them sweeps. */
  readonly turns?: SweepTurns;
  /** Milliseconds; for tests. */
  readonly patience?: number;
}): Sweeper {
  const { clients, queue, look, maySpend, log, patience = PATIENCE } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  /** Sweeps that did not come to their end, and where they stopped. */
  const unfinished = new Map<InstallationId, Round>();
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
      forgetOthers(active);
      const rounds = active.map((id) => unfinished.get(id) ?? createRound({ clients, installation: id }));
      const repositories = await walk(rounds, { reason: 'sweep' });
      const seconds = (performance.now() - start) / 1000;
      log.info({ installations: active.length, repositories, unfinished: unfinished.size, seconds }, 'sweep');
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, 'sweep failed; the next one tries again');
    }
  }

  /** Uninstalled ones do not come back under their number. */
  function forgetOthers(active: readonly InstallationId[]): void {
    const known = new Set(active);
    for (const id of unfinished.keys()) if (!known.has(id)) unfinished.delete(id);
  }

  /** Installations take turns, some repositories at a time, so that a large one holds nobody up. */
  async function walk(rounds: readonly Round[], which: Which): Promise<number> {
    const ring = [...rounds];
    const busySince = new Map<Round, number>();
    let count = 0;
    const walker = async (): Promise<void> => {
      for (let round = ring.shift(); round !== undefined; round = ring.shift()) {
        if (stopping.signal.aborted) return;
        const looked = await step(round, which);
        if (looked === 'over') continue;
        if (looked === 'busy') {
          const since = busySince.get(round) ?? performance.now();
          busySince.set(round, since);
          if (which.reason === 'sweep' && performance.now() - since > patience) {
            log.info({ installation: round.installation, done: round.done() }, 'sweep goes on when fewer jobs wait');
            continue;
          }
          // Others go on meanwhile.
          ring.push(round);
          await pause();
          continue;
        }
        busySince.delete(round);
        count += looked;
        ring.push(round);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, rounds.length) }, walker));
    return count;
  }

  /**
   * Looks at the next repositories of a round, and resolves to how many. `over`: all have been looked at, or the next
   * sweep is to go on. `busy`: too many jobs of the installation wait.
   */
  async function step(round: Round, { reason, matches }: Which): Promise<number | 'over' | 'busy'> {
    const { installation } = round;
    if (round.isOver()) return 'over';
    const isSweep = reason === 'sweep';
    if (isSweep) unfinished.set(installation, round);
    if (isSweep && !maySpend(installation)) {
      log.info({ installation, done: round.done() }, 'sweep goes on when more may be spent');
      return 'over';
    }
    try {
      // The room is for deliveries, which do not come again.
      if ((await queue.waitingOf(installation)) >= MOST_WAITING) return 'busy';
      const next = await round.next();
      if (next === null) {
        unfinished.delete(installation);
        return 'over';
      }
      const repositories = next.filter(({ name }) => matches?.(name) !== false);
      if (repositories.length > 0) await look({ installation, repositories, reason });
      round.pass(next);
      if (round.isOver()) unfinished.delete(installation);
      return repositories.length;
    } catch (error) {
      if (!stopping.signal.aborted)
        log.warn({ installation, err: error }, 'installation could not be swept to its end');
      return 'over';
    }
  }

  function pause(): Promise<void> {
    return sleep(PAUSE, undefined, { signal: stopping.signal }).catch(() => undefined);
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
      const round = createRound({ clients, installation });
      await track(walk([round], which).then(() => undefined));
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
