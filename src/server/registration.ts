import { appendFileSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from 'probot';
import { createLogger } from '../logging.ts';
import { readAddress, SettingsError, type Environment } from '../settings.ts';
import { listenError } from './http.ts';

/**
 * Opens Probot's registration page, filled in from app.yml, for somebody who has no app yet. What GitHub gives out at
 * the end of it is written to `.env`. Nothing is asked of the network before the page is used.
 * @returns what closes the page.
 * @throws SettingsError in production, where there is nobody to look at a page, and where the address cannot be had.
 */
export async function openRegistration(environment: Environment): Promise<() => Promise<void>> {
  if (environment['NODE_ENV'] === 'production') {
    throw new SettingsError('APP_ID is missing: set it to the number in the settings of the GitHub App');
  }
  const { host, port } = readAddress(environment);
  // Probot logs a failure to listen, and throws it too; a refusal is one line.
  await tryToListen({ host, port });
  const log = await createLogger({ logLevel: 'info', logFormat: 'pretty', sentryDsn: null });
  const running = run(() => undefined, {
    env: { ...environment, HOST: host, PORT: String(port), APP_ID: '', PRIVATE_KEY: '', PRIVATE_KEY_PATH: '' },
    log,
    updateEnv: updateDotEnv,
  });
  // Probot has let .env overrule the environment by now, and the page reads it later. A channel of smee.io, which it
  // would open too, needs the network and a package that is not installed.
  Object.assign(process.env, environment, { NO_SMEE_SETUP: 'true' });
  const server = await running;
  return () => server.stop();
}

async function tryToListen({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      reject(listenError(error, { host, port }));
    });
    server.listen({ host, port }, () => {
      server.close(() => {
        resolve();
      });
    });
  });
}

/**
 * Appends to `.env`, where the last value of a name counts, and leaves what people wrote there as it is. Only its owner
 * may read the file from then on: what is written are the app's key and its secret.
 */
function updateDotEnv(values: Environment): Environment {
  const path = join(process.cwd(), '.env');
  const lines = Object.entries(values).map(([name, value]) => `${name}=${(value ?? '').replaceAll('\n', '\\n')}`);
  appendFileSync(path, `\n${lines.join('\n')}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return { ...values };
}
