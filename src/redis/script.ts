import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

type Argument = string | number;

/** Runs a script as a whole: nothing else happens in Redis meanwhile. @throws what Redis or the connection says. */
export type Script = (redis: Redis, ...args: readonly Argument[]) => Promise<unknown>;

/** A script that is sent once, and named by its hash from then on. Every key it uses begins with `prefix`. */
export function createScript(text: string, prefix: string): Script {
  const hash = createHash('sha1').update(text).digest('hex');
  return async function runScript(redis, ...args) {
    try {
      return await redis.evalsha(hash, 1, prefix, prefix, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(text, 1, prefix, prefix, ...args);
    }
  };
}
