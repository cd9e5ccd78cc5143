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

  function readChunks(request: IncomingMessage): Promise<Body> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (body: Body): void => {
        request.off('data', take).off('end', finish).off('close', giveUp).off('error', giveUp);
        held -= size;
        resolve(body);
      };
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        held += chunk.length;
        if (size > LARGEST_BODY) end({ kind: 'too_large' });
        else if (held > MOST_AT_ONCE) end({ kind: 'busy' });
        else chunks.push(chunk);
      };
      const finish = (): void => {
        end({ kind: 'whole', text: Buffer.concat(chunks, size).toString('utf8') });
      };
      const giveUp = (): void => {
        end({ kind: 'cut' });
      };
      request.on('data', take).on('end', finish).on('close', giveUp).on('error', giveUp);
    });
  }

  return {
    read(request) {
      if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return Promise.resolve({ kind: 'too_large' });
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
