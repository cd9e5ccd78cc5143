import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** An answer that GitHub will confirm with a 304, which costs no rate limit. */
interface Kept {
  readonly etag: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Compressed: lists of environments and deployments say much the same over and over. */
  readonly body: Buffer;
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
const OVERHEAD = 600;
/** What is about the moment in which an answer was given, or for browsers. */
const NOT_KEPT =
  /^(?:x-ratelimit|x-github|access-control|x-(?:content-type|frame|xss)|content-security|strict-|referrer-|(?:date|server|cache-control|vary)$)/;

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
      return new Response(gunzipSync(kept.body), { status: kept.status, headers });
    },
    keep(key, response, body) {
      const etag = response.headers.get('etag');
      if (response.status !== 200 || etag === null || body.byteLength > MOST_BYTES_EACH) return;
      const headers = [...response.headers].filter(([name]) => !NOT_KEPT.test(name));
      const compressed = gzipSync(new Uint8Array(body), { level: constants.Z_BEST_SPEED });
      answers.set(key, { etag, status: response.status, headers, body: compressed });
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
