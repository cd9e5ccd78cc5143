import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface Delivery {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** Where something happened. */
export interface Place {
  readonly installation: number;
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string };
}

/** How long the text is that nobody reads: GitHub's deliveries about deployments are about 10 KB. */
const LENGTH = 8000;

/** A signed delivery that has a whole repository looked at: its policy was pushed to. */
export function pushDelivery({ installation, repository }: Place, secret: string): Delivery {
  const { id, owner, name } = repository;
  const payload = {
    ref: 'refs/heads/main',
    before: '0'.repeat(40),
    after: '1'.repeat(40),
    created: false,
    deleted: false,
    forced: false,
    commits: [
      {
        id: '1'.repeat(40),
        added: ['.github/deployments.yml'],
        modified: [],
        removed: [],
        message: 'x'.repeat(LENGTH),
      },
    ],
    repository: { id, name, full_name: `${owner}/${name}`, default_branch: 'main', owner: { login: owner } },
    installation: { id: installation },
    sender: { login: 'octocat', type: 'User' },
  };
  return signedDelivery({ id: randomUUID(), event: 'push', body: Buffer.from(JSON.stringify(payload)) }, secret);
}

export function signedDelivery(
  { id, event, body }: { readonly id: string; readonly event: string; readonly body: Buffer },
  secret: string,
): Delivery {
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': body.byteLength,
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}

/**
 * Sends deliveries, so many at once over connections that stay open, and resolves to the milliseconds that each took.
 * @throws Error where one is not answered 2xx.
 */
export async function send(url: string, deliveries: Iterable<Delivery>, atOnce: number): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const rest = oneByOne(deliveries);
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const delivery of rest) times.push(await sendOne(`${url}/api/github/webhooks`, delivery, agent));
    }),
  );
  agent.destroy();
  return times;
}

/** What several take from: nobody gets what another one has. */
function* oneByOne(deliveries: Iterable<Delivery>): Generator<Delivery> {
  yield* deliveries;
}

function sendOne(url: string, { headers, body }: Delivery, agent: Agent): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode !== undefined && response.statusCode < 300) resolve(performance.now() - start);
        else reject(new Error(`A delivery was answered ${response.statusCode ?? 'nothing'}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
