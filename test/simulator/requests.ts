import type { Permissions } from './state/model.ts';

/** One request that the simulator got. */
export interface LoggedRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** `POST /repos/{owner}/{repo}/deployments`, or null where no route matched. */
  readonly route: string | null;
  /** A GraphQL operation's name. */
  readonly operation: string | null;
  readonly write: boolean;
  /** Null for the app's JWT and for people's tokens. */
  readonly installation: number | null;
  readonly as: 'installation' | 'user' | 'app' | 'nobody';
  /** What the installation's token was narrowed to; null for a token that is good for all that the installation covers. */
  readonly narrowed: { readonly repositories: readonly number[]; readonly permissions: Permissions } | null;
  readonly body: unknown;
  /** Of the GraphQL answer: how many problems it had. */
  problems: number;
  /** 0 while it has not been answered, and for ever where the answer was lost. */
  status: number;
  /** Points of the primary rate limit: none for a 304. */
  cost: number;
  fault: string | null;
  /** Milliseconds of the wall clock. */
  readonly startedAt: number;
  endedAt: number;
}

export type RequestFilter =
  | ((request: LoggedRequest) => boolean)
  | Partial<Pick<LoggedRequest, 'method' | 'route' | 'operation' | 'status' | 'write' | 'installation'>>;

export interface RequestLog {
  /** All but those that carry the app's JWT. */
  list(filter?: RequestFilter): LoggedRequest[];
  count(filter?: RequestFilter): number;
  /** Those that were to change something. */
  writes(filter?: RequestFilter): LoggedRequest[];
  /** Those that carry the app's JWT: tokens, installations, the app itself. */
  tokens(): LoggedRequest[];
  /** Every write of an installation's, those before a reset too. */
  written(): LoggedRequest[];
  /** Points of the primary rate limit that all of them cost. */
  cost(filter?: RequestFilter): number;
  reset(): void;
}

export function createRequestLog(): RequestLog & { readonly add: (request: LoggedRequest) => void } {
  const ever: LoggedRequest[] = [];
  let start = 0;
  const since = () => ever.slice(start);
  const list = (filter?: RequestFilter) => since().filter((each) => each.as !== 'app' && matches(each, filter));
  return {
    add: (request) => void ever.push(request),
    list,
    count: (filter) => list(filter).length,
    writes: (filter) => list(filter).filter((each) => each.write),
    written: () => ever.filter(({ write, as }) => write && as === 'installation'),
    tokens: () => since().filter((each) => each.as === 'app'),
    cost: (filter) => list(filter).reduce((sum, each) => sum + each.cost, 0),
    reset: () => {
      start = ever.length;
    },
  };
}

function matches(request: LoggedRequest, filter: RequestFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (typeof filter === 'function') return filter(request);
  return Object.entries(filter).every(([key, value]) => request[key as keyof LoggedRequest] === value);
}
