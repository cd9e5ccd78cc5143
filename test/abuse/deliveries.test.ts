import { request, type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createBodyReader } from '../../src/server/body.ts';
import { deliver, serve, type Served } from '../server/served.ts';
import { honestOf } from './payloads.ts';
import type { Row } from './row.ts';
import { table } from './table.ts';
import { sendBytes, wireRows } from './wire.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(60_000);

let jobs = 0;
let server: Served;
beforeAll(async () => {
  server = await serve({
    runJob: () => {
      jobs += 1;
      return Promise.resolve();
    },
  });
});
afterAll(() => server.stop());

/** As `fetch` would not: with whatever headers, to whatever path. */
function send({ method, path, headers, body }: Row): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.once('error', reject);
    sent.end(body ?? undefined);
  });
}

/** The answer, and how many jobs came of it. */
async function play(row: Row): Promise<{ readonly status: number; readonly jobs: number }> {
  const before = jobs;
  const status = await send(row);
  await server.queue.idle();
  return { status, jobs: jobs - before };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** In bytes, without what nobody holds any more. */
function memoryInUse(): number {
  collect();
  // Buffers are freed beside the first one, and counted as free once the second one begins.
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('there are hundreds of hostile deliveries, each of another name', () => {
  expect(table.length).toBeGreaterThanOrEqual(300);
  expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
});

describe('a hostile delivery gets the answer that it deserves', () => {
  test.each(table.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    expect(await play(row)).toEqual({ status: row.status, jobs: row.jobs });
  });
});

describe('what is no HTTP, or no more than half of it', () => {
  test.each(wireRows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    expect(await sendBytes(server, row)).toBe(row.status);
  });
});

describe('after all of that', () => {
  test('an honest delivery is served as before', async () => {
    const before = jobs;
    expect((await deliver(server, 'deployment', honestOf('deployment'))).status).toBe(200);
    await server.queue.idle();
    expect(jobs - before).toBe(1);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  test('no object has got a property that it did not have', () => {
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get([], 'polluted')).toBeUndefined();
  });

  test('nothing went wrong in the server, and no line of its log holds a signature or a body', () => {
    const lines = server.lines.map((line) => JSON.parse(line) as { readonly level: number; readonly msg: string });
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    expect(server.lines.join('')).not.toMatch(/sha256=|"deployment":\{|polluted|evil/);
  });

  test('its metrics have not grown by what anybody sent', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const events = [...text.matchAll(/^lockkeeper_webhooks_total\{event="([^"]*)"/gm)].map(([, event = '']) => event);
    expect(new Set(events).size).toBeLessThanOrEqual(16);
    expect(text).not.toMatch(/__proto__|xxxx/);
  });

  test('its memory is as it was: a round of all of them leaves nothing behind', async () => {
    const round = async (): Promise<number> => {
      for (let i = 0; i < table.length; i += 20) await Promise.all(table.slice(i, i + 20).map(send));
      await server.queue.idle();
      (server.lines as string[]).length = 0;
      return memoryInUse();
    };
    await round();
    const before = await round();
    await round();
    const after = await round();
    expect(after - before).toBeLessThan(2 * table.length * 1024);
  });
});

describe('who sends bodies and stalls', () => {
  const coming = () => {
    const stream = new PassThrough();
    return { stream, request: Object.assign(stream, { headers: {} }) as unknown as IncomingMessage };
  };
  const filled = async ({ stream }: ReturnType<typeof coming>, bytes: number): Promise<void> => {
    stream.write(Buffer.alloc(bytes));
    await new Promise(setImmediate);
  };

  test('is turned away when nothing has come for a while', async () => {
    const one = coming();
    const read = createBodyReader({ each: 100, together: 100, patience: 1 }).read(one.request);
    one.stream.write('{');
    expect(await read).toEqual({ kind: 'stalled' });
  });

  test('takes no room from others: the largest goes, and not the one that comes', async () => {
    const bodies = createBodyReader({ each: 100, together: 250, patience: 60_000 });
    const large = [coming(), coming(), coming()];
    const reads = large.map(({ request }) => bodies.read(request));
    for (const [i, one] of large.entries()) await filled(one, 80 + i);
    const small = coming();
    const read = bodies.read(small.request);
    await filled(small, 20);
    expect(await reads[2]).toEqual({ kind: 'busy' });
    small.stream.end();
    expect(await read).toMatchObject({ kind: 'whole' });
    for (const { stream } of large) stream.destroy();
    expect(await Promise.all(reads)).toEqual([{ kind: 'cut' }, { kind: 'cut' }, { kind: 'busy' }]);
  });

  test('gets no more memory for cutting them into chunks of a byte', async () => {
    const BYTES = 300_000;
    const one = coming();
    const read = createBodyReader({ each: BYTES, together: 4 * BYTES, patience: 60_000 }).read(one.request);
    const before = memoryInUse();
    for (let i = 0; i < BYTES; i++) one.stream.emit('data', Buffer.alloc(1, 0x7b));
    expect(memoryInUse() - before).toBeLessThan(10 * BYTES);
    one.stream.emit('end');
    expect(await read).toEqual({ kind: 'whole', text: '{'.repeat(BYTES) });
  });

  test('is charged for the memory that is held, and not for the bytes alone', async () => {
    const bodies = createBodyReader({ each: 100, together: 120, patience: 60_000 });
    const one = coming();
    const read = bodies.read(one.request);
    for (let i = 0; i < 65; i++) one.stream.emit('data', Buffer.alloc(1));
    expect(await read).toEqual({ kind: 'busy' });
  });

  test('leaves the room as it was', async () => {
    const bodies = createBodyReader({ each: 100, together: 100, patience: 60_000 });
    for (let i = 0; i < 5; i++) {
      const one = coming();
      const read = bodies.read(one.request);
      await filled(one, 90);
      if (i % 2 === 0) one.stream.destroy();
      else one.stream.end();
      expect((await read).kind).toBe(i % 2 === 0 ? 'cut' : 'whole');
    }
  });
});
