import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from './answer.ts';
import type { Addresses } from './rest/route.ts';

export interface Connection {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly base: Bases;
  readonly number: number;
}

const ENTERPRISE = '/api/v3';

/** The two forms of addresses, each one object, so that shapes can be remembered by it. */
export interface Bases {
  readonly url: string;
  readonly dotcom: Addresses;
  readonly enterprise: Addresses;
}

export function basesAt(port: number): Bases {
  const url = `http://127.0.0.1:${port}`;
  return { url, dotcom: { api: url, html: url }, enterprise: { api: url + ENTERPRISE, html: url } };
}

export async function readBody(incoming: IncomingMessage): Promise<string> {
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A request in the terms of api.github.com, whichever form of addresses it used. */
export function readRequest({ incoming, base }: Connection, text: string): Request {
  const [full = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
  const enterprise = full.startsWith(ENTERPRISE) || full === '/api/graphql';
  const path = full === '/api/graphql' ? '/graphql' : enterprise ? full.slice(ENTERPRISE.length) : full;
  return {
    method: incoming.method ?? 'GET',
    path,
    address: base.url + full,
    query: new URLSearchParams(search),
    body: parseBody(text),
    ifNoneMatch: incoming.headers['if-none-match'],
    accept: incoming.headers.accept ?? '',
    at: enterprise ? base.enterprise : base.dotcom,
  };
}

function parseBody(text: string): Record<string, unknown> {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
