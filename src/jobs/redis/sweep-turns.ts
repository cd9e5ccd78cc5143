import type { Redis } from 'ioredis';
import type { SweepTurns } from '../sweep-turns.ts';

/** Milliseconds after which a sweep counts as given up, by a process that does not say that it goes on. */
const LEASE = 60_000;
/** Timers of several processes do not ring together. */
const EARLY = 0.9;

export function createSweepTurns(
  redis: Redis,
  { prefix, process }: { readonly prefix: string; readonly process: string },
): SweepTurns {
  const begun = `${prefix}begun`;
  const lease = `${prefix}lease`;

  async function take(interval: number): Promise<boolean> {
    try {
      const isDue = (await redis.set(begun, process, 'PX', Math.ceil(interval * EARLY), 'NX')) !== null;
      return isDue && (await redis.set(lease, process, 'PX', LEASE, 'NX')) !== null;
    } catch {
      return false;
    }
  }

  return {
    async inTurn(interval, sweep) {
      if (!(await take(interval))) return;
      const renewal = setInterval(() => {
        redis.set(lease, process, 'PX', LEASE).catch(() => undefined);
      }, LEASE / 3);
      try {
        await sweep();
      } finally {
        clearInterval(renewal);
        await redis.del(lease).catch(() => undefined);
      }
    },
  };
}
