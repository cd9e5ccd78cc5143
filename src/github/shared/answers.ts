import { z } from 'zod';
import type { SealedStore } from '../../redis/sealed-store.ts';
import type { ConditionalCache } from '../conditional.ts';

/** An ETag holds for a token, and a token for an hour. */
const LIFETIME = 60 * 60_000;
const MOST_BYTES_EACH = 256 * 1024;

const head = z.object({ status: z.number(), headers: z.array(z.tuple([z.string(), z.string()])) });

/** Answers that any process has got are confirmed to all with a 304. What Redis does not tell is asked of GitHub. */
export function shareAnswers(own: ConditionalCache, store: SealedStore): ConditionalCache {
  async function fetchFromOthers(key: string): Promise<void> {
    const written = await store.get(`answer ${key}`).catch(() => null);
    const found = written === null ? null : unpack(written);
    if (found === null) return;
    await own.keep(key, new Response(null, found.head), found.body);
  }

  return {
    async etag(key) {
      const known = await own.etag(key);
      if (known !== undefined) return known;
      await fetchFromOthers(key);
      return own.etag(key);
    },
    restore: (key) => own.restore(key),
    async keep(key, response, body) {
      await own.keep(key, response, body);
      if (response.status !== 200 || !response.headers.has('etag') || body.byteLength > MOST_BYTES_EACH) return;
      // Nobody waits for it.
      store.set(`answer ${key}`, pack(response, body), LIFETIME).catch(() => undefined);
    },
  };
}

/** Its head as JSON, a line's end, and its body. */
function pack({ status, headers }: Response, body: ArrayBuffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ status, headers: [...headers] })}\n`), Buffer.from(body)]);
}

function unpack(written: Buffer): { readonly head: z.output<typeof head>; readonly body: ArrayBuffer } | null {
  const end = written.indexOf('\n');
  try {
    const parsed = head.safeParse(JSON.parse(written.subarray(0, end).toString()));
    return parsed.success ? { head: parsed.data, body: Uint8Array.from(written.subarray(end + 1)).buffer } : null;
  } catch {
    return null;
  }
}
