import { Probot, ProbotOctokit } from 'probot';
import { z } from 'zod';
import { createSilentLogger, type Logger } from '../logging.ts';
import type { Settings } from '../settings.ts';
import type { RequestingOctokit } from './client.ts';
import { createConditionalCache } from './conditional.ts';
import type { InstallationId } from './ids.ts';
import type { Asked, Meter } from './meter.ts';
import { createNarrowedTokens, type NarrowedTokens } from './narrowed-tokens.ts';
import { retryOptions, throttleOptions } from './pacing.ts';
import type { SharedGitHub } from './shared/share.ts';
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
  /** In the lane of an installation, and without any token. */
  readonly bareOctokit: (installation: InstallationId) => RequestingOctokit;
  /**
   * The tokens of writes. Making one is a request of the app's own, which counts against none of the installation's
   * limits.
   */
  readonly narrowed: NarrowedTokens;
  /** Null for a process that is alone. */
  readonly shared: SharedGitHub | null;
}

const tokenAnswer = z.object({ data: z.object({ token: z.string().min(1) }) });

/** An Octokit's way to authenticate that adds nothing: each request says for itself who asks. */
const noAuthentication = () =>
  Object.assign(() => Promise.resolve({ type: 'unauthenticated' }), {
    hook: (request: (...args: readonly unknown[]) => unknown, ...args: readonly unknown[]) => request(...args),
  });

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
  readonly shared?: SharedGitHub;
}): Connection {
  const { settings, log, meter, shared = null } = options;
  const ownAnswers = createConditionalCache();
  const cache = shared?.answers(ownAnswers) ?? ownAnswers;
  const ownTokens = createTokenCache();
  const tokens = shared?.tokens(ownTokens) ?? ownTokens;
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
      ...shared?.throttle,
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
  return {
    probot,
    ready,
    tokens,
    shared,
    fetchFor,
    bareOctokit: (installation) =>
      new Octokit({
        authStrategy: noAuthentication,
        baseUrl: settings.baseUrl,
        throttle: { id: String(installation) },
      }),
    narrowed: createNarrowedTokens(async ({ installation, repository, permission }) => {
      const octokit = await probot.auth();
      const answer = await octokit.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installation,
        repository_ids: [repository],
        permissions: { [permission]: 'write' },
      });
      return tokenAnswer.parse(answer).data.token;
    }),
  };
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
