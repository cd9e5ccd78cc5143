import { createLambdaFunction } from '@probot/adapter-aws-lambda-serverless';
import { createApp } from '../app.ts';
import { connectProbot } from '../github/connect.ts';
import { createEnvironmentSpellings } from '../github/environment-spellings.ts';
import { silentMeter } from '../github/meter.ts';
import { carryingSpellings } from '../jobs/carry-spellings.ts';
import { connectSqs } from '../jobs/sqs-client.ts';
import { createSqsQueue } from '../jobs/sqs-queue.ts';
import { createDeliveryHandler } from './answer-delivery.ts';
import type { GatewayAnswer, GatewayEvent } from './http-event.ts';
import { readFunctionSettings } from './settings.ts';

/*
 * Deliveries through an API gateway: their jobs are in SQS when they are answered. Nothing that runs jobs is imported
 * here, since GitHub waits while this starts.
 */

// At the top, where Lambda gives the function all of a processor. What goes wrong is thrown at the first call.
const started = start();
started.catch(() => undefined);

export async function handler(event: GatewayEvent): Promise<GatewayAnswer> {
  const answerDelivery = await started;
  return answerDelivery(event);
}

async function start(): Promise<(event: GatewayEvent) => Promise<GatewayAnswer>> {
  const { settings, log, queueUrl } = await readFunctionSettings(process.env);
  const spellings = createEnvironmentSpellings();
  const queue = carryingSpellings(createSqsQueue({ sqs: connectSqs(queueUrl), log }), spellings);
  const { probot, ready } = connectProbot({ settings, log, meter: silentMeter });
  const app = createApp({
    appId: settings.appId,
    apiUrl: settings.baseUrl,
    queue,
    spellings,
    // Tokens are with those who run jobs.
    forgetToken: () => undefined,
    sweepInstallation: (installation) => queue.addInstallation(installation),
    metrics: { webhooks: { inc: () => undefined } },
    log,
  });
  await ready;
  const receive = createLambdaFunction(app, { probot });
  // The adapter loads the application without waiting for it; this comes after.
  await probot.ready();
  return createDeliveryHandler({ probot, receive, log });
}
