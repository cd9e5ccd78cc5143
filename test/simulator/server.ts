import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  answerGraphql,
  answerRest,
  graphqlRequest,
  primaryLimit,
  problemAnswer,
  rateHeaders,
  rateLimited,
  secondaryLimit,
  type Answer,
  type Request,
  type Services,
} from './answer.ts';
import { identify, type Identity } from './authenticate.ts';
import type { FaultOptions } from './faults.ts';
import { prepare } from './graphql/execute.ts';
import type { Resource } from './limits.ts';
import type { LoggedRequest } from './requests.ts';
import { badCredentials, HttpProblem, notAccessible, notFound } from './rest/problem.ts';
import type { Addresses, Route } from './rest/route.ts';
import type { Match } from './rest/router.ts';

/** One REST request and what it was answered, for whoever checks them against GitHub's description. */
export interface Exchange {
  readonly method: string;
  /** With GitHub's names for the parameters: `/repos/{owner}/{repo}/deployments`. */
  readonly routePath: string;
  readonly query: Readonly<Record<string, string>>;
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

export interface ServerOptions extends Services {
  readonly route: (method: string, path: string) => Match | null;
  readonly privateKey: string;
  readonly enforceSecondaryLimits: boolean;
  readonly latencyMs: number;
  readonly log: (request: LoggedRequest) => void;
  readonly strike: (request: LoggedRequest) => FaultOptions | null;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function listen(options: ServerOptions): Promise<RunningServer> {
  let base: Bases = basesAt(0);
  let number = 0;
  const server: Server = createServer((incoming, outgoing) => {
    number += 1;
    serve(options, { incoming, outgoing, base, number }).catch((error: unknown) => {
      // A mistake of the simulator's own: said loudly, and in a form that nobody takes for GitHub's.
      if (!outgoing.headersSent) outgoing.writeHead(599);
      outgoing.end(error instanceof Error ? error.stack : String(error));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  base = basesAt(port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Connection {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly base: Bases;
  readonly number: number;
}

const ENTERPRISE = '/api/v3';

/** The two forms of addresses, each one object, so that shapes can be remembered by it. */
interface Bases {
  readonly url: string;
  readonly dotcom: Addresses;
  readonly enterprise: Addresses;
}

function basesAt(port: number): Bases {
  const url = `http://127.0.0.1:${port}`;
  return { url, dotcom: { api: url, html: url }, enterprise: { api: url + ENTERPRISE, html: url } };
}

async function serve(options: ServerOptions, connection: Connection): Promise<void> {
  const { incoming, outgoing } = connection;
  const text = await readBody(incoming);
  const request = readRequest(connection, text);
  const isGraphql = request.method === 'POST' && request.path === '/graphql';
  const matched = isGraphql ? null : options.route(request.method, currentPath(options, request.path));
  const identified = whoIs(options, incoming.headers.authorization);
  const identity = identified instanceof HttpProblem ? NOBODY : identified;
  const logged = describe(options, { request, identity, matched, isGraphql, number: connection.number });
  options.log(logged);
  const resource: Resource = isGraphql ? 'graphql' : 'core';
  const entered = options.limits.enter(identity.holder, { resource, write: logged.write });
  try {
    const fault = options.strike(logged);
    logged.fault = fault?.action ?? null;
    const delay = options.latencyMs + (fault?.delayMs ?? 0);
    if (delay > 0) await sleep(delay);
    if (fault?.action === 'drop-before') {
      outgoing.destroy();
      return;
    }
    const limited = options.enforceSecondaryLimits && entered.breach !== null && identity.as !== 'app';
    const answer =
      identified instanceof HttpProblem
        ? problemAnswer(identified)
        : (faultyAnswer(options, identity, fault, resource) ??
          (limited ? problemAnswer(secondaryLimit(60)) : null) ??
          answerTo(options, { identity, request, matched, isGraphql, fault }));
    options.limits.charge(identity.holder, resource, answer.cost);
    logged.cost = answer.cost;
    logged.problems = answer.problems;
    if (!isGraphql) tellExchange(options, { incoming, request, text, answer, matched });
    send(connection, answer, { fault, rate: rateHeaders(options.limits.window(identity.holder, resource), resource) });
    if (fault?.action !== 'drop-after-apply') logged.status = answer.status;
  } finally {
    logged.endedAt = options.world.wall();
    entered.leave();
  }
}

const NOBODY: Identity = { as: 'nobody', token: null, holder: 'nobody' };

function whoIs(options: ServerOptions, authorization: string | undefined): Identity | HttpProblem {
  try {
    return identify(options.world, authorization, options.privateKey);
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function readRequest({ incoming, base }: Connection, text: string): Request {
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

/** `/repositories/1/…` is what GitHub redirects former names to. */
function currentPath({ world }: ServerOptions, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = id === undefined ? undefined : world.repositories.get(Number(id));
  return repository === undefined ? path : `/repos/${repository.owner.login}/${repository.name}${rest}`;
}

interface Described {
  readonly request: Request;
  readonly identity: Identity;
  readonly matched: Match | null;
  readonly isGraphql: boolean;
  readonly number: number;
}

function describe(options: ServerOptions, { request, identity, matched, isGraphql, number }: Described): LoggedRequest {
  const prepared = isGraphql ? prepare(graphqlRequest(request.body)) : null;
  const operation = prepared === null ? null : 'name' in prepared ? prepared.name : '(invalid)';
  return {
    number,
    method: request.method,
    path: request.path,
    query: request.query.toString(),
    route: isGraphql ? 'POST /graphql' : (matched?.route.template ?? null),
    operation,
    write: isGraphql ? prepared !== null && 'name' in prepared && prepared.isMutation : request.method !== 'GET',
    installation: identity.token?.kind === 'installation' ? identity.token.installation.id : null,
    as: identity.as,
    body: request.body,
    problems: 0,
    status: 0,
    cost: 0,
    fault: null,
    startedAt: options.world.wall(),
    endedAt: 0,
  };
}

/** The answer that a fault gives in the place of GitHub's own, where it does not carry the request out. */
function faultyAnswer(
  options: ServerOptions,
  identity: Identity,
  fault: FaultOptions | null,
  resource: Resource,
): Answer | null {
  switch (fault?.action) {
    case '500':
    case '502':
    case '503':
      return { ...problemAnswer(new HttpProblem(Number(fault.action), 'Server Error')) };
    case '401':
      return problemAnswer(badCredentials());
    case '404':
      return problemAnswer(notFound());
    case '403-permission':
      return problemAnswer(notAccessible());
    case 'secondary-limit':
      return problemAnswer(secondaryLimit(fault.retryAfter ?? 60));
    case 'primary-limit':
      options.limits.exhaust(identity.holder, resource);
      return resource === 'graphql' ? rateLimited(identity) : problemAnswer(primaryLimit(identity));
    case 'drop-before':
    case 'drop-after-apply':
    case 'cut-body':
    case 'graphql-partial':
    case 'graphql-lost':
    case 'delay':
    case undefined:
      return null;
  }
}

function answerTo(
  options: ServerOptions,
  call: Omit<Described, 'number'> & { readonly fault: FaultOptions | null },
): Answer {
  const { identity, request, matched, isGraphql, fault } = call;
  if (isGraphql) return answerGraphql(options, identity, request, fault);
  if (matched === null) {
    const what = `${request.method} ${request.path}`;
    options.onNotSimulated(what);
    return problemAnswer(new HttpProblem(501, `not simulated: ${what}`));
  }
  const spent = options.limits.window(identity.holder, 'core').remaining === 0;
  if (spent && matched.route.template !== 'GET /rate_limit') return problemAnswer(primaryLimit(identity));
  return answerRest(options, identity, request, matched);
}

function tellExchange(
  options: ServerOptions,
  told: {
    readonly incoming: IncomingMessage;
    readonly request: Request;
    readonly text: string;
    readonly answer: Answer;
    readonly matched: { readonly route: Route } | null;
  },
): void {
  const { incoming, request, text, answer, matched } = told;
  if (options.onExchange === undefined || matched === null) return;
  options.onExchange({
    method: request.method,
    routePath: matched.route.template.split(' ')[1] ?? '',
    query: Object.fromEntries(request.query),
    requestHeaders: incoming.headers,
    requestBody: text === '' ? undefined : request.body,
    status: answer.status,
    responseBody: answer.body === '' ? undefined : (JSON.parse(answer.body) as unknown),
  });
}

function send(
  { outgoing, number }: Connection,
  answer: Answer,
  how: { readonly fault: FaultOptions | null; readonly rate: Readonly<Record<string, string>> },
): void {
  if (how.fault?.action === 'drop-after-apply') {
    outgoing.destroy();
    return;
  }
  const bytes = Buffer.from(answer.body);
  const length = answer.status === 204 || answer.status === 304 ? {} : { 'content-length': String(bytes.length) };
  const id = { 'x-github-request-id': number.toString(16).toUpperCase().padStart(8, '0') };
  outgoing.writeHead(answer.status, { ...answer.headers, ...how.rate, ...id, ...length });
  if (how.fault?.action !== 'cut-body') {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
}
