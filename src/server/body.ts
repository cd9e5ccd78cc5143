import type { IncomingMessage } from 'node:http';

/** GitHub's own limit: it does not send deliveries that are larger. */
export const LARGEST_BODY = 25 * 1024 * 1024;

/** Of all bodies that are being read at the same time. Nobody has to show a signature before the body is read. */
const MOST_AT_ONCE = 8 * LARGEST_BODY;

/** Milliseconds that the rest of a refused body may take; by then the answer has arrived. */
const LINGER = 5000;

export type Body =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'too_large' }
  /** Too much is being read already. */
  | { readonly kind: 'busy' }
  /** The sender went away. */
  | { readonly kind: 'cut' };

export interface BodyReader {
  /** Never rejects. A declared length that is too large is told before anything is read. */
  read(request: IncomingMessage): Promise<Body>;
}

/** One reader for all requests of a server, since it bounds what they hold together. */
export function createBodyReader(): BodyReader {
  let held = 0;

  async function readChunks(request: IncomingMessage): Promise<Body> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        if (!Buffer.isBuffer(chunk)) continue;
        size += chunk.length;
        held += chunk.length;
        if (size > LARGEST_BODY) return { kind: 'too_large' };
        if (held > MOST_AT_ONCE) return { kind: 'busy' };
        chunks.push(chunk);
      }
      return request.complete ? { kind: 'whole', text: Buffer.concat(chunks, size).toString('utf8') } : { kind: 'cut' };
    } catch {
      return { kind: 'cut' };
    } finally {
      held -= size;
    }
  }

  return {
    async read(request) {
      if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return { kind: 'too_large' };
      return readChunks(request);
    },
  };
}

/**
 * Lets the sender go on for a while without listening. Closing at once would reset the connection while the sender is
 * still writing, and the answer would be lost with it.
 */
export function drain(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER);
  request.socket.once('close', () => {
    clearTimeout(timer);
  });
  request.once('end', () => {
    clearTimeout(timer);
  });
  request.resume();
}
