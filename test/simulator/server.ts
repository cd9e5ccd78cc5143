import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  answerGraphql,
  answerRest,
  graphqlRequest,
  primaryLimit,
  problemAnswer,
  rateHeaders,
  secondaryLimit,
  type Answer,
  type Request,
  type Services,
} from './answer.ts';
import { identify, type Identity } from './authenticate.ts';
import type { FaultOptions } from './faults.ts';
import { faultyAnswer } from './faulty-answer.ts';
import { prepare } from './graphql/execute.ts';
import { basesAt, readBody, readRequest, type Bases, type Connection } from './incoming.ts';
import type { Resource } from './limits.ts';
import { send } from './outgoing.ts';
import type { LoggedRequest } from './requests.ts';
import { HttpProblem } from './rest/problem.ts';
import type { Route } from './rest/route.ts';
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
        : (faultyAnswer(options.limits, identity, fault, resource) ??
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
    narrowed: narrowedTo(identity),
    body: request.body,
    problems: 0,
    status: 0,
    cost: 0,
    fault: null,
    startedAt: options.world.wall(),
    endedAt: 0,
  };
}

function narrowedTo({ token }: Identity): LoggedRequest['narrowed'] {
  if (token?.kind !== 'installation' || token.repositories === null) return null;
  return { repositories: [...token.repositories], permissions: token.permissions };
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
