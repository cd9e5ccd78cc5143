import { limitOf, type Limit } from './limit.ts';
import { GitHubError, type GitHubErrorKind } from './port.ts';

/** The parts of Octokit's errors that are looked at; an error of anybody else's has none of them. */
interface RequestFailure {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly url: string;
}

/**
 * Octokit's error as one of ours. The message holds what GitHub said in words, cut short, and nothing else.
 * @param request.writes whether it would have changed something: then no answer means that nobody knows.
 */
export function toGitHubError(
  error: unknown,
  request: { readonly operation: string; readonly writes: boolean },
): GitHubError {
  if (error instanceof GitHubError) return error;
  const { operation } = request;
  const failure = readFailure(error);
  // A token is asked for first. Where that failed, the request itself was never sent; 422 is GitHub's answer where the
  // installation has not got what the token is to be good for.
  const isToken = failure.url.endsWith('/access_tokens');
  const limit = readLimit(error);
  const kind =
    limit !== null
      ? 'limited'
      : isToken && failure.status === 422
        ? 'forbidden'
        : kindOf(failure.status, request.writes && !isToken);
  const what = describeFailure(failure);
  return new GitHubError({
    kind,
    status: failure.status,
    operation,
    message: isToken ? `the token of the installation: ${what}` : what,
    retryAfter: limit?.retryAfter ?? null,
  });
}

/** The limit that an error of Octokit's tells of, or null. */
export function readLimit(error: unknown): Limit | null {
  const failure = readFailure(error);
  return limitOf({ ...failure, status: failure.status ?? 0 });
}

function kindOf(status: number | null, writes: boolean): GitHubErrorKind {
  if (status === null || status >= 500) return writes ? 'lost' : 'unavailable';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not_found';
  return 'refused';
}

/** Octokit says 500 where no answer came. */
function readFailure(error: unknown): RequestFailure {
  const response = property(error, 'response');
  const status = property(response, 'status');
  const headers = property(response, 'headers');
  const url = property(property(error, 'request'), 'url') ?? property(response, 'url');
  return {
    status: typeof status === 'number' ? (isGraphqlFailure(error, status) ? 500 : status) : null,
    headers: typeof headers === 'object' && headers !== null ? Object.fromEntries(Object.entries(headers)) : {},
    data: property(response, 'data'),
    url: typeof url === 'string' ? url : '',
  };
}

/** The retry plugin makes a 500 of GraphQL's "Something went wrong", which comes with status 200. */
function isGraphqlFailure(error: unknown, status: number): boolean {
  return status < 300 && property(error, 'status') === 500;
}

/** GitHub's own words, with what its validation found; never a page of HTML from a proxy in between. */
function describeFailure({ status, data }: RequestFailure): string {
  if (status === null) return 'no answer';
  const message = property(data, 'message');
  const code = `HTTP ${status}`;
  if (status >= 500 || typeof message !== 'string') return code;
  const errors = property(data, 'errors');
  const details = Array.isArray(errors) ? errors.map(describeDetail).filter((detail) => detail !== '') : [];
  return shorten([`${code}: ${message}`, ...details].join('; '));
}

function describeDetail(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  const parts = ['field', 'code', 'message'].map((name) => property(detail, name));
  return parts.filter((part) => typeof part === 'string').join(' ');
}

const LONGEST_MESSAGE = 300;

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
