import { conditionalKey, type ConditionalCache } from './conditional.ts';
import type { Asked, Meter } from './meter.ts';

export type Fetch = typeof globalThis.fetch;

/** Milliseconds for one attempt, from the first byte sent to the last one received. */
const PATIENCE = 30_000;

/** Statuses that cannot have a body, as `Response` sees it. */
const BODILESS = new Set([204, 205, 304]);

/**
 * A `fetch` that resolves when the whole answer is there, so that one cut off halfway is a failure like any other (and
 * not an empty string, as Octokit has it); that asks for what it has read before with its ETag; and that counts.
 */
export function createFetch(
  options: { readonly meter: Meter; readonly cache: ConditionalCache; readonly patience?: number },
  asked: Asked,
): Fetch {
  const { meter, cache, patience = PATIENCE } = options;
  return async function fetchWhole(input, init) {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init?.headers);
    const key = (init?.method ?? 'GET') === 'GET' ? conditionalKey(url, headers) : null;
    const etag = key === null ? undefined : await cache.etag(key);
    if (etag !== undefined) headers.set('if-none-match', etag);

    const answer = await fetchAll(url, { ...init, headers, signal: AbortSignal.timeout(patience) }).catch(
      (error: unknown) => {
        meter.unanswered(asked);
        throw error;
      },
    );
    const { response, body } = answer;
    meter.answered(asked, response);
    if (key !== null && response.status === 304) {
      const kept = cache.restore(key);
      if (kept !== undefined) return kept;
    }
    if (key !== null) await cache.keep(key, response, body);
    const { status, statusText } = response;
    return new Response(BODILESS.has(status) ? null : body, { status, statusText, headers: response.headers });
  };
}

async function fetchAll(url: string, init: RequestInit): Promise<{ response: Response; body: ArrayBuffer }> {
  const response = await globalThis.fetch(url, init);
  return { response, body: await response.arrayBuffer() };
}
