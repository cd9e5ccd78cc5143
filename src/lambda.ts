import { createLambdaFunction } from '@probot/adapter-aws-lambda-serverless';
import { callAdapter } from './github/trusted.ts';
import { isQueueFull } from './jobs/queue.ts';
import {
  answer,
  readDelivery,
  type GatewayAnswer,
  type GatewayEvent,
  type PlainDelivery,
} from './lambda/http-event.ts';
import { createLogger, type Logger } from './logging.ts';
import { readSettings, type Environment } from './settings.ts';
import { parseObject } from './webhooks/json.ts';
import { wire, type Wiring } from './wiring.ts';

/** What a function keeps between two calls. */
export interface Running {
  readonly wiring: Wiring;
  readonly log: Logger;
}

/**
 * Door 2: functions that are called. Done once, while the function starts.
 * @throws SettingsError
 */
export async function start(environment: Environment): Promise<Running> {
  const settings = readSettings(environment, process.cwd());
  const log = await createLogger(settings);
  return { wiring: wire({ settings, log }), log };
}

/**
 * Deliveries through an API gateway. Probot's adapter, with what it leaves open: it does not wait for the application
 * to be loaded, takes no base64 and no missing headers, and throws on a bad signature, which a gateway makes a 5xx of.
 *
 * The queue is in memory, and the function may be frozen once it has answered: so the jobs are run first.
 */
export async function createWebhookHandler({
  wiring,
  log,
}: Running): Promise<(event: GatewayEvent) => Promise<GatewayAnswer>> {
  const { probot, ready } = wiring;
  await ready;
  const receive = createLambdaFunction(wiring.app, { probot });
  // The adapter loads the application without waiting for it; this comes after.
  await probot.ready();

  return async function answerDelivery(event) {
    const delivery = readDelivery(event);
    const refusal = refuse(delivery);
    if (refusal !== null) return refusal;
    try {
      await callAdapter(receive, delivery);
    } catch (error) {
      if (isBadSignature(error)) return answer(401, 'the signature does not fit');
      if (isQueueFull(error)) return answer(503, 'the queue is full');
      log.error({ delivery: delivery.headers['x-github-delivery'], err: error }, 'delivery failed');
      return answer(500, 'an error of ours');
    }
    await runOut(wiring);
    return answer(200, 'ok');
  };
}

/** The scheduled sweep: has every repository looked at, and resolves when all of them have been. */
export function createSweepHandler({ wiring }: Running): () => Promise<void> {
  return async function sweepAll() {
    await wiring.sweeper.sweep();
    await runOut(wiring);
  };
}

async function runOut({ sweeper, queue }: Wiring): Promise<void> {
  await sweeper.settled();
  await queue.idle();
}

/** What the adapter would throw at, or take for something else. */
function refuse({ method, headers, body }: PlainDelivery): GatewayAnswer | null {
  if (method !== 'POST') return answer(404, 'not found');
  if (headers['x-hub-signature-256'] === undefined) return answer(401, 'the signature is missing');
  if (headers['x-github-event'] === undefined || headers['x-github-delivery'] === undefined) {
    return answer(400, 'the headers of a delivery are missing');
  }
  return parseObject(body) === null ? answer(400, 'the body is not a JSON object') : null;
}

/** Octokit's webhooks give such a delivery the status 400, and wrap it. */
function isBadSignature(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('status' in error && error.status === 400) return true;
  return 'errors' in error && Array.isArray(error.errors) && error.errors.some(isBadSignature);
}
