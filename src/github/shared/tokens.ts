import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { SealedStore } from '../../redis/sealed-store.ts';
import { TOKEN_LIFETIME, type TokenCache } from '../token-cache.ts';

/** Milliseconds for one process to make a token, while the others wait for it. */
const LEASE = 10_000;
const PATIENCE = 5000;
const PAUSE = 50;

/**
 * One token an installation for all processes: GitHub's ETags hold for the token that they were given to. Where Redis
 * is away, each process goes on with its own.
 */
export function shareTokens(
  own: TokenCache,
  { store, redis, prefix }: { readonly store: SealedStore; readonly redis: Redis; readonly prefix: string },
): TokenCache {
  async function read(key: string): Promise<string | undefined> {
    const found = (await store.get(`token ${key}`))?.toString();
    if (found !== undefined) await own.set(key, found);
    return found;
  }

  /** Nothing where this process is to make the token. */
  async function readOrLease(key: string): Promise<string | undefined> {
    const found = await read(key);
    if (found !== undefined) return found;
    if ((await redis.set(leaseOf(key), '', 'PX', LEASE, 'NX')) !== null) {
      // It may have been made, and the lease given back, since.
      const meanwhile = await read(key);
      if (meanwhile !== undefined) await redis.del(leaseOf(key));
      return meanwhile;
    }
    for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
      await sleep(PAUSE);
      const made = await read(key);
      if (made !== undefined) return made;
    }
    return undefined;
  }

  function leaseOf(key: string): string {
    return `${prefix}lease:${key}`;
  }

  return {
    async get(key) {
      try {
        return await readOrLease(key);
      } catch {
        return own.get(key);
      }
    },
    async set(key, value) {
      await own.set(key, value);
      try {
        await store.set(`token ${key}`, Buffer.from(value), TOKEN_LIFETIME);
        await redis.del(leaseOf(key));
      } catch {
        // The others make one of their own.
      }
    },
    forget(installation) {
      own.forget(installation);
      store.delete(`token ${installation}`).catch(() => undefined);
    },
    permissions: (installation) => own.permissions(installation),
    isLimited: (installation) => own.isLimited(installation),
  };
}
