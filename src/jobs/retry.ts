import { GitHubError } from '../github/port.ts';

/** Runs of a job, the first one included, before it is left to the sweep. */
export const MOST_ATTEMPTS = 5;

const LONGEST_BACKOFF = 60_000;

/**
 * Milliseconds to wait after `failures` failed runs in a row: twice as long each time, and at least as long as GitHub
 * said. Part of it is left to chance, so that what failed together does not come back together.
 * @param random from 0 up to 1.
 */
export function retryDelay(failures: number, error: unknown, random: number): number {
  const backoff = Math.min(LONGEST_BACKOFF, 1000 * 2 ** (failures - 1));
  const told = error instanceof GitHubError ? (error.retryAfter ?? 0) : 0;
  return Math.max(backoff, told) * (1 + random / 2);
}
