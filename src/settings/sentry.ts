import type { DestinationStream } from 'pino';
import { z } from 'zod';
import { SettingsError } from '../settings.ts';

/** Installed by those who want it; it is as big as all the rest. */
const PACKAGE = '@sentry/node';
const ERROR_LEVEL = 50;

/** The few functions of Sentry's that are used. */
interface Sentry {
  init(options: object): unknown;
  captureMessage(message: string, context: object): unknown;
}

const line = z.object({ level: z.number(), msg: z.string().default('error') }).loose();

/**
 * Writes every line to `destination`, and those of errors to Sentry too: what is in the log, and nothing else, so that
 * what is kept out of the log is kept out of there.
 * @throws SettingsError where Sentry's package is not installed.
 */
export async function teeToSentry(dsn: string, destination: DestinationStream): Promise<DestinationStream> {
  const sentry = await importSentry();
  // Without its own integrations, which would record requests with their headers and bodies.
  sentry.init({ dsn, defaultIntegrations: false, sendDefaultPii: false });
  return {
    write(text: string) {
      destination.write(text);
      const parsed = line.safeParse(JSON.parse(text));
      if (!parsed.success || parsed.data.level < ERROR_LEVEL) return;
      const { level, msg, ...extra } = parsed.data;
      sentry.captureMessage(msg, { level: level > ERROR_LEVEL ? 'fatal' : 'error', extra });
    },
  };
}

async function importSentry(): Promise<Sentry> {
  try {
    const imported: unknown = await import(PACKAGE);
    if (isSentry(imported)) return imported;
  } catch {
    // Said below: whatever the reason, installing it is the way out.
  }
  throw new SettingsError(`SENTRY_DSN needs the package ${PACKAGE}: npm install ${PACKAGE}`);
}

function isSentry(value: unknown): value is Sentry {
  if (typeof value !== 'object' || value === null) return false;
  return 'init' in value && typeof value.init === 'function' && 'captureMessage' in value;
}
