import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** An answer that GitHub will confirm with a 304, which costs no rate limit. */
interface Kept {
  readonly etag: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer;
}

export interface ConditionalCache {
  /** The ETag to ask with, or undefined where nothing is known. */
  etag(key: string): string | undefined | Promise<string | undefined>;
  /** The kept answer, as if GitHub had sent it whole again. */
  restore(key: string): Response | undefined;
  keep(key: string, response: Response, body: ArrayBuffer): void | Promise<void>;
}

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_BYTES_EACH = 512 * 1024;
/** What an entry costs beside its body: its key and its headers. */
const OVERHEAD = 2048;

/**
 * Keeps answers in memory, the least recently used ones going first.
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export function createConditionalCache(): ConditionalCache {
  const answers = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: (kept) => kept.body.byteLength + OVERHEAD,
  });
  return {
    etag: (key) => answers.get(key)?.etag,
    restore(key) {
      const kept = answers.get(key);
      if (kept === undefined) return undefined;
      const headers = kept.headers.map(([name, value]): [string, string] => [name, value]);
      return new Response(kept.body, { status: kept.status, headers });
    },
    keep(key, response, body) {
      const etag = response.headers.get('etag');
      if (response.status !== 200 || etag === null || body.byteLength > MOST_BYTES_EACH) return;
      answers.set(key, { etag, status: response.status, headers: [...response.headers], body });
    },
  };
}

/**
 * What an answer is kept under. GitHub's ETags differ from token to token, and so does what a token may see: the
 * token is in the key, as a hash, since keys end up in heap dumps.
 */
export function conditionalKey(url: string, headers: Headers): string {
  const token = createHash('sha256')
    .update(headers.get('authorization') ?? '')
    .digest('base64url');
  return `${token} ${headers.get('accept') ?? ''} ${url}`;
}
