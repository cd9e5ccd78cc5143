import type { IncomingMessage } from 'node:http';
import { createBlocks } from './blocks.ts';

export type Body =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'too_large' }
  /** Too much is being read already. */
  | { readonly kind: 'busy' }
  /** Nothing came for a while. */
  | { readonly kind: 'stalled' }
  /** The sender went away. */
  | { readonly kind: 'cut' };

export interface BodyReader {
  /** Never rejects. A declared length that is too large is told before anything is read. */
  read(request: IncomingMessage): Promise<Body>;
}

/** What bodies may take. Nobody has to show a signature that fits before the body is read. */
export interface BodyLimits {
  /** Bytes of one body. */
  readonly each: number;
  /** Bytes of memory for all bodies that are being read at the same time. */
  readonly together: number;
  /** Milliseconds in which something of a body has to come. */
  readonly patience: number;
}

/** GitHub's own limit: it does not send deliveries that are larger. */
const LARGEST_BODY = 25 * 1024 * 1024;

const LIMITS: BodyLimits = { each: LARGEST_BODY, together: 8 * LARGEST_BODY, patience: 5000 };

/** Milliseconds that the rest of a refused body may take; by then the answer has arrived. */
const LINGER = 5000;

/** A body on its way. */
interface Arriving {
  /** Bytes of memory that it takes. */
  held(): number;
  end(body: Body): void;
}

/**
 * One reader for all requests of a server, since it bounds what they hold together. Where that is full, the body that
 * holds the most is turned away, and not the one that comes: who sends large bodies and stalls takes the room from
 * nobody else.
 */
export function createBodyReader({ each, together, patience }: BodyLimits = LIMITS): BodyReader {
  const arriving = new Set<Arriving>();
  let held = 0;

  function makeRoom(): void {
    if (held <= together) return;
    const [largest] = [...arriving].sort((a, b) => b.held() - a.held());
    largest?.end({ kind: 'busy' });
  }

  function readChunks(request: IncomingMessage): Promise<Body> {
    return new Promise((resolve) => {
      const blocks = createBlocks();
      const body: Arriving = {
        held: () => blocks.capacity,
        end(result) {
          request.off('data', take).off('end', finish).off('close', giveUp).off('error', giveUp);
          clearTimeout(timer);
          arriving.delete(body);
          held -= blocks.capacity;
          resolve(result);
        },
      };
      const take = (chunk: Buffer): void => {
        const before = blocks.capacity;
        blocks.append(chunk);
        held += blocks.capacity - before;
        timer.refresh();
        if (blocks.size > each) body.end({ kind: 'too_large' });
        else makeRoom();
      };
      const finish = (): void => {
        body.end({ kind: 'whole', text: blocks.text() });
      };
      const giveUp = (): void => {
        body.end({ kind: 'cut' });
      };
      const timer = setTimeout(() => {
        body.end({ kind: 'stalled' });
      }, patience);
      arriving.add(body);
      request.on('data', take).on('end', finish).on('close', giveUp).on('error', giveUp);
    });
  }

  return {
    read(request) {
      if (Number(request.headers['content-length'] ?? 0) > each) return Promise.resolve({ kind: 'too_large' });
      return readChunks(request);
    },
  };
}

/**
 * Lets the sender go on for a while without listening. Closing at once would reset the connection while the sender is
 * still writing, and the answer would be lost with it.
 */
export function drain(request: IncomingMessage): void {
  if (request.complete || request.socket.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER);
  request.socket.once('close', () => {
    clearTimeout(timer);
  });
  request.once('end', () => {
    clearTimeout(timer);
  });
  request.resume();
}
