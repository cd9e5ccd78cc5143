import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Job } from '../../src/jobs/job.ts';
import { deployment, place } from '../webhooks/payloads.ts';
import { deliver, headersOf, serve, sign, type Served } from './served.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(60_000);

let jobs: Job[];
let server: Served;
let runJob: (job: Job) => Promise<void>;
beforeEach(async () => {
  jobs = [];
  runJob = async () => undefined;
  server = await serve({
    settings: { concurrency: 1, queueLimit: 1 },
    runJob: (job) => {
      jobs.push(job);
      return runJob(job);
    },
  });
});
afterEach(() => server.stop());

const payload = { ...place, action: 'created', deployment };
const post = (body: string | Buffer, headers: Record<string, string>) =>
  fetch(`${server.url}/api/github/webhooks`, { method: 'POST', body, headers });

async function metric(name: string): Promise<string> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .join('\n');
}

describe('a delivery', () => {
  test('is answered once its job is queued, and the job runs', async () => {
    expect((await deliver(server, 'deployment', payload)).status).toBe(200);
    await server.queue.idle();
    expect(jobs).toMatchObject([{ scope: { kind: 'environment', environment: 'review/one' }, deliveries: ['d-1'] }]);
  });

  test.each<[string, string, unknown]>([
    ['an event that nobody looks at', 'star', { ...place, action: 'created' }],
    ['a ping', 'ping', { zen: 'Keep it logically awesome.' }],
    ['an action that needs no look', 'deployment', { ...payload, action: 'edited' }],
    ['one without an installation', 'deployment', { action: 'created', deployment, repository: place.repository }],
    ['one that is not as GitHub documents it', 'deployment', { ...place, action: 'created', deployment: 7 }],
    ['an event named like a property of objects', 'constructor', {}],
  ])('%s is answered with 200 and does nothing', async (_name, event, body) => {
    expect((await deliver(server, event, body)).status).toBe(200);
    await server.queue.idle();
    expect(jobs).toEqual([]);
    expect(await metric('lockkeeper_webhooks_total')).toMatch(/result="ignored"} 1/);
  });
});

describe('what is no delivery of GitHub', () => {
  const body = JSON.stringify(payload);

  test.each<[string, Record<string, string>, number]>([
    ['a wrong signature', headersOf('deployment', body, { 'x-hub-signature-256': sign(body, 'wrong') }), 401],
    ['the signature of another body', headersOf('deployment', `${body} `), 401],
    ['a signature that is none', headersOf('deployment', body, { 'x-hub-signature-256': 'sha256=zz' }), 401],
    ['an empty signature', headersOf('deployment', body, { 'x-hub-signature-256': '' }), 401],
    [
      'only the old kind of signature',
      { 'x-github-event': 'deployment', 'x-github-delivery': 'd', 'x-hub-signature': 'sha1=0' },
      401,
    ],
    ['no headers', {}, 401],
    ['no event', headersOf('', body), 400],
  ])('%s is refused', async (_name, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
    expect(jobs).toEqual([]);
    expect(await metric('lockkeeper_webhooks_total')).toMatch(/result="rejected"} 1/);
  });

  test.each(['{', 'null', '[]', '"text"', '7', 'payload=%7B%7D'])('a signed body that is %j is a 400', async (text) => {
    expect((await post(text, headersOf('deployment', text))).status).toBe(400);
  });

  test('a signed body that is not UTF-8 is no 5xx', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x7b]);
    expect((await post(bytes, headersOf('deployment', bytes))).status).toBeLessThan(500);
  });

  test('an address that is none is a 404', async () => {
    expect((await fetch(`${server.url}/api/github/webhooks`)).status).toBe(404);
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });
});

describe('a body over 25 MB', () => {
  const LIMIT = 25 * 1024 * 1024;

  /** Sends bytes as they are, and resolves to the status line of the answer. */
  function statusLine(
    head: string,
    body: (write: (chunk: Buffer) => boolean) => void = () => undefined,
  ): Promise<string> {
    const { port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(head);
        body((chunk) => socket.write(chunk));
      });
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().split('\r\n')[0] ?? '');
      });
      socket.once('error', reject);
      socket.once('close', () => {
        reject(new Error('closed without an answer'));
      });
    });
  }

  const head = (length: string): string =>
    `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nx-github-event: push\r\nx-github-delivery: d\r\n` +
    `x-hub-signature-256: sha256=${'0'.repeat(64)}\r\n${length}\r\n\r\n`;

  test('that is declared is refused before it is sent', async () => {
    expect(await statusLine(head(`content-length: ${LIMIT + 1}`))).toContain(' 413 ');
  });

  test('that is declared and sent anyway is refused in words, not by a reset', async () => {
    const sent = Buffer.alloc(LIMIT + 1, 0x20);
    expect((await post(sent, headersOf('push', 'x'))).status).toBe(413);
  });

  test('that is not declared is refused once it is seen', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const answer = statusLine(head('transfer-encoding: chunked'), (write) => {
      for (let i = 0; i < 26; i++) write(Buffer.concat([Buffer.from('100000\r\n'), chunk, Buffer.from('\r\n')]));
    });
    expect(await answer).toContain(' 413 ');
  });

  test('at just 25 MB is read', async () => {
    const filler = JSON.stringify(payload);
    const body = filler + ' '.repeat(LIMIT - filler.length);
    expect((await post(body, headersOf('deployment', body))).status).toBe(200);
  });
});

describe('a full queue', () => {
  test('turns deliveries away with 503, and is not ready until there is room', async () => {
    let open = (): void => undefined;
    runJob = () => new Promise((resolve) => (open = resolve));
    const of = (environment: string) =>
      deliver(server, 'deployment', { ...payload, deployment: { ...deployment, environment } });
    expect((await of('runs')).status).toBe(200);
    expect((await of('waits')).status).toBe(200);
    const turnedAway = await of('more');
    expect(turnedAway.status).toBe(503);
    expect(Number(turnedAway.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await of('waits')).status).toBe(200);

    const unready = await fetch(`${server.url}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toEqual({ status: 'unready', reason: expect.stringContaining('full') as unknown });
    expect(await metric('lockkeeper_webhooks_total')).toContain('{event="deployment",result="full"} 1');
    expect(await metric('lockkeeper_queue_depth')).toBe('lockkeeper_queue_depth 1');

    runJob = async () => undefined;
    open();
    await server.queue.idle();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await of('more')).status).toBe(200);
  });
});

describe('the other addresses', () => {
  test('the process says that it lives', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('every metric has its name', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    for (const name of [
      'webhooks_total',
      'jobs_total',
      'job_seconds',
      'queue_depth',
      'queue_age_seconds',
      'github_requests_total',
      'github_rate_limit_remaining',
      'github_up',
      'changes_total',
      'gate_decisions_total',
    ]) {
      expect(text).toContain(`# TYPE lockkeeper_${name} `);
    }
    expect(text).toContain('process_cpu_seconds_total');
  });
});

describe('the log', () => {
  test('holds no body, signature or secret, whatever goes wrong', async () => {
    runJob = () => Promise.reject(new Error('boom'));
    const marked = { ...payload, sender: { login: 'PAYLOAD-MARK' } };
    await deliver(server, 'deployment', marked);
    await post('{"PAYLOAD-MARK', headersOf('deployment', '{"PAYLOAD-MARK'));
    await post(JSON.stringify(marked), headersOf('deployment', 'other'));
    await server.queue.idle();
    const log = server.lines.join('');
    expect(log).toContain('boom');
    expect(log).not.toMatch(/PAYLOAD-MARK|sha256=|PRIVATE KEY|a secret of the tests/);
    for (const line of server.lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});
