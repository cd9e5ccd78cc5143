import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createSilentLogger } from '../../src/logging.ts';
import { createHttpServer, listen } from '../../src/server/http.ts';
import { readSettings } from '../../src/settings.ts';
import { wire, type Wiring } from '../../src/wiring.ts';
import { environment } from './served.ts';

const MOST = 3;
const REQUEST = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';

let wiring: Wiring;
let http: FastifyInstance;
let url: string;
/** Who waits at `/slow`, and what lets them go on. */
let waiting: (() => void)[];
const opened: Socket[] = [];

beforeEach(async () => {
  const log = createSilentLogger();
  wiring = wire({ settings: readSettings(environment, '/'), log, runJob: async () => undefined });
  http = createHttpServer(wiring, log, MOST);
  waiting = [];
  http.get(
    '/slow',
    () =>
      new Promise((resolve) =>
        waiting.push(() => {
          resolve('slow');
        }),
      ),
  );
  url = await listen(http, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  for (const goOn of waiting) goOn();
  await http.close();
  wiring.timers.stop();
  await wiring.queue.stop(0);
});

/** A connection over which these bytes were sent, known to the server. */
async function open(bytes = ''): Promise<Socket> {
  const accepted = once(http.server, 'connection');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  opened.push(socket);
  socket.on('error', () => undefined);
  socket.write(bytes);
  await accepted;
  return socket;
}

/** One that waits for an answer of the server's. */
async function openAtWork(): Promise<Socket> {
  const asked = once(http.server, 'request');
  const socket = await open(REQUEST.replace('healthz', 'slow'));
  await asked;
  await new Promise(setImmediate);
  return socket;
}

async function closing(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

/** What comes next. */
async function answer(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}

const isOpen = (socket: Socket): boolean => !socket.closed && !socket.readableEnded;

describe('where there are as many connections as may be', () => {
  test.each([
    ['of which nothing came', ''],
    ['of which half of a request came', 'POST /api/github/webhooks HTTP/1.1\r\nhost:'],
    [
      'whose body does not come',
      `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nx-github-event: push\r\n` +
        `x-github-delivery: d\r\nx-hub-signature-256: sha256=${'0'.repeat(64)}\r\n\r\n{`,
    ],
    ['that were answered', REQUEST],
  ])('those %s give way to who comes, the oldest first', async (_name, bytes) => {
    const [oldest, ...others] = [await open(bytes), await open(bytes), await open(bytes)];
    expect(await answer(await open(REQUEST))).toMatch(/^HTTP\/1.1 200 /);
    await closing(oldest);
    expect(others.map(isOpen)).toEqual([true, true]);
  });

  test('one that is being answered stays', async () => {
    const atWork = await openAtWork();
    const idle = [await open(), await open()];
    await open();
    await open();
    await Promise.all(idle.map(closing));
    for (const goOn of waiting) goOn();
    expect(await answer(atWork)).toMatch(/^HTTP\/1.1 200 /);
  });

  test('one that was answered just now goes last', async () => {
    const first = await open();
    const second = await open();
    first.write(REQUEST);
    expect(await answer(first)).toMatch(/^HTTP\/1.1 200 /);
    await open();
    await open();
    await closing(second);
    expect(isOpen(first)).toBe(true);
  });

  test('and all are being answered, the one that comes is closed', async () => {
    const atWork = [await openAtWork(), await openAtWork(), await openAtWork()];
    await closing(await open(REQUEST));
    for (const goOn of waiting) goOn();
    for (const text of await Promise.all(atWork.map(answer))) expect(text).toMatch(/^HTTP\/1.1 200 /);
  });

  test('many that come at once are no more than may be', async () => {
    for (let i = 0; i < 50; i++) await open(i % 2 === 0 ? '' : REQUEST);
    const count = await new Promise((resolve) => {
      http.server.getConnections((_error, number) => {
        resolve(number);
      });
    });
    expect(count).toBeLessThanOrEqual(MOST);
  });
});

test('a connection is kept for five seconds between two requests', async () => {
  expect((await fetch(`${url}/healthz`)).headers.get('keep-alive')).toBe('timeout=5');
});
