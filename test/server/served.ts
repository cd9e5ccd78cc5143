import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { JobRunner } from '../../src/jobs/queue.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { readSettings, type Settings } from '../../src/settings.ts';
import { createLogger } from '../../src/logging.ts';

export const SECRET = 'a secret of the tests';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export const environment = {
  APP_ID: '7',
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: SECRET,
  HOST: '127.0.0.1',
  PORT: '0',
  SWEEP_INTERVAL: '0',
  GITHUB_PACING: 'off',
} as const;

export interface Served extends RunningServer {
  /** Every line that was logged. */
  readonly lines: readonly string[];
}

/** A server on loopback that never asks GitHub anything: no sweep, and jobs that are given. */
export async function serve(options: {
  readonly settings?: Partial<Settings>;
  readonly runJob: JobRunner;
}): Promise<Served> {
  const lines: string[] = [];
  const settings = { ...readSettings(environment, '/'), ...options.settings };
  const log = await createLogger(
    { ...settings, logLevel: 'trace' },
    {
      write(line) {
        lines.push(line);
      },
    },
  );
  return { ...(await startServer({ settings, log, runJob: options.runJob })), lines };
}

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers of a delivery, signed as GitHub does. */
export function headersOf(event: string, body: string | Buffer, more: Readonly<Record<string, string>> = {}) {
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': 'd-1',
    'x-hub-signature-256': sign(body),
    ...more,
  };
}

export async function deliver(server: { readonly url: string }, event: string, payload: unknown): Promise<Response> {
  const body = JSON.stringify(payload);
  return fetch(`${server.url}/api/github/webhooks`, { method: 'POST', body, headers: headersOf(event, body) });
}
