import type { Settings } from '../settings.ts';
import { createPace, unpaced, type Pace } from './pace.ts';

type Pacing = Settings['pacing'];

/** Every 4xx: asking again would get the same answer. Limits are waited for elsewhere, in limits.ts. */
const CLIENT_ERRORS = Array.from({ length: 100 }, (_, index) => 400 + index);

/** Reads are repeated up to three times after a 5xx or no answer: after 1, 4 and 9 seconds. */
export function retryOptions(pacing: Pacing): object {
  return { doNotRetry: CLIENT_ERRORS, retries: 3, retryAfterBaseValue: secondOf(pacing) };
}

/** How long a second of waiting takes, in milliseconds. */
export function secondOf(pacing: Pacing): number {
  if (pacing === 'none') return 1;
  return pacing === 'github' ? 1000 : pacing.second;
}

/** The pace of one installation. */
export function paceOf(pacing: Pacing): Pace {
  if (pacing === 'none') return unpaced;
  const second = secondOf(pacing);
  return createPace(() => (performance.now() * 1000) / second);
}

/**
 * Octokit's throttling lets each installation ask ten requests at once. Its second between writes and between GraphQL
 * calls, reads too, is off: pace.ts spaces by what GitHub counts. So are its repeats, since it does not see the limits of
 * an Enterprise Server's GraphQL and never gives up early: limits.ts does both.
 */
export function throttleOptions(pacing: Pacing): object {
  const never = (): boolean => false;
  const limits = { onRateLimit: never, onSecondaryRateLimit: never };
  const lanes = { key: () => ({ schedule: runNow }) };
  const spacing = { write: lanes, notifications: lanes };
  if (pacing !== 'none') return { ...limits, ...spacing };
  return { ...limits, ...spacing, global: lanes, auth: lanes, search: lanes };
}

/** Takes Bottleneck's place where nothing is spaced. */
function runNow<Arguments extends readonly unknown[], T>(
  _options: object,
  run: (...args: Arguments) => T,
  ...args: Arguments
): T {
  return run(...args);
}
