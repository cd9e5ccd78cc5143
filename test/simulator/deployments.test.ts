import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { installationClient, type Client } from './client.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let client: Client;
let count = 0;

beforeAll(async () => {
  github = await startSimulator();
  const { id } = github.install({ owner: 'acme' });
  github.addRepository({ owner: 'acme', name: 'unused' });
  client = await installationClient(github, id);
});
afterAll(() => github.stop());

function freshRepository(): RepositoryHandle {
  count += 1;
  shop = github.addRepository({ owner: 'acme', name: `shop-${count}` });
  return shop;
}

const path = (rest: string) => `/repos/${shop.fullName}${rest}`;

describe('auto_inactive', () => {
  const cases = [
    { name: 'plain ones become inactive', other: {}, becomes: 'inactive' },
    { name: 'transient ones stay', other: { transient: true }, becomes: 'success' },
    { name: 'production ones stay', other: { production: true }, becomes: 'success' },
  ] as const;
  test.each(cases)('$name when a later deployment of the environment succeeds', async ({ other, becomes }) => {
    freshRepository();
    const older = shop.createDeployment({ ref: 'main', environment: 'qa', ...other });
    const elsewhere = shop.createDeployment({ ref: 'main', environment: 'lab' });
    older.setStatus('success');
    elsewhere.setStatus('success');
    const newer = shop.createDeployment({ ref: 'main', environment: 'qa' });
    const answer = await client.send('POST', path(`/deployments/${newer.id}/statuses`), { state: 'success' });
    expect(answer.status).toBe(201);
    expect([older.state, elsewhere.state, newer.state]).toEqual([becomes, 'success', 'success']);
  });

  test('is switched off by auto_inactive: false', async () => {
    freshRepository();
    const older = shop.createDeployment({ ref: 'main', environment: 'qa' });
    older.setStatus('success');
    const newer = shop.createDeployment({ ref: 'main', environment: 'qa' });
    await client.send('POST', path(`/deployments/${newer.id}/statuses`), { state: 'success', auto_inactive: false });
    expect(older.state).toBe('success');
  });
});

describe('a deployment status', () => {
  test('with an environment moves the deployment, which keeps its original environment', async () => {
    freshRepository();
    const deployment = shop.createDeployment({ ref: 'main', environment: 'qa' });
    await client.send('POST', path(`/deployments/${deployment.id}/statuses`), { state: 'success', environment: 'lab' });
    const { body } = await client.get(path(`/deployments/${deployment.id}`));
    expect(body).toMatchObject({ environment: 'lab', original_environment: 'qa' });
    expect((await client.get(path('/deployments?environment=qa'))).body).toEqual([]);
    expect((await client.get(path('/deployments?environment=lab'))).body).toHaveLength(1);
  });

  test('without an environment URL loses the one that there was', async () => {
    freshRepository();
    const deployment = shop.createDeployment({ ref: 'main', environment: 'qa' });
    deployment.setStatus('success', { environmentUrl: 'https://qa.example' });
    const { body } = await client.send('POST', path(`/deployments/${deployment.id}/statuses`), { state: 'success' });
    expect(body['environment_url']).toBe('');
  });

  test('has a description of 140 characters at most', async () => {
    freshRepository();
    const deployment = shop.createDeployment({ ref: 'main', environment: 'qa' });
    const send = (description: string) =>
      client.send('POST', path(`/deployments/${deployment.id}/statuses`), { state: 'success', description });
    expect((await send('x'.repeat(141))).status).toBe(422);
    expect((await send('x'.repeat(140))).status).toBe(201);
  });
});

describe('deleting a deployment', () => {
  test('is refused while it is active and not the only one', async () => {
    freshRepository();
    const first = shop.createDeployment({ ref: 'main', environment: 'qa' });
    const second = shop.createDeployment({ ref: 'main', environment: 'lab' });
    first.setStatus('success');
    expect((await client.send('DELETE', path(`/deployments/${first.id}`))).status).toBe(422);
    expect((await client.send('DELETE', path(`/deployments/${second.id}`))).status).toBe(204);
    expect((await client.send('DELETE', path(`/deployments/${first.id}`))).status).toBe(204);
    expect((await client.send('DELETE', path(`/deployments/${first.id}`))).status).toBe(404);
    expect(shop.deployments()).toEqual([]);
  });

  test('keeps the environment', async () => {
    freshRepository();
    const deployment = shop.createDeployment({ ref: 'main', environment: 'QA' });
    await client.send('DELETE', path(`/deployments/${deployment.id}`));
    expect(shop.environments()).toEqual(['QA']);
  });
});

describe('creating a deployment', () => {
  test('of a ref that does not exist is refused', async () => {
    freshRepository();
    const { status, body } = await client.send('POST', path('/deployments'), { ref: 'gone' });
    expect([status, body['message']]).toEqual([422, 'No ref found for: gone']);
  });

  test('defaults to the production environment', async () => {
    freshRepository();
    const { body } = await client.send('POST', path('/deployments'), { ref: 'main' });
    expect(body).toMatchObject({
      environment: 'production',
      production_environment: true,
      transient_environment: false,
    });
    expect(body['performed_via_github_app']).toMatchObject({ slug: 'lockkeeper' });
  });

  test('merges the default branch into a branch that is behind, and makes none', async () => {
    freshRepository();
    shop.push({ branch: 'feature' });
    shop.push();
    const { status } = await client.send('POST', path('/deployments'), { ref: 'feature', environment: 'qa' });
    expect(status).toBe(202);
    expect(shop.deployments()).toEqual([]);
    expect(shop.head('feature').parents).toContain(shop.head());
  });
});

describe('lists of deployments', () => {
  test('are newest first in REST, pages of 30, with links that keep the shape of the address', async () => {
    freshRepository();
    const ids = Array.from({ length: 35 }, () => shop.createDeployment({ ref: 'main', environment: 'qa' }).id);
    const first = await client.get(`/api/v3${path('/deployments?environment=qa')}`);
    expect((first.body as unknown as { id: number }[]).map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 30));
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    expect(next).toBe(`${github.enterpriseUrl}${path('/deployments?environment=qa&page=2')}`);
    const second = await client.get(next);
    expect(second.body).toHaveLength(5);
    expect(second.headers.get('link')).not.toContain('rel="next"');
  });

  test('match environments as they are spelled', async () => {
    freshRepository();
    shop.createDeployment({ ref: 'main', environment: 'QA' });
    expect((await client.get(path('/deployments?environment=qa'))).body).toEqual([]);
    expect((await client.get(path('/deployments?environment=QA'))).body).toHaveLength(1);
  });
});
