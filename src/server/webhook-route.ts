import type { FastifyReply, FastifyRequest } from 'fastify';
import { webhookEvent } from '../github/trusted.ts';
import { isQueueFull } from '../jobs/queue.ts';
import type { Logger } from '../logging.ts';
import type { WebhookResult } from '../metrics.ts';
import { parseObject } from '../webhooks/json.ts';
import { eventLabel, isReadEvent } from '../webhooks/readers.ts';
import type { Wiring } from '../wiring.ts';
import { drain, type BodyReader } from './body.ts';

/** Seconds after which a sender that was turned away may try again. */
const RETRY_AFTER = 30;

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
/** GitHub sends a GUID. It ends up in every line of the log that is about the delivery, and no signature covers it. */
const DELIVERY = /^[\w-]{1,64}$/;

interface RouteOptions {
  readonly wiring: Pick<Wiring, 'probot' | 'metrics'>;
  readonly bodies: BodyReader;
  readonly log: Logger;
}

/** What a delivery is answered with. */
interface Answer {
  readonly status: number;
  readonly message: string;
  /** Where it is counted here: what reaches the app is counted there. */
  readonly result?: WebhookResult;
}

/** Takes deliveries: checks the signature, and answers once the jobs are queued. */
export function createWebhookRoute({ wiring, bodies, log }: RouteOptions) {
  const { probot, metrics } = wiring;

  async function receive(request: FastifyRequest): Promise<Answer> {
    const event = header(request, 'x-github-event');
    const delivery = header(request, 'x-github-delivery');
    const signature = header(request, 'x-hub-signature-256');
    if (signature === '') return rejected(401, 'the signature is missing');
    // Nobody's body is read for a signature that cannot fit.
    if (!SIGNATURE.test(signature)) return rejected(401, 'the signature does not fit');
    if (event === '' || !DELIVERY.test(delivery)) return rejected(400, 'the headers of a delivery are missing');
    const body = await bodies.read(request.raw);
    if (body.kind === 'too_large') return rejected(413, 'deliveries are at most 25 MB');
    if (body.kind === 'busy') return { status: 503, message: 'too much is being received', result: 'full' };
    if (body.kind === 'stalled') return rejected(408, 'the body took too long');
    if (body.kind === 'cut') return rejected(400, 'the body is not whole');
    if (!(await isSigned(body.text, signature))) return rejected(401, 'the signature does not fit');
    const payload = parseObject(body.text);
    if (payload === null) return rejected(400, 'the body is not a JSON object');
    if (!isReadEvent(event)) return { status: 200, message: 'ok', result: 'ignored' };
    return hand({ id: delivery, name: event, payload });
  }

  async function isSigned(text: string, signature: string): Promise<boolean> {
    try {
      return await probot.webhooks.verify(text, signature);
    } catch {
      return false;
    }
  }

  async function hand(delivery: { id: string; name: string; payload: object }): Promise<Answer> {
    try {
      await probot.receive(webhookEvent(delivery));
      return { status: 200, message: 'ok' };
    } catch (error) {
      if (isQueueFull(error)) return { status: 503, message: 'the queue takes nothing now' };
      log.error({ delivery: delivery.id, event: delivery.name, err: error }, 'delivery failed');
      return { status: 500, message: 'an error of ours' };
    }
  }

  return async function answerWebhook(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { status, message, result } = await receive(request);
    const event = eventLabel(header(request, 'x-github-event'));
    if (result !== undefined) metrics.webhooks.inc({ event, result });
    drain(request.raw);
    if (status === 503) void reply.header('retry-after', RETRY_AFTER);
    return reply.code(status).send({ message });
  };
}

function rejected(status: number, message: string): Answer {
  return { status, message, result: 'rejected' };
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
