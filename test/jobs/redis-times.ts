import type { RedisQueueTimes } from '../../src/jobs/redis-queue.ts';

/** So short that a test can wait for a killed process's jobs; production's add up to a minute and a half at most. */
export const SHORT: RedisQueueTimes = { lock: 1000, stalled: 200, tick: 5, alive: 1000, ticket: 1000 };
