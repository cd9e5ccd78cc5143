import { Probot, ProbotOctokit } from 'probot';
import { createSilentLogger, type Logger } from '../logging.ts';
import type { Settings } from '../settings.ts';
import { createConditionalCache } from './conditional.ts';
import type { Asked, Meter } from './meter.ts';
import { retryOptions, throttleOptions } from './pacing.ts';
import { createTokenCache, type TokenCache } from './token-cache.ts';
import { createFetch, type Fetch } from './whole-fetch.ts';

/** Probot, and what of its inside the client needs. */
export interface Connection {
  readonly probot: Probot;
  /** Await it before deliveries are handed to Probot. */
  readonly ready: Promise<void>;
  readonly tokens: TokenCache;
  /** A `fetch` that counts what it does under `asked`. */
  readonly fetchFor: (asked: Asked) => Fetch;
}

/** Octokit asks for an installation's token by itself, past every hook. */
const TOKEN: Asked = { operation: 'POST /app/installations/{installation_id}/access_tokens', installation: 'app' };

/**
 * Probot with the defaults that a long-lived process must not have put right: it logs nothing of its own (its lines
 * can hold deliveries, headers and request bodies; those of Octokit that matter go to `log`), repeats reads only where
 * repeating helps, and reads every answer whole.
 */
export function connectProbot(options: {
  readonly settings: Pick<Settings, 'appId' | 'privateKey' | 'webhookSecret' | 'baseUrl' | 'pacing'>;
  readonly log: Logger;
  readonly meter: Meter;
}): Connection {
  const { settings, log, meter } = options;
  const cache = createConditionalCache();
  const tokens = createTokenCache();
  const fetchFor = (asked: Asked): Fetch => createFetch({ meter, cache }, asked);
  const octokitLog = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => {
      log.warn({ from: 'octokit' }, message);
    },
    error: (message: string) => {
      log.error({ from: 'octokit' }, message);
    },
  };
  const Octokit = ProbotOctokit.defaults((given: Record<string, unknown>) => ({
    ...given,
    log: octokitLog,
    auth: typeof given['auth'] === 'object' ? { ...given['auth'], cache: tokens } : given['auth'],
    retry: retryOptions(settings.pacing),
    throttle: {
      ...(typeof given['throttle'] === 'object' ? given['throttle'] : {}),
      ...throttleOptions(settings.pacing),
    },
  }));
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.baseUrl,
    log: createSilentLogger(),
    Octokit,
    request: { fetch: fetchFor(TOKEN) },
  });
  const ready = leaveOutEventOctokit(probot);
  ready.catch(() => undefined);
  return { probot, ready, tokens, fetchFor };
}

/**
 * Probot makes an Octokit for every delivery, as `context.octokit`. It is not used here, since it shares one throttle
 * lane among all installations, and making it costs more than all the rest of a delivery.
 */
async function leaveOutEventOctokit(probot: Probot): Promise<void> {
  const octokit = await probot.auth();
  const { auth } = octokit;
  const authenticate = (options: { readonly type?: string }): Promise<unknown> =>
    options.type === 'event-octokit' ? Promise.resolve(octokit) : auth(options);
  Object.assign(octokit, { auth: Object.assign(authenticate, auth) });
}
