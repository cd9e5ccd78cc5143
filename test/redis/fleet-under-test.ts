import { afterAll, beforeAll } from '@jest/globals';
import { joinFleet, type JoinedFleet } from '../../src/fleet.ts';
import { environment } from '../server/served.ts';
import { startRedis, type RedisUnderTest } from './server.ts';

/** A Redis for all tests of a group, and those who have joined the fleet there. Both end with the group. */
export interface FleetUnderTest {
  /** To be asked within a test. */
  readonly redis: RedisUnderTest;
  readonly joined: JoinedFleet[];
  /** One more process of an app. */
  join(appId: number, privateKey?: string): Promise<JoinedFleet>;
}

export function useFleet(): FleetUnderTest {
  let redis: RedisUnderTest | null = null;
  const joined: JoinedFleet[] = [];
  const started = (): RedisUnderTest => {
    if (redis === null) throw new Error('Redis is started before the first test');
    return redis;
  };
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const fleet of joined) await fleet.leave();
    await redis?.remove();
  });
  return {
    get redis() {
      return started();
    },
    joined,
    async join(appId, privateKey = environment.PRIVATE_KEY) {
      const fleet = await joinFleet({ appId, privateKey, pacing: 'github', sweepInterval: 900_000 }, started().url);
      joined.push(fleet);
      return fleet;
    },
  };
}
