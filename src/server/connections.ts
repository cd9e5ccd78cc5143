import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bounds a server's connections so that nobody is kept out by those on which nothing happens. Where there are more than
 * `most`, the one that has waited longest is closed, and not the one that comes: it is idle, or its request is not whole
 * yet, or its answer is not read. Node's own limit, and that of open files, would turn away who comes. The one that comes
 * is closed only where an answer is being made on every other.
 */
export function limitConnections(server: Server, most: number): void {
  /** In the order in which they came, or were answered last. */
  const open = new Set<Socket>();
  /** The last that was asked over each. */
  const answers = new Map<Socket, ServerResponse>();

  /** Whether there is all of a request, and not yet all of its answer. */
  function isAtWork(socket: Socket): boolean {
    const answer = answers.get(socket);
    return answer !== undefined && answer.req.complete && !answer.writableEnded;
  }

  function accept(socket: Socket): void {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      answers.delete(socket);
    });
    if (open.size <= most) return;
    for (const one of open) {
      if (isAtWork(one)) continue;
      open.delete(one);
      one.destroy();
      return;
    }
  }

  function begin({ socket }: IncomingMessage, answer: ServerResponse): void {
    answers.set(socket, answer);
    answer.once('finish', () => {
      if (open.delete(socket)) open.add(socket);
    });
  }

  server.on('connection', accept).on('request', begin);
}
