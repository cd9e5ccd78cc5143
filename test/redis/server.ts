import { execFileSync } from 'node:child_process';
import { describe } from '@jest/globals';

export { startRedis, type RedisUnderTest } from './start.ts';

/** Set where tests with Redis must not be skipped. */
const REQUIRED = 'LOCKKEEPER_TEST_REDIS';

function isThere(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Tests that need the program `redis-server`. They are shown as skipped where it is not installed. */
export function describeWithRedis(name: string, tests: () => void): void {
  const there = isThere();
  if (!there && process.env[REQUIRED] === 'required') throw new Error(`${REQUIRED}: redis-server is not installed`);
  const run = there ? describe : describe.skip;
  run(there ? name : `${name} (skipped: redis-server is not installed)`, tests);
}
