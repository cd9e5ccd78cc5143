import { createRedisQueue } from './jobs/redis-queue.ts';
import { connectRedis, RedisUnreachableError, type RedisConnections } from './redis/connect.ts';
import { SettingsError, type Settings } from './settings.ts';
import type { Fleet } from './wiring.ts';

/** What this process shares, and how it leaves. */
export interface JoinedFleet extends Fleet {
  /** Ends the connections. Last of all. */
  leave(): void;
}

/**
 * Joins the processes that share a Redis. This file brings BullMQ along: it is imported only where it is asked for.
 * @throws SettingsError where Redis cannot be reached.
 */
export async function joinFleet(settings: Settings, url: string): Promise<JoinedFleet> {
  const redis = await connect(url);
  return {
    createQueue: (options) => createRedisQueue({ ...options, redis, appId: settings.appId }),
    leave: () => {
      redis.close();
    },
  };
}

async function connect(url: string): Promise<RedisConnections> {
  try {
    return await connectRedis(url);
  } catch (error) {
    if (error instanceof RedisUnreachableError)
      throw new SettingsError(`REDIS_URL cannot be reached: ${error.message}`);
    throw error;
  }
}
