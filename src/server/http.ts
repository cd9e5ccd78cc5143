import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from '../logging.ts';
import { exposeProcess } from '../metrics.ts';
import { SettingsError } from '../settings.ts';
import type { Wiring } from '../wiring.ts';
import { createBodyReader } from './body.ts';
import { limitConnections } from './connections.ts';
import { createWebhookRoute } from './webhook-route.ts';

/** Milliseconds for a sender to send all of a request. GitHub gives up after ten seconds itself. */
const REQUEST_TIMEOUT = 15_000;
/** Milliseconds between two looks at who takes longer; Node's own thirty seconds would treble the time. */
const TIMEOUT_CHECKS = 2000;
/** Milliseconds that a connection may stay open between two requests. */
const KEEP_ALIVE = 5000;
/** Far more than there are deliveries at a time, and some tens of megabytes. */
const MOST_CONNECTIONS = 2000;

/**
 * The server's routes. While it closes, it answers 503 to what still comes over connections that are open.
 * @param most connections at once; fewer than the server's own number for tests.
 */
export function createHttpServer(
  wiring: Pick<Wiring, 'probot' | 'queue' | 'metrics'>,
  log: Logger,
  most = MOST_CONNECTIONS,
): FastifyInstance {
  const http = fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: REQUEST_TIMEOUT, connectionsCheckingInterval: TIMEOUT_CHECKS },
    return503OnClosing: true,
  });
  // Not that of the second address of `localhost`, which nobody reaches from outside.
  limitConnections(http.server, most);
  const { metrics, queue } = wiring;
  exposeProcess(metrics, queue);

  // Signatures are of the bytes as sent: bodies are left alone, and read by the route that wants one.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', (_request, payload, done) => {
    done(null, payload);
  });
  const webhooks = createWebhookRoute({ wiring, bodies: createBodyReader(), log });
  http.post('/api/github/webhooks', webhooks);
  // What Probot's registration page tells GitHub, unless somebody puts the whole address there.
  http.post('/', webhooks);
  http.get('/healthz', () => ({ status: 'ok' }));
  http.get('/readyz', async (_request, reply) => {
    const reason = await queue.unready();
    if (reason !== null) void reply.code(503);
    return reason === null ? { status: 'ready' } : { status: 'unready', reason };
  });
  http.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  http.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'not found' }));
  http.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error }, 'request failed');
    return reply.code(status).send({ message: status >= 500 ? 'an error of ours' : 'not understood' });
  });
  return http;
}

/**
 * Resolves to the server's address.
 * @throws SettingsError where the port or the host cannot be had.
 */
export async function listen(
  http: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    throw listenError(error, { host, port });
  }
  const [address] = http.addresses();
  const bound = typeof address === 'object' ? address.port : port;
  return `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${bound}`;
}

/** Why a server cannot listen, in words for people. */
export function listenError(error: unknown, { host, port }: { readonly host: string; readonly port: number }): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new SettingsError(`PORT ${port} is in use already`);
  if (code === 'EACCES') return new SettingsError(`PORT ${port} may not be used by this user`);
  if (typeof code === 'string') return new SettingsError(`HOST ${host} cannot be listened on: ${code}`);
  return new SettingsError(`PORT ${port} cannot be listened on`);
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
