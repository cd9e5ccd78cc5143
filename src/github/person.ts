import { ProbotOctokit } from 'probot';
import type { Settings } from '../settings.ts';
import { createRequests } from './client.ts';
import { createConditionalCache } from './conditional.ts';
import { silentMeter } from './meter.ts';
import { retryOptions, throttleOptions } from './pacing.ts';
import type { GitHub } from './port.ts';
import { createFetch } from './whole-fetch.ts';

/** Somebody sits and waits: a GitHub that cannot be reached is said to be so after five seconds. */
const RETRIES = 2;

/** GitHub as a person sees it, through a token of theirs, or one of a workflow's. Paced and retried as for the app. */
export function connectPerson(options: {
  readonly token: string;
  readonly baseUrl: string;
  readonly pacing: Settings['pacing'];
}): GitHub {
  const { token, baseUrl, pacing } = options;
  const cache = createConditionalCache();
  const octokit = new ProbotOctokit({
    auth: { token },
    baseUrl,
    log: SILENT,
    retry: { ...retryOptions(pacing), retries: RETRIES },
    throttle: throttleOptions(pacing),
  });
  const requests = createRequests({
    installation: 'person',
    octokit: () => Promise.resolve(octokit),
    fetchFor: (asked) => createFetch({ meter: silentMeter, cache }, asked),
    baseUrl,
    pacing,
    forgetToken: null,
  });
  return { installation: null, ...requests };
}

/** Octokit's own lines can hold headers and bodies. What matters of them comes back as an error. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
