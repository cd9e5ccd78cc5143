import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Probot } from 'probot';
import { startSimulator, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let installation: number;

beforeAll(async () => {
  github = await startSimulator();
  github.addOwner('acme');
  shop = github.addRepository({ owner: 'acme', name: 'shop' });
  installation = github.install({ owner: 'acme', repositories: ['shop'] }).id;
});
afterAll(() => github.stop());

test('Probot authenticates, reads, writes and takes the webhooks as it does with GitHub', async () => {
  const probot = new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    secret: github.app.webhookSecret,
    baseUrl: github.enterpriseUrl,
    logLevel: 'fatal',
  });
  const heard: string[] = [];
  await probot.load((app) => {
    app.onAny(({ name, payload }) => {
      heard.push('action' in payload && payload.action ? `${name}.${payload.action}` : name);
    });
  });
  const receiver = await receive(async ({ id, name, signature, body }) => {
    await probot.webhooks.verifyAndReceive({ id, name, signature, payload: body });
  });
  github.deliverTo(receiver.url);

  const octokit = await probot.auth(installation);
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
    owner: 'acme',
    repo: 'shop',
    ref: 'main',
    environment: 'qa',
    required_contexts: [],
    auto_merge: false,
  });
  const listed = await octokit.paginate('GET /installation/repositories');
  expect(listed.map(({ full_name }) => full_name)).toEqual(['acme/shop']);
  const answer = await octokit.graphql('query($id: ID!) { node(id: $id) { ... on Deployment { environment } } }', {
    id: 'node_id' in data ? data.node_id : '',
  });
  expect(answer).toEqual({ node: { environment: 'qa' } });
  shop.openPullRequest({ head: 'feature' }).close();
  shop.deleteBranch('feature');

  await github.delivered();
  await receiver.close();
  expect(github.deliveries.map(({ status }) => status)).toEqual(github.deliveries.map(() => 200));
  // They are sent at once and side by side: the order in which they arrive is nobody's promise.
  expect(heard.sort()).toEqual(
    ['create', 'delete', 'deployment.created', 'pull_request.closed', 'pull_request.opened', 'push', 'push'].sort(),
  );
  // Octokit spaces writes and GraphQL a second apart.
}, 30_000);

interface Received {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly body: string;
}

async function receive(take: (received: Received) => Promise<void>) {
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const header = (name: string) => String(incoming.headers[name]);
      take({
        id: header('x-github-delivery'),
        name: header('x-github-event'),
        signature: header('x-hub-signature-256'),
        body: Buffer.concat(chunks).toString(),
      }).then(
        () => outgoing.end('ok'),
        () => outgoing.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
