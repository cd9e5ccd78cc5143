import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { escapeInvisible, withoutEscapeCharacter } from './logging/invisible.ts';
import { teeToSentry } from './settings/sentry.ts';
import type { Settings } from './settings.ts';

export type { Logger } from 'pino';

/**
 * What an error may say in a log. An error of Octokit or of its webhooks also carries the request, its headers and the
 * delivery: none of that is written, whatever is logged by whom.
 */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== 'object' || error === null) return { type: typeof error };
  const facts = Object.fromEntries(KEPT.flatMap((name) => (name in error ? [[name, Reflect.get(error, name)]] : [])));
  const inner = 'errors' in error && Array.isArray(error.errors) ? { errors: error.errors.map(describeError) } : {};
  return { ...facts, ...inner };
}

const KEPT = ['name', 'message', 'stack', 'code', 'kind', 'status', 'operation', 'retryAfter'];

/** The name of a delivery's event is ours to write; a whole delivery under that name is somebody else's line. */
function nameEvent(event: unknown): unknown {
  return typeof event === 'string' ? event : '[redacted]';
}

/** Names under which other people's code logs what must not be seen. Ours never use them. */
const SECRET = ['payload', 'headers', 'authorization', 'signature', 'token', 'privateKey', 'secret', 'body'];

/**
 * The process's log: one JSON object a line on stdout, or lines for people where `logFormat` says so.
 * @param destination somewhere else than stdout; for commands, whose stdout is their result, and for tests.
 * @throws SettingsError where SENTRY_DSN is set and its package is missing.
 */
export async function createLogger(
  settings: Pick<Settings, 'logLevel' | 'logFormat' | 'sentryDsn'>,
  destination?: DestinationStream,
): Promise<Logger> {
  const lines = settings.logFormat === 'pretty' ? await prettify(destination) : (destination ?? pino.destination(1));
  return pino(
    {
      base: { name: 'lockkeeper' },
      level: settings.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: describeError, error: describeError, event: nameEvent },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      hooks: { streamWrite: escapeInvisible },
    },
    settings.sentryDsn === null ? lines : await teeToSentry(settings.sentryDsn, lines),
  );
}

/** Loaded only where it is asked for: production logs JSON. */
async function prettify(destination: DestinationStream | undefined): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({ colorize: destination === undefined && process.stdout.isTTY });
  const sink = destination ?? pino.destination(1);
  return {
    write(line) {
      // What is shown was read from the line, so that what is escaped there is escaped anew.
      sink.write(escapeInvisible(pretty(withoutEscapeCharacter(line))));
    },
  };
}

/** A logger that says nothing; what Probot is given, since its own lines hold deliveries and headers. */
export function createSilentLogger(): Logger {
  return pino({ level: 'silent' });
}
