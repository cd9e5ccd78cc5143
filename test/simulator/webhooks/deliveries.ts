import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { WorldEvent } from '../state/events.ts';
import { includes } from '../state/installations.ts';
import type { Installation } from '../state/model.ts';
import type { World } from '../state/world.ts';
import type { Addresses } from '../rest/route.ts';
import { eventPayload, repositoryOf } from './payloads.ts';

export interface Delivery {
  /** GitHub's GUID, the header X-GitHub-Delivery. */
  readonly id: string;
  readonly event: string;
  readonly action: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The bytes that are signed and sent. */
  readonly body: string;
  /** What the newest sending was answered with; null before, and where there was no answer. */
  status: number | null;
  /** How often it was sent. */
  sent: number;
}

export interface DeliverOptions {
  /** `send` (default): at once. `hold`: collected until `release`. */
  readonly mode?: 'send' | 'hold';
}

export interface Webhooks {
  readonly deliveries: Delivery[];
  /** Collected and not released. */
  readonly held: Delivery[];
  deliverTo(url: string | null, options?: DeliverOptions): void;
  /** Sends these, one after the other; what is sent is no longer held. Default: all that are held. */
  release(list?: readonly Delivery[]): Promise<void>;
  /** Resolves when nothing is on its way. */
  delivered(): Promise<void>;
  close(): void;
}

/** GitHub gives a receiver ten seconds. */
const PATIENCE = 10_000;

/** Tells the app's webhook address of every event that happens where the app is installed. */
export function createWebhooks(options: {
  readonly world: World;
  readonly secret: string;
  readonly addresses: () => Addresses;
}): Webhooks {
  const { world } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const deliveries: Delivery[] = [];
  const held: Delivery[] = [];
  const onTheWay = new Set<Promise<void>>();
  let target: { readonly url: string; readonly mode: 'send' | 'hold' } | null = null;

  const send = async (delivery: Delivery) => {
    if (target === null) return;
    delivery.sent += 1;
    delivery.status = await post(agent, target.url, headersOf(delivery, world, options.secret), delivery.body);
  };
  const start = (delivery: Delivery) => {
    const sending: Promise<void> = send(delivery).finally(() => onTheWay.delete(sending));
    onTheWay.add(sending);
  };
  world.listeners.push((event) => {
    if (target === null) return;
    for (const installation of toldOf(world, event)) {
      const delivery = deliveryOf(event, installation, eventPayload(world, event, options.addresses()));
      deliveries.push(delivery);
      if (target.mode === 'hold') held.push(delivery);
      else start(delivery);
    }
  });
  return {
    deliveries,
    held,
    deliverTo(url, { mode = 'send' } = {}) {
      target = url === null ? null : { url, mode };
    },
    async release(list = [...held]) {
      for (const delivery of list) {
        const index = held.indexOf(delivery);
        if (index >= 0) held.splice(index, 1);
        await send(delivery);
      }
    },
    async delivered() {
      while (onTheWay.size > 0) await Promise.all(onTheWay);
    },
    close: () => {
      target = null;
      agent.destroy();
    },
  };
}

/** The installations that hear of an event: those that include its repository, or the one that it is about. */
function toldOf(world: World, event: WorldEvent): Installation[] {
  if (event.name === 'installation' || event.name === 'installation_repositories') return [event.installation];
  const repository = repositoryOf(event);
  if (repository === null) return [];
  return [...world.installations.values()].filter(
    (installation) => installation.suspendedAt === null && includes(installation, repository),
  );
}

function deliveryOf(
  event: WorldEvent,
  installation: Installation,
  payload: Readonly<Record<string, unknown>>,
): Delivery {
  const told = 'installation' in payload ? payload : { ...payload, installation: shortInstallation(installation) };
  return {
    id: randomUUID(),
    event: event.name,
    action: typeof payload['action'] === 'string' ? payload['action'] : null,
    payload: told,
    body: JSON.stringify(told),
    status: null,
    sent: 0,
  };
}

function shortInstallation(installation: Installation) {
  const encoded = Buffer.from(`023:IntegrationInstallation${installation.id}`).toString('base64');
  return { id: installation.id, node_id: encoded };
}

function headersOf(delivery: Delivery, world: World, secret: string): Record<string, string> {
  const sign = (algorithm: string) => createHmac(algorithm, secret).update(delivery.body).digest('hex');
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(delivery.body)),
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-delivery': delivery.id,
    'x-github-event': delivery.event,
    'x-github-hook-id': '1',
    'x-github-hook-installation-target-id': String(world.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${sign('sha1')}`,
    'x-hub-signature-256': `sha256=${sign('sha256')}`,
  };
}

/** The status of the answer, or null where there was none in time. A failed delivery is not sent again. */
function post(
  agent: Agent | false,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<number | null> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', headers, agent, timeout: PATIENCE }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => {
        resolve(incoming.statusCode ?? null);
      });
      incoming.on('error', () => {
        resolve(null);
      });
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => {
      // A kept connection that the receiver had just closed is no failed delivery.
      if (outgoing.reusedSocket) resolve(post(false, url, headers, body));
      else resolve(null);
    });
    outgoing.end(body);
  });
}
