import { createSign } from 'node:crypto';
import type { Simulator } from './index.ts';

/** What a request was answered with; the body is whatever the test says it is. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // The simulator's own tests look at answers as a person with curl would.
  readonly body: Json;
}

/** JSON that one may look into without asking. */
export interface Json {
  readonly [key: string]: Json;
  readonly [index: number]: Json;
}

export interface Client {
  readonly token: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  send(method: string, path: string, body?: unknown): Promise<Answered>;
  graphql(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answered>;
}

/** A string that an answer must have there. */
export function textIn(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`Not a string: ${JSON.stringify(value)}`);
  return value;
}

/** A client of the simulator with one token, and with none of the mercies of Octokit. */
export function clientWith(github: Simulator, token: string, prefix = ''): Client {
  const call = async (path: string, init: RequestInit): Promise<Answered> => {
    const address = path.startsWith('http') ? path : `${github.url}${prefix}${path}`;
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(address, { ...init, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as Json,
    };
  };
  return {
    token,
    get: (path, headers) => call(path, headers === undefined ? {} : { headers }),
    send: (method, path, body) => call(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    graphql: (query, variables = {}) =>
      call('/graphql', { method: 'POST', body: JSON.stringify({ query, variables }) }),
  };
}

/** A JWT of the app, good for nine minutes; claims can be spoilt. */
export function appJwt(github: Simulator, spoilt: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: now - 30, exp: now + 540, iss: String(github.app.id), ...spoilt };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(github.app.privateKey, 'base64url')}`;
}

/** A client with a token of an installation, perhaps a narrowed one. */
export async function installationClient(github: Simulator, id: number, narrowed: unknown = {}): Promise<Client> {
  const app = clientWith(github, appJwt(github));
  const { body } = await app.send('POST', `/app/installations/${id}/access_tokens`, narrowed);
  return clientWith(github, textIn(body['token']));
}
