import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withDotEnv } from '../src/settings/dot-env.ts';
import { isRegistered, readSettings, SettingsError, type Environment } from '../src/settings.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const enough: Environment = { APP_ID: '7', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: 'not that one' };

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

function read(environment: Environment) {
  return readSettings({ ...enough, ...environment }, cwd);
}

function refusal(environment: Environment): string {
  try {
    read(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    if (error instanceof Error) return error.message;
  }
  throw new Error('was not refused');
}

const redisUrl = 'rediss://:secret@redis.acme.test:6379';
const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/1/jobs.fifo';

describe('readSettings', () => {
  test('the three variables of an app are enough', () => {
    expect(readSettings(enough, cwd)).toEqual({
      appId: 7,
      privateKey,
      webhookSecret: 'not that one',
      baseUrl: 'https://api.github.com',
      host: 'localhost',
      port: 3000,
      logLevel: 'info',
      logFormat: 'json',
      sentryDsn: null,
      queue: { kind: 'memory' },
      concurrency: 16,
      queueLimit: 100_000,
      spacing: 1000,
      sweepInterval: 900_000,
      observeOnly: false,
      pacing: 'github',
    });
  });

  test('the settings cannot be changed', () => {
    expect(Object.isFrozen(readSettings(enough, cwd))).toBe(true);
  });

  test.each([
    ['PRIVATE_KEY', 'raw', (pem: string) => pem],
    ['PRIVATE_KEY', 'with \\n written out', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['PRIVATE_KEY', 'in base64', (pem: string) => Buffer.from(pem).toString('base64')],
  ])('%s is read %s', (name, _how, written) => {
    expect(read({ [name]: written(privateKey) }).privateKey.trim()).toBe(privateKey.trim());
  });

  test('PRIVATE_KEY_PATH is read, relative to the working directory', () => {
    writeFileSync(join(cwd, 'app.key'), privateKey);
    expect(read({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'app.key' }).privateKey).toBe(privateKey);
  });

  test.each<[Environment, Partial<ReturnType<typeof readSettings>>]>([
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '' }, { port: 3000 }],
    [{ SWEEP_INTERVAL: '0' }, { sweepInterval: 0 }],
    [{ SWEEP_INTERVAL: '90s' }, { sweepInterval: 90_000 }],
    [{ SWEEP_INTERVAL: '2w' }, { sweepInterval: 1_209_600_000 }],
    [{ OBSERVE_ONLY: 'true' }, { observeOnly: true }],
    [{ CONCURRENCY: '1' }, { concurrency: 1 }],
    [
      { LOG_FORMAT: 'pretty', LOG_LEVEL: 'trace' },
      { logFormat: 'pretty', logLevel: 'trace' },
    ],
    [{ GHE_HOST: 'github.acme.test' }, { baseUrl: 'https://github.acme.test/api/v3' }],
    [{ GHE_HOST: '127.0.0.1:1234', GHE_PROTOCOL: 'http' }, { baseUrl: 'http://127.0.0.1:1234/api/v3' }],
    [{ GITHUB_PACING: 'off' }, { pacing: 'none', spacing: 0 }],
    [{ QUEUE: 'memory', REDIS_URL: 'redis://localhost' }, { queue: { kind: 'memory' } }],
    [{ REDIS_URL: redisUrl }, { queue: { kind: 'redis', url: redisUrl } }],
    [{ REDIS_URL: `${redisUrl}/3` }, { queue: { kind: 'redis', url: `${redisUrl}/3` } }],
    [{ REDIS_URL: redisUrl, SQS_QUEUE_URL: queueUrl }, { queue: { kind: 'redis', url: redisUrl } }],
    [{ QUEUE: 'sqs', REDIS_URL: redisUrl, SQS_QUEUE_URL: queueUrl }, { queue: { kind: 'sqs', url: queueUrl } }],
    [{ QUEUE: 'memory', SQS_QUEUE_URL: queueUrl }, { queue: { kind: 'memory' } }],
    [{ SQS_QUEUE_URL: queueUrl }, { queue: { kind: 'sqs', url: queueUrl } }],
    [{ QUEUE: 'sqs', SQS_QUEUE_URL: queueUrl }, { queue: { kind: 'sqs', url: queueUrl } }],
  ])('%j is understood', (environment, expected) => {
    expect(read(environment)).toMatchObject(expected);
  });

  test.each<[string, Environment]>([
    ['APP_ID', { APP_ID: 'Iv1.abc' }],
    ['APP_ID', { APP_ID: undefined }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: undefined }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: '' }],
    ['WEBHOOK_SECRET', { WEBHOOK_SECRET: 'development' }],
    ['PRIVATE_KEY', { PRIVATE_KEY: undefined }],
    ['PRIVATE_KEY', { PRIVATE_KEY: 'nonsense' }],
    ['PRIVATE_KEY', { PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----' }],
    ['PRIVATE_KEY_PATH', { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: 'no-such.pem' }],
    ['PRIVATE_KEY_PATH', { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '.' }],
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['LOG_FORMAT', { LOG_FORMAT: 'xml' }],
    ['GHE_PROTOCOL', { GHE_PROTOCOL: 'ftp' }],
    ['GHE_HOST', { GHE_HOST: 'https://github.acme.test' }],
    ['GHE_HOST', { GHE_HOST: 'github.acme.test/api' }],
    ['SENTRY_DSN', { SENTRY_DSN: 'not a url' }],
    ['CONCURRENCY', { CONCURRENCY: '0' }],
    ['CONCURRENCY', { CONCURRENCY: '1.5' }],
    ['QUEUE_LIMIT', { QUEUE_LIMIT: 'many' }],
    ['SWEEP_INTERVAL', { SWEEP_INTERVAL: '15' }],
    ['SWEEP_INTERVAL', { SWEEP_INTERVAL: '15 minutes' }],
    ['SWEEP_INTERVAL', { SWEEP_INTERVAL: '52w' }],
    ['OBSERVE_ONLY', { OBSERVE_ONLY: 'yes' }],
    ['QUEUE', { QUEUE: 'kafka' }],
    ['REDIS_URL', { QUEUE: 'redis' }],
    ['REDIS_URL', { REDIS_URL: 'localhost:6379' }],
    ['REDIS_URL', { REDIS_URL: 'redis://localhost/jobs' }],
    ['REDIS_URL', { REDIS_URL: 'redis://localhost/-1' }],
    ['REDIS_URL', { REDIS_URL: 'redis://localhost/1/2' }],
    ['SQS_QUEUE_URL', { QUEUE: 'sqs' }],
    ['SQS_QUEUE_URL', { SQS_QUEUE_URL: 'jobs.fifo' }],
    ['GITHUB_PACING', { GITHUB_PACING: 'fast' }],
  ])('a wrong %s is refused in one line that starts with its name: %j', (name, environment) => {
    const message = refusal(environment);
    expect(message).toMatch(new RegExp(`^${name}:? `));
    expect(message).not.toMatch(/[\r\n]/);
  });

  test('a key file that is not there is told apart from one that is no key', () => {
    writeFileSync(join(cwd, 'corrupt.key'), 'nonsense');
    const refusalOf = (path: string) => refusal({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: path });
    expect(refusalOf('/nope.pem')).toBe('PRIVATE_KEY_PATH: there is no file /nope.pem');
    expect(refusalOf('corrupt.key')).toBe('PRIVATE_KEY_PATH cannot be read as the private key of a GitHub App');
  });

  test.each([
    ['raw', privateKey],
    ['in base64', Buffer.from(privateKey).toString('base64')],
  ])('a key where its path should be is not repeated: %s', (_how, key) => {
    expect(refusal({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: key })).toBe('PRIVATE_KEY_PATH: there is no such file');
  });

  test('a refusal never repeats the value, which may be a secret in the wrong place', () => {
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'PORT', 'LOG_LEVEL', 'SWEEP_INTERVAL', 'GHE_HOST', 'QUEUE']) {
      expect(refusal({ [name]: 'hunter2 /' })).not.toContain('hunter2');
    }
  });
});

test('an environment without APP_ID has no app yet', () => {
  expect(isRegistered({})).toBe(false);
  expect(isRegistered({ APP_ID: '' })).toBe(false);
  expect(isRegistered({ APP_ID: '7' })).toBe(true);
});

test('a .env fills in what is missing and overrules nothing', () => {
  writeFileSync(join(cwd, '.env'), 'PORT=1\nHOST="0.0.0.0"\n');
  expect(withDotEnv({ PORT: '2' }, cwd)).toEqual({ PORT: '2', HOST: '0.0.0.0' });
  rmSync(join(cwd, '.env'));
  expect(withDotEnv({ PORT: '2' }, cwd)).toEqual({ PORT: '2' });
});
