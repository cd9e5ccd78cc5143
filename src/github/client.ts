import type { Settings } from '../settings.ts';
import { readLimit, toGitHubError } from './errors.ts';
import type { Resource } from './limit.ts';
import { createLimits, type Limits } from './limits.ts';
import { unpaced, type Pace, type Purpose } from './pace.ts';
import { paceOf, secondOf } from './pacing.ts';
import type { Asked } from './meter.ts';
import type { GitHub, GraphqlAnswer, GraphqlDocument } from './port.ts';
import { graphqlAnswer, routeData } from './trusted.ts';
import type { Fetch } from './whole-fetch.ts';
import { MUTATION_PERMISSION, WRITE_ROUTES, type WritePermission } from './write-routes.ts';

/** The slice of Octokit that is used: one function. */
export interface RequestingOctokit {
  request(route: string, parameters: object): Promise<OctokitAnswer>;
}

interface OctokitAnswer {
  readonly status: number;
  readonly headers: object;
  readonly data: unknown;
}

/** Who a client asks as, and through what. */
export interface ClientOptions {
  readonly installation: Asked['installation'];
  /** Authenticated; asked for once, at the first request. */
  readonly octokit: () => Promise<RequestingOctokit>;
  readonly fetchFor: (asked: Asked) => Fetch;
  /** REST's address; GraphQL's follows from it. */
  readonly baseUrl: string;
  readonly pacing: Settings['pacing'];
  /** Makes the next request use another token. Null where there is only one. */
  readonly forgetToken: (() => void) | null;
  /** Of the installation, which its clients share; else the client has its own. */
  readonly limits?: Limits;
  /** What writes are made for; left out: they go first. */
  readonly purpose?: Purpose;
  /** The token of a write, where `octokit` has none: good for no more than that. */
  readonly tokenFor?: (permission: WritePermission) => Promise<string>;
}

/** What an installation, the app itself or a person is being held to. */
export function createLimitsOf(
  { pacing }: Pick<ClientOptions, 'pacing'>,
  share: (own: Pace) => Pace = (own) => own,
): Limits {
  return createLimits(secondOf(pacing), pacing === 'none' ? unpaced : share(paceOf(pacing)));
}

/** GitHub without saying whose. Keep it: it knows which limits it is under. */
export function createRequests(options: ClientOptions): Omit<GitHub, 'installation'> {
  const limits = options.limits ?? createLimitsOf(options);
  const graphqlUrl = options.baseUrl.replace(/\/api\/v3\/?$/, '/api') + '/graphql';
  let octokit: Promise<RequestingOctokit> | null = null;

  async function connect({ operation }: Request): Promise<RequestingOctokit> {
    try {
      return await (octokit ??= options.octokit());
    } catch (error) {
      octokit = null;
      throw toGitHubError(error, { operation, writes: false });
    }
  }

  async function request(asked: Request): Promise<unknown> {
    const { route, parameters, operation, permission } = asked;
    const writes = permission !== null;
    const fetch = options.fetchFor({ operation, installation: options.installation });
    octokit ??= options.octokit();
    const connected = await connect(asked);
    const { data } = await limits.send({ ...asked, writes, purpose: options.purpose ?? 'gate' }, async () => {
      const request = { fetch, ...(writes ? { retries: 0 } : {}) };
      const sent = { ...parameters, request, ...(await authorization(asked)) };
      const response = await connected.request(route, sent);
      if (!(writes && isDoneInPart(response))) throwIfLimited(response);
      if (isBroken(response)) throw toGitHubError(null, { operation, writes });
      return response;
    });
    return data;
  }

  async function authorization({ operation, permission }: Request): Promise<object> {
    if (permission === null || options.tokenFor === undefined) return {};
    try {
      return { headers: { authorization: `token ${await options.tokenFor(permission)}` } };
    } catch (error) {
      // What the token was for has not been sent.
      throw readLimit(error) === null ? toGitHubError(error, { operation, writes: false }) : error;
    }
  }

  /** A token that GitHub does not know was not used for anything: the request can be sent again, with another. */
  async function requestWithFreshToken(asked: Request): Promise<unknown> {
    try {
      return await request(asked);
    } catch (error) {
      const { kind } = toGitHubError(error, { operation: asked.operation, writes: asked.permission !== null });
      if (options.forgetToken === null || kind !== 'unauthorized') throw error;
      options.forgetToken();
      return await request(asked);
    }
  }

  async function requestGraphql<T>(
    document: GraphqlDocument,
    variables: Readonly<Record<string, unknown>>,
    permission: WritePermission | null,
  ): Promise<GraphqlAnswer<T>> {
    const parameters = { query: document.text, variables };
    const { name: operation } = document;
    const asked = { route: `POST ${graphqlUrl}`, parameters, operation, resource: 'graphql', permission } as const;
    const answer = graphqlAnswer<T>(await requestWithFreshToken(asked));
    if (answer === null) throw toGitHubError(null, { operation, writes: permission !== null });
    return answer;
  }

  return {
    query: (document, variables) => requestGraphql(document, variables, null),
    mutate: (document, variables) => requestGraphql(document, variables, MUTATION_PERMISSION),
    async get(route, parameters) {
      const asked = { route, parameters, operation: route, resource: 'rest', permission: null } as const;
      return routeData<typeof route>(await requestWithFreshToken(asked));
    },
    async send(route, parameters) {
      const permission = WRITE_ROUTES[route];
      const asked = { route, parameters, operation: route, resource: 'rest', permission } as const;
      return routeData<typeof route>(await requestWithFreshToken(asked));
    },
  };
}

interface Request {
  readonly route: string;
  readonly parameters: object | undefined;
  readonly operation: string;
  readonly resource: Resource;
  /** That the write needs; null: it is a read. */
  readonly permission: WritePermission | null;
}

/** Of aliased mutations some were carried out before a limit was hit: what was must not be sent again. */
function isDoneInPart({ data }: OctokitAnswer): boolean {
  const inner = typeof data === 'object' && data !== null && 'data' in data ? data.data : null;
  return typeof inner === 'object' && inner !== null && Object.values(inner).some((field) => field !== null);
}

/** GraphQL says that a limit was hit with status 200. */
function throwIfLimited(response: OctokitAnswer): void {
  const error = Object.assign(new Error('A rate limit was hit'), { response });
  if (readLimit(error) !== null) throw error;
}

/** Octokit gives JSON that it cannot parse as text; and nothing as empty text, which is all that a 204 has. */
function isBroken({ status, headers, data }: OctokitAnswer): boolean {
  if (status === 204) return false;
  const type = 'content-type' in headers ? String(headers['content-type']) : '';
  return typeof data === 'string' && type.startsWith('application/json');
}
