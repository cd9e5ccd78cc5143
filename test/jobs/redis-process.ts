import { createRedisQueue } from '../../src/jobs/redis-queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics } from '../../src/metrics.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { SHORT } from './redis-times.ts';

/*
 * A process that takes whatever there is, says so, and never ends any of it. The address of Redis is its argument.
 */
const redis = await connectRedis(process.argv[2] ?? '');
const queue = createRedisQueue({
  redis,
  appId: Number(process.argv[3]),
  concurrency: 2,
  spacing: 0,
  second: 1,
  log: createSilentLogger(),
  metrics: createMetrics(),
  times: SHORT,
});
queue.start((job) => {
  process.stdout.write(`runs ${job.installation}\n`);
  return new Promise(() => undefined);
});
process.stdout.write('started\n');
