import type { Identity } from './authenticate.ts';
import { etagOf, isKnown } from './etags.ts';
import { failingAliases, type FaultOptions } from './faults.ts';
import { costOfRequest, prepare, run, type GraphqlRequest } from './graphql/execute.ts';
import { writtenError } from './graphql/problem.ts';
import type { Limits, Resource, Window } from './limits.ts';
import { HttpProblem } from './rest/problem.ts';
import type { Addresses, Reply, Route } from './rest/route.ts';
import type { World } from './state/world.ts';

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Points of the primary rate limit. */
  readonly cost: number;
  /** Problems in a GraphQL answer. */
  readonly problems: number;
}

export interface Request {
  readonly method: string;
  /** Without the prefix of Enterprise Server. */
  readonly path: string;
  readonly address: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ifNoneMatch: string | undefined;
  readonly accept: string;
  readonly at: Addresses;
}

export interface Services {
  readonly world: World;
  readonly limits: Limits;
  readonly onNotSimulated: (what: string) => void;
}

const JSON_TYPE = {
  'content-type': 'application/json; charset=utf-8',
  'x-github-media-type': 'github.v3; format=json',
};

export function rateHeaders(window: Window, resource: Resource): Record<string, string> {
  return {
    'x-ratelimit-limit': String(window.limit),
    'x-ratelimit-remaining': String(window.remaining),
    'x-ratelimit-used': String(window.used),
    'x-ratelimit-reset': String(Math.ceil(window.resetAt / 1000)),
    'x-ratelimit-resource': resource,
  };
}

export function problemAnswer(problem: HttpProblem): Answer {
  const headers = { ...JSON_TYPE, ...problem.headers };
  return { status: problem.status, headers, body: JSON.stringify(problem.body), cost: 0, problems: 0 };
}

/** Asking for less: the answer to whoever overstepped a secondary limit. */
export function secondaryLimit(retryAfter: number): HttpProblem {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.';
  return new HttpProblem(403, message, { headers: { 'retry-after': String(retryAfter) } });
}

export function primaryLimit(identity: Identity): HttpProblem {
  const whose = identity.holder.replace(':', ' ID ');
  return new HttpProblem(403, `API rate limit exceeded for ${whose}.`);
}

/** Carries out a REST request. */
export function answerRest(
  services: Services,
  identity: Identity,
  request: Request,
  matched: { readonly route: Route; readonly params: Readonly<Record<string, string>> },
): Answer {
  const { world } = services;
  let reply: Reply;
  try {
    reply = matched.route.run({
      world,
      at: request.at,
      address: request.address,
      params: matched.params,
      query: request.query,
      body: request.body,
      token: identity.token,
      asApp: identity.as === 'app',
      rateWindow: (resource) => services.limits.window(identity.holder, resource),
      accept: request.accept,
    });
  } catch (error) {
    if (error instanceof HttpProblem) return { ...problemAnswer(error), cost: 1 };
    throw error;
  }
  const body = reply.body === undefined ? '' : JSON.stringify(reply.body);
  const headers = { ...JSON_TYPE, ...reply.headers };
  if (request.method !== 'GET' || reply.status !== 200) {
    return { status: reply.status, headers, body, cost: 1, problems: 0 };
  }
  const etag = etagOf(body, identity.token?.value ?? identity.as);
  const cached = { etag, 'cache-control': 'private, max-age=60, s-maxage=60', vary: 'Accept, Authorization' };
  if (isKnown(etag, request.ifNoneMatch)) {
    return { status: 304, headers: { ...reply.headers, ...cached }, body: '', cost: 0, problems: 0 };
  }
  const cost = matched.route.template === 'GET /rate_limit' ? 0 : 1;
  return { status: 200, headers: { ...headers, ...cached }, body, cost, problems: 0 };
}

function graphqlAnswer(body: Readonly<Record<string, unknown>>, cost: number): Answer {
  const errors = body['errors'];
  return {
    status: 200,
    headers: { ...JSON_TYPE, 'x-github-media-type': 'github.v4; format=json' },
    body: JSON.stringify(body),
    cost,
    problems: Array.isArray(errors) ? errors.length : 0,
  };
}

export function graphqlRequest(body: Readonly<Record<string, unknown>>): GraphqlRequest {
  const { query, variables, operationName } = body;
  return {
    query: typeof query === 'string' ? query : '',
    variables: ((typeof variables === 'object' ? variables : null) as Record<string, unknown> | null) ?? {},
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

/** Carries out a GraphQL request, or refuses it as GitHub does: with 200 and errors. */
export function answerGraphql(
  services: Services,
  identity: Identity,
  request: Request,
  fault: FaultOptions | null,
): Answer {
  const { world, limits } = services;
  const { token } = identity;
  if (token === null) {
    return problemAnswer(
      new HttpProblem(identity.as === 'app' ? 403 : 401, 'This endpoint requires you to be authenticated.'),
    );
  }
  const asked = graphqlRequest(request.body);
  const prepared = prepare(asked);
  if ('errors' in prepared) return graphqlAnswer({ errors: prepared.errors.map(writtenError) }, 1);
  const cost = costOfRequest(prepared, asked);
  if (cost.problems.length > 0) return graphqlAnswer({ errors: cost.problems.map(writtenError) }, 1);
  const window = limits.window(identity.holder, 'graphql');
  if (cost.points > window.remaining) return rateLimited(identity);
  const failing = failingAliases(fault, prepared.aliases);
  const body = run(prepared, asked, {
    world,
    token,
    at: request.at,
    rate: {
      cost: cost.points,
      nodeCount: cost.nodes,
      limit: window.limit,
      remaining: window.remaining - cost.points,
      used: window.used + cost.points,
      resetAt: new Date(window.resetAt),
    },
    fails: (alias) => failing.has(alias),
    onNotSimulated: services.onNotSimulated,
  });
  if (fault?.action === 'graphql-lost') return graphqlAnswer({ data: null, errors: [WENT_WRONG] }, cost.points);
  return graphqlAnswer(body, cost.points);
}

export function rateLimited(identity: Identity): Answer {
  const message = `API rate limit exceeded for ${identity.holder.replace(':', ' ID ')}.`;
  return graphqlAnswer({ errors: [{ type: 'RATE_LIMITED', message }] }, 0);
}

const WENT_WRONG = {
  message: 'Something went wrong while executing your query. Please include `0000:0000` when reporting this issue.',
};
