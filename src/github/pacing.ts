import type { Settings } from '../settings.ts';

type Pacing = Settings['pacing'];

/** Every 4xx: asking again would get the same answer. Limits are waited for elsewhere, in limits.ts. */
const CLIENT_ERRORS = Array.from({ length: 100 }, (_, index) => 400 + index);

/** Reads are repeated up to three times after a 5xx or no answer: after 1, 4 and 9 seconds. */
export function retryOptions(pacing: Pacing): object {
  return { doNotRetry: CLIENT_ERRORS, retries: 3, retryAfterBaseValue: secondOf(pacing) };
}

/** How long a second of waiting takes, in milliseconds. */
export function secondOf(pacing: Pacing): number {
  return pacing === 'none' ? 1 : 1000;
}

/**
 * Octokit's throttling spaces what each installation asks: ten requests at once, and a second between writes and
 * between GraphQL calls, as GitHub asks for. Its own repeats are off, since it does not see the limits of an
 * Enterprise Server's GraphQL and never gives up early: limits.ts does both.
 */
export function throttleOptions(pacing: Pacing): object {
  const never = (): boolean => false;
  const limits = { onRateLimit: never, onSecondaryRateLimit: never };
  if (pacing === 'github') return limits;
  const lanes = { key: () => ({ schedule: runNow }) };
  return { ...limits, global: lanes, auth: lanes, search: lanes, write: lanes, notifications: lanes };
}

/** Takes Bottleneck's place where nothing is spaced. */
function runNow<Arguments extends readonly unknown[], T>(
  _options: object,
  run: (...args: Arguments) => T,
  ...args: Arguments
): T {
  return run(...args);
}
