import type { Endpoints } from '@octokit/types';
import type { InstallationId } from './ids.ts';
import type { WriteRoute } from './write-routes.ts';

/** REST routes that only read, as GitHub's own description names them. */
export type ReadRoute = Extract<keyof Endpoints, `GET ${string}`>;
export type RouteParameters<R extends keyof Endpoints> = Endpoints[R]['parameters'];
export type RouteData<R extends keyof Endpoints> = Endpoints[R]['response']['data'];

/** One of GraphQL's `errors`. `path[0]` is the alias that could not be had; the others in the answer may be whole. */
export interface GraphqlProblem {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** GraphQL answers in part: what could be had, and what could not. */
export interface GraphqlAnswer<T> {
  readonly data: T | null;
  readonly problems: readonly GraphqlProblem[];
}

/** A GraphQL document with the name that metrics and logs know it by. The name is the document's operation name. */
export interface GraphqlDocument {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads of one installation's GitHub. A read is retried with backoff where GitHub failed or asked to wait.
 * Every method throws {@link GitHubError}.
 */
export interface GitHubReader {
  /** Null: a person's token asks. */
  readonly installation: InstallationId | null;
  query<T>(document: GraphqlDocument, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer<T>>;
  /** Conditional where the same address was read before with the same token: a 304 costs no rate limit. */
  get<R extends ReadRoute>(route: R, parameters: RouteParameters<R>): Promise<RouteData<R>>;
}

/**
 * Writes of one installation's GitHub. A write is sent once: it is repeated only where GitHub said that it was not
 * carried out (a rate limit). A lost response is a {@link GitHubError} of kind `lost`.
 */
export interface GitHubWriter {
  mutate<T>(document: GraphqlDocument, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer<T>>;
  send<R extends WriteRoute>(route: R, parameters: RouteParameters<R>): Promise<RouteData<R>>;
}

export type GitHub = GitHubReader & GitHubWriter;

export type GitHubErrorKind =
  | 'not_found' // 404, 410
  | 'forbidden' // 403 that is not a limit: a permission that is missing
  | 'unauthorized' // 401: the app's key or its token
  | 'refused' // 409, 422 and other 4xx: GitHub understood and said no
  | 'limited' // a primary or secondary rate limit, after the retries
  | 'unavailable' // 5xx or no connection on a read, after the retries
  | 'lost'; // 5xx or no whole answer on a write: it may have been carried out

/** What went wrong between GitHub and us. The message names the operation, never a token, header or body. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  readonly kind: GitHubErrorKind;
  readonly status: number | null;
  readonly operation: string;
  /** When GitHub said that asking again makes sense, in milliseconds from the answer. */
  readonly retryAfter: number | null;

  constructor(fields: {
    readonly kind: GitHubErrorKind;
    readonly status: number | null;
    readonly operation: string;
    readonly message: string;
    readonly retryAfter?: number | null;
  }) {
    super(`${fields.operation}: ${fields.message}`);
    this.kind = fields.kind;
    this.status = fields.status;
    this.operation = fields.operation;
    this.retryAfter = fields.retryAfter ?? null;
  }
}
