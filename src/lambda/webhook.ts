import { createWebhookHandler, start } from '../lambda.ts';
import type { GatewayAnswer, GatewayEvent } from './http-event.ts';

// At the top, where Lambda gives the function all of a processor. What goes wrong is thrown at the first call.
const started = start(process.env).then(createWebhookHandler);
started.catch(() => undefined);

export async function handler(event: GatewayEvent): Promise<GatewayAnswer> {
  const answerDelivery = await started;
  return answerDelivery(event);
}
