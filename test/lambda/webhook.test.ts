import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startLoopback, type Loopback } from '../github/loopback.ts';
import { environment, headersOf, sign } from '../server/served.ts';
import { deployment, place } from '../webhooks/payloads.ts';
import { bundleFunctions, type Functions } from './functions.ts';

// Processes and sockets take what a busy machine makes them take.
jest.setTimeout(60_000);

let functions: Functions;
let github: Loopback;
beforeAll(async () => {
  [functions, github] = await Promise.all([bundleFunctions(), startLoopback()]);
});
afterAll(() => Promise.all([functions.remove(), github.stop()]));

const variables = (): Record<string, string> => ({ ...environment, GHE_HOST: github.host, GHE_PROTOCOL: 'http' });
const ping = JSON.stringify({ zen: 'Design for failure.' });
const rest = (body: string | null, headers: object | null): object => ({
  httpMethod: 'POST',
  path: '/',
  headers,
  body,
});
const http = (body: string, headers: object): object => ({
  version: '2.0',
  rawPath: '/',
  requestContext: { http: { method: 'POST' } },
  headers,
  body,
});
const base64 = (event: object, body: string): object => ({
  ...event,
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});
const upperCase = (headers: object): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value as unknown]));

describe('webhook', () => {
  const cases: readonly (readonly [string, object, number])[] = [
    ['a signed delivery, HTTP API', http(ping, headersOf('ping', ping)), 200],
    ['a signed delivery, REST API', rest(ping, upperCase(headersOf('ping', ping))), 200],
    ['a signed delivery in base64', base64(http('', headersOf('ping', ping)), ping), 200],
    ['a wrong signature', http(ping, headersOf('ping', ping, { 'x-hub-signature-256': sign(ping, 'no') })), 401],
    ['another body than was signed', http(ping, headersOf('ping', 'other')), 401],
    ['no signature', http(ping, { 'x-github-event': 'ping', 'x-github-delivery': 'd' }), 401],
    ['no headers at all', rest(ping, null), 401],
    ['no body', rest(null, headersOf('ping', ' ')), 400],
    ['no event', http(ping, { 'x-hub-signature-256': sign(ping) }), 400],
    ['a signed body that is no JSON', http('{', headersOf('ping', '{')), 400],
    ['a signed body that is null', http('null', headersOf('push', 'null')), 400],
    ['a GET', { httpMethod: 'GET', path: '/probot', headers: null, body: null }, 404],
  ];

  test('answers every kind of event with the right status, never with an error of the gateway', async () => {
    const { answers } = await functions.call(
      'webhook',
      variables(),
      cases.map(([, event]) => event),
    );
    expect(cases.map(([name], index) => [name, answers[index]?.statusCode])).toEqual(
      cases.map(([name, , status]) => [name, status]),
    );
  });

  test('the jobs of a delivery have run when it is answered, those of the first one too', async () => {
    const body = JSON.stringify({ ...place, action: 'created', deployment });
    const before = github.arrivals.length;
    const { answers, log } = await functions.call('webhook', variables(), [http(body, headersOf('deployment', body))]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200]);
    expect(github.arrivals.length).toBeGreaterThan(before);
    expect(log).not.toMatch(/sha256=|PRIVATE KEY|ghs_/);
  });

  test('a function that is not configured says why when it is called', async () => {
    const { answers } = await functions.call('webhook', {}, [http(ping, headersOf('ping', ping))]);
    expect(answers[0]?.body).toMatch(/^APP_ID is missing/);
  });
});

describe('sweep', () => {
  test('asks which installations there are', async () => {
    const before = github.arrivals.length;
    await functions.call('sweep', variables(), [{}]);
    expect(github.arrivals.slice(before).map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\/api\/v3\/app\/installations\?/),
    ]);
  });
});
