import { randomUUID } from 'node:crypto';
import Bottleneck from 'bottleneck';
import { secondOf } from './github/pacing.ts';
import { shareAnswers } from './github/shared/answers.ts';
import { sharePace } from './github/shared/pace.ts';
import { shareTokens } from './github/shared/tokens.ts';
import { createRedisBrakes } from './jobs/redis/brakes.ts';
import { createRedisQueue } from './jobs/redis-queue.ts';
import { createSweepTurns } from './jobs/redis/sweep-turns.ts';
import { connectRedis, RedisUnreachableError, type RedisConnections } from './redis/connect.ts';
import { createSealedStore } from './redis/sealed-store.ts';
import { SettingsError, type Settings } from './settings.ts';
import type { Fleet } from './wiring.ts';

/** What this process shares, and how it leaves. */
export interface JoinedFleet extends Fleet {
  /** Ends the connections. Last of all. */
  leave(): Promise<void>;
}

/**
 * Joins the processes that share a Redis. This file brings BullMQ along: it is imported only where it is asked for.
 * @throws SettingsError where Redis cannot be reached.
 */
export async function joinFleet(
  settings: Pick<Settings, 'appId' | 'privateKey' | 'pacing' | 'sweepInterval'>,
  url: string,
): Promise<JoinedFleet> {
  const { appId, pacing } = settings;
  const redis = await connect(url);
  const { prompt } = redis;
  const place = `{lockkeeper:${appId}}`;
  const store = createSealedStore(prompt, { prefix: `${place}:sealed:`, secret: settings.privateKey });
  // It asks before each request, and has a connection for what it is told.
  const client = redis.patient.duplicate({ lazyConnect: false });
  client.on('error', () => undefined);
  const connection = new Bottleneck.IORedisConnection({ client });
  connection.on('error', () => undefined);
  return {
    createQueue: (options) => createRedisQueue({ ...options, redis, appId }),
    sweepTurns: createSweepTurns(prompt, { prefix: `${place}:sweep:`, process: randomUUID() }),
    brakes: createRedisBrakes(prompt, { prefix: `${place}:brakes:`, sweepInterval: settings.sweepInterval }),
    github: {
      tokens: (own) => shareTokens(own, { store, redis: prompt, prefix: `${place}:tokens:` }),
      answers: (own) => shareAnswers(own, store),
      pace: (installation, own) =>
        sharePace(prompt, { prefix: `${place}:pace:${installation}:`, second: secondOf(pacing), own }),
      throttle: { Bottleneck, connection },
    },
    async leave() {
      await connection.disconnect(false);
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
