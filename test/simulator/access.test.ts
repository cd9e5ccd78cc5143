import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appJwt, clientWith, installationClient } from './client.ts';
import { startSimulator, type InstallationHandle, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let installation: InstallationHandle;

beforeAll(async () => {
  github = await startSimulator();
  shop = github.addRepository({ owner: 'acme', name: 'shop' });
  github.addRepository({ owner: 'acme', name: 'other' });
  github.addRepository({ owner: 'globex', name: 'shop' });
  installation = github.install({ owner: 'acme', repositories: ['shop'] });
});
afterAll(() => github.stop());

describe('the app’s JWT', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const cases = [
    ['has expired', () => ({ exp: now() - 1 })],
    ['lives for longer than ten minutes', () => ({ exp: now() + 700 })],
    ['was issued in the future', () => ({ iat: now() + 60 })],
    ['is another app’s', () => ({ iss: '1' })],
  ] as const;
  test.each(cases)('is refused where it %s', async (_name, spoilt) => {
    const { status } = await clientWith(github, appJwt(github, spoilt())).get('/app');
    expect(status).toBe(401);
  });

  test('is refused where somebody else signed it', async () => {
    const jwt = appJwt(github);
    const { status } = await clientWith(github, `${jwt.slice(0, -8)}AAAAAAAA`).get('/app');
    expect(status).toBe(401);
  });

  test('names the app by its number or its client id, and finds the installation of a repository', async () => {
    const app = clientWith(github, appJwt(github, { iss: github.app.clientId }));
    expect((await app.get('/app')).body['slug']).toBe('lockkeeper');
    expect((await app.get('/repos/acme/shop/installation')).body['id']).toBe(installation.id);
    expect((await app.get('/repos/acme/other/installation')).status).toBe(404);
  });
});

describe('a token of an installation', () => {
  test('reaches the repositories of its installation and no others', async () => {
    const client = await installationClient(github, installation.id);
    const status = async (path: string) => (await client.get(path)).status;
    expect(await Promise.all(['/repos/acme/shop', '/repos/acme/other', '/repos/globex/shop'].map(status))).toEqual([
      200, 404, 404,
    ]);
    installation.add('other');
    expect(await status('/repos/acme/other')).toBe(200);
    const narrowed = await installationClient(github, installation.id, { repositories: ['other'] });
    expect((await narrowed.get('/repos/acme/shop')).status).toBe(404);
    installation.remove('other');
    expect(await status('/repos/acme/other')).toBe(404);
  });

  test('does what its permissions allow', async () => {
    const reader = await installationClient(github, installation.id, { permissions: { deployments: 'read' } });
    expect((await reader.get('/repos/acme/shop/deployments')).status).toBe(200);
    const { status, body } = await reader.send('POST', '/repos/acme/shop/deployments', { ref: 'main' });
    expect([status, body['message']]).toEqual([403, 'Resource not accessible by integration']);
  });

  test('is of no use once it has expired, or the installation is suspended or gone', async () => {
    const passing = github.install({ owner: 'globex' });
    const client = await installationClient(github, passing.id);
    const status = async () => (await client.get('/repos/globex/shop')).status;
    expect(await status()).toBe(200);
    passing.suspend();
    expect(await status()).toBe(403);
    passing.unsuspend();
    expect(await status()).toBe(200);
    passing.expireTokens();
    expect(await status()).toBe(401);
    const second = await installationClient(github, passing.id);
    passing.delete();
    expect((await second.get('/repos/globex/shop')).status).toBe(401);
  });
});

test('a renamed repository is found under its former name, by a redirect', async () => {
  const before = github.addRepository({ owner: 'acme', name: 'before' });
  installation.add('before');
  before.rename('after');
  const client = await installationClient(github, installation.id);
  const answer = await fetch(`${github.url}/repos/acme/before/deployments`, {
    headers: { authorization: `Bearer ${client.token}` },
    redirect: 'manual',
  });
  expect(answer.status).toBe(301);
  expect((await client.get('/repos/acme/before')).body['full_name']).toBe('acme/after');
});

describe('ETags', () => {
  test('make a 304 that costs nothing, for the token that was answered before', async () => {
    const [first, second] = [
      await installationClient(github, installation.id),
      await installationClient(github, installation.id),
    ];
    const path = `/repos/${shop.fullName}/deployments`;
    const answer = await first.get(path);
    const etag = answer.headers.get('etag') ?? '';
    const used = (response: { headers: Headers }) => Number(response.headers.get('x-ratelimit-used'));
    const again = await first.get(path, { 'if-none-match': etag });
    expect([again.status, used(again)]).toEqual([304, used(answer)]);
    const byOther = await second.get(path, { 'if-none-match': etag });
    expect([byOther.status, used(byOther)]).toEqual([200, used(answer) + 1]);
    shop.createDeployment({ ref: 'main', environment: 'qa' });
    expect((await first.get(path, { 'if-none-match': etag })).status).toBe(200);
  });
});
