import { mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { place } from '../webhooks/payloads.ts';
import { startLoopback, type Loopback } from '../github/loopback.ts';
import { freePort, takePort } from './ports.ts';
import { useBuiltCommand, type CommandLine } from './processes.ts';
import { deliver, environment } from './served.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(60_000);

let lockkeeper: CommandLine;
beforeAll(async () => {
  lockkeeper = await useBuiltCommand();
});
afterAll(() => lockkeeper.remove());

describe('a server that must not start', () => {
  const { WEBHOOK_SECRET: _secret, ...withoutSecret } = environment;

  test.each<[string, RegExp, Readonly<Record<string, string>>]>([
    ['without a secret', /WEBHOOK_SECRET/, withoutSecret],
    ["with Probot's secret", /WEBHOOK_SECRET/, { ...environment, WEBHOOK_SECRET: 'development' }],
    ['with a key that cannot be read', /PRIVATE_KEY/, { ...environment, PRIVATE_KEY: 'garbage' }],
    [
      'without the file of its key',
      /^PRIVATE_KEY_PATH: there is no file \/nope\.pem$/m,
      { ...environment, PRIVATE_KEY: '', PRIVATE_KEY_PATH: '/nope.pem' },
    ],
    ['with a variable that cannot be parsed', /CONCURRENCY/, { ...environment, CONCURRENCY: 'all' }],
    ['with a queue whose address is missing', /SQS_QUEUE_URL/, { ...environment, QUEUE: 'sqs' }],
    ['without its Redis', /REDIS_URL/, { ...environment, REDIS_URL: 'redis://:secret@127.0.0.1:1' }],
    ['without the package of Sentry', /SENTRY_DSN/, { ...environment, SENTRY_DSN: 'https://x@sentry.test/1' }],
    ['with a host that is not its own', /HOST/, { ...environment, HOST: '192.0.2.1' }],
    ['without an app, in production', /APP_ID/, { NODE_ENV: 'production' }],
  ])('says so %s, in one line that names the variable, and ends with 1', async (_name, line, variables) => {
    const { code, output } = await lockkeeper.start(['serve'], variables).ended;
    expect(code).toBe(1);
    expect(output).toMatch(line);
    expect(output.trimEnd()).not.toMatch(/\n/);
  });

  test('says so in one line where there is a .env that cannot be read', async () => {
    const path = join(lockkeeper.cwd, '.env');
    mkdirSync(path);
    const { code, output } = await lockkeeper.start(['serve'], environment).ended;
    rmdirSync(path);
    expect({ code, output }).toEqual({ code: 1, output: '.env cannot be read: EISDIR\n' });
  });

  test.each([
    ['the server', environment],
    ['the registration page', { HOST: '127.0.0.1' }],
  ])('names the port that %s cannot have', async (_name, variables) => {
    const taken = await takePort();
    const { code, output } = await lockkeeper.start(['serve'], { ...variables, PORT: String(taken.port) }).ended;
    await taken.release();
    expect(code).toBe(1);
    expect(output.trimEnd()).toBe(`PORT ${taken.port} is in use already`);
  });
});

test('with its queue in SQS, a server says nothing but lines of its log', async () => {
  const aws = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  const queue = { QUEUE: 'sqs', SQS_QUEUE_URL: `http://127.0.0.1:${await freePort()}/1/jobs.fifo` };
  const server = lockkeeper.start(['serve'], { ...environment, ...aws, ...queue });
  // AWS' client is loaded by then.
  await server.says('SQS gave no jobs');
  server.process.kill('SIGTERM');
  const { output } = await server.ended;
  const lines = output.trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('{"level":'))).toEqual([]);
});

describe('a server that is told to end', () => {
  let github: Loopback;
  beforeAll(async () => {
    github = await startLoopback();
  });
  afterAll(() => github.stop());

  test.each(['SIGTERM', 'SIGINT'] as const)('by %s finishes what runs and ends with 0', async (signal) => {
    const port = await freePort();
    const variables = { ...environment, PORT: String(port), GHE_HOST: github.host, GHE_PROTOCOL: 'http' };
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      github.answer((response) => {
        release = () => response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
        resolve();
      });
    });
    const server = lockkeeper.start(['serve'], variables);
    await server.says('listening');
    const url = `http://127.0.0.1:${port}`;
    expect((await deliver({ url }, 'repository', { ...place, action: 'renamed' })).status).toBe(200);
    await asked;
    server.process.kill(signal);
    await server.says('stopping');
    github.answer((response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{}'));
    release();
    const { code, output } = await server.ended;
    expect(code).toBe(0);
    expect(output).toContain('stopped');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});

test('a server with a queue in SQS writes its log, and nothing beside it', async () => {
  const port = await freePort();
  const server = lockkeeper.start(['serve'], {
    ...environment,
    PORT: String(port),
    SQS_QUEUE_URL: 'http://127.0.0.1:1/1/jobs.fifo',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  await server.says('listening');
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  server.process.kill('SIGTERM');
  const { code, output } = await server.ended;
  expect(code).toBe(0);
  for (const line of output.trimEnd().split('\n')) expect(line).toMatch(/^\{.*\}$/);
});

describe('without an app', () => {
  test('the registration page opens, filled in from app.yml, and asks nothing of the network', async () => {
    const port = await freePort();
    writeFileSync(join(lockkeeper.cwd, 'app.yml'), readFileSync('app.yml'));
    writeFileSync(join(lockkeeper.cwd, '.env'), '# mine\nPORT=1\n');
    const variables = { PORT: String(port), HOST: '127.0.0.1', https_proxy: 'http://127.0.0.1:9' };
    const server = lockkeeper.start(['serve'], variables);
    await server.says('Listening');
    const url = `http://127.0.0.1:${port}`;
    const page = await (await fetch(`${url}/probot`)).text();
    for (const text of ['"name":"lockkeeper"', '"deployments":"write"', '"deployment_protection_rule"']) {
      expect(page).toContain(text);
    }

    const imported = { appId: '7', pem: 'a\nkey', webhook_secret: 'secret' };
    await fetch(`${url}/probot/import`, { method: 'POST', body: JSON.stringify(imported) });
    const path = join(lockkeeper.cwd, '.env');
    expect(readFileSync(path, 'utf8')).toBe(
      '# mine\nPORT=1\n\nAPP_ID=7\nPRIVATE_KEY="a\\nkey"\nWEBHOOK_SECRET=secret\n',
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(path);

    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

describe('the command line', () => {
  test.each([[['nonsense']], [[]], [['serve', '--nonsense']], [['serve', 'too', 'many']]])(
    '%j is wrong usage',
    async (args) => {
      expect((await lockkeeper.start(args, {}).ended).code).toBe(2);
    },
  );

  test('help is no error', async () => {
    const { code, output } = await lockkeeper.start(['--help'], {}).ended;
    expect(code).toBe(0);
    expect(output).toMatch(/serve.*demo/s);
  });
});
