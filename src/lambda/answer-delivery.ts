import type { createLambdaFunction } from '@probot/adapter-aws-lambda-serverless';
import type { Probot } from 'probot';
import { callAdapter } from '../github/trusted.ts';
import { isQueueFull } from '../jobs/queue.ts';
import type { Logger } from '../logging.ts';
import { parseObject } from '../webhooks/json.ts';
import { answer, readDelivery, type GatewayAnswer, type GatewayEvent, type PlainDelivery } from './http-event.ts';

/** What a delivery is handed to. */
export interface DeliveryOptions {
  /** With its application loaded. */
  readonly probot: Probot;
  /** Probot's adapter. */
  readonly receive: ReturnType<typeof createLambdaFunction>;
  readonly log: Logger;
}

/**
 * Answers deliveries as the server does. Probot's adapter is called with what it can take: it knows no base64 and no
 * missing headers, and throws on a bad signature, which a gateway makes a 5xx of.
 */
export function createDeliveryHandler(options: DeliveryOptions): (event: GatewayEvent) => Promise<GatewayAnswer> {
  const { receive, log } = options;
  return async function answerDelivery(event) {
    const delivery = readDelivery(event);
    const refusal = await refuse(delivery, options.probot);
    if (refusal !== null) return refusal;
    try {
      await callAdapter(receive, delivery);
    } catch (error) {
      if (isQueueFull(error)) return answer(503, 'the queue takes no jobs now');
      log.error({ delivery: delivery.headers['x-github-delivery'], err: error }, 'delivery failed');
      return answer(500, 'an error of ours');
    }
    return answer(200, 'ok');
  };
}

/** What the adapter would throw at, or take for something else. */
async function refuse({ method, headers, body }: PlainDelivery, probot: Probot): Promise<GatewayAnswer | null> {
  if (method !== 'POST') return answer(404, 'not found');
  const signature = headers['x-hub-signature-256'];
  if (signature === undefined) return answer(401, 'the signature is missing');
  if (!headers['x-github-event'] || !headers['x-github-delivery']) {
    return answer(400, 'the headers of a delivery are missing');
  }
  if (!(await isSigned(probot, body, signature))) return answer(401, 'the signature does not fit');
  return parseObject(body) === null ? answer(400, 'the body is not a JSON object') : null;
}

async function isSigned(probot: Probot, body: string, signature: string): Promise<boolean> {
  try {
    return await probot.webhooks.verify(body, signature);
  } catch {
    return false;
  }
}
