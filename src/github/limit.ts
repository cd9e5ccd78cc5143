/** REST and GraphQL are counted apart; a secondary limit holds for both. */
export type Resource = 'rest' | 'graphql';

export interface Limit {
  /** A secondary limit holds for everything an installation asks. */
  readonly secondary: boolean;
  /** Milliseconds from the answer. */
  readonly retryAfter: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** "Wait for at least one minute", where GitHub does not say how long. */
const FALLBACK = 60_000;

/**
 * Whether an answer says "not now", and until when. Such a request was not carried out. Primary limits come as 403 or
 * 429 with nothing remaining, or as GraphQL's RATE_LIMITED with status 200; secondary ones as 403, 429 or 200.
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 * @see https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function limitOf(answer: Answer): Limit | null {
  const { status, headers, data } = answer;
  const inGraphql = status === 200 && isLimitedGraphql(data);
  if (!inGraphql && status !== 403 && status !== 429) return null;
  const text = messageOf(data);
  const retryAfter = Number(headers['retry-after']);
  const secondary = /secondary rate limit|abuse/i.test(text);
  const exhausted = headers['x-ratelimit-remaining'] === '0';
  const named = /rate limit/i.test(text);
  if (status === 403 && !secondary && !exhausted && !named && !(retryAfter > 0)) return null;
  if (retryAfter > 0) return { secondary: secondary || !exhausted, retryAfter: retryAfter * 1000 };
  if (exhausted && !secondary) return { secondary: false, retryAfter: untilReset(headers) };
  return { secondary: true, retryAfter: FALLBACK };
}

/** Counted by GitHub's clock, which `date` tells, and a second more, since both are cut to whole seconds. */
function untilReset(headers: Answer['headers']): number {
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  const date = Date.parse(String(headers['date']));
  if (Number.isNaN(reset)) return FALLBACK;
  return Math.max(0, reset - (Number.isNaN(date) ? Date.now() : date)) + 1000;
}

function isLimitedGraphql(data: unknown): boolean {
  return graphqlErrors(data).some(
    (error) => /^RATE_LIMIT/.test(String(error['type'])) || /secondary rate limit/i.test(String(error['message'])),
  );
}

function messageOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const message = 'message' in data ? String(data.message) : '';
  return [message, ...graphqlErrors(data).map((error) => String(error['message']))].join('\n');
}

function graphqlErrors(data: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors)) return [];
  const errors: readonly unknown[] = data.errors;
  return errors.flatMap((error) =>
    typeof error === 'object' && error !== null ? [Object.fromEntries(Object.entries(error))] : [],
  );
}
