import { expect, jest, test } from '@jest/globals';
import { joinFleet } from '../../src/fleet.ts';
import { createConditionalCache } from '../../src/github/conditional.ts';
import { createPace } from '../../src/github/pace.ts';
import { createTokenCache } from '../../src/github/token-cache.ts';
import { installationId } from '../../src/github/trusted.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { SettingsError } from '../../src/settings.ts';
import { landPolicy } from '../scenarios/harness.ts';
import { startApp, type AppUnderTest } from '../scenarios/app-under-test.ts';
import { environment } from '../server/served.ts';
import { startSimulator } from '../simulator/index.ts';
import { useFleet } from './fleet-under-test.ts';
import { describeWithRedis } from './server.ts';

jest.setTimeout(60_000);

describeWithRedis('processes that share a Redis', () => {
  const fleet = useFleet();
  const acme = installationId(7);

  async function everythingInRedis(): Promise<string> {
    const { prompt, close } = await connectRedis(fleet.redis.url);
    const values: string[] = [];
    for (const name of await prompt.keys('*')) {
      const read = (await prompt.type(name)) === 'string' ? await prompt.getBuffer(name) : null;
      values.push(`${name} ${read?.toString('latin1') ?? ''}`);
    }
    close();
    return values.join('\n');
  }

  test('have one token for an installation, which nobody reads who has not the key of the app', async () => {
    const [a, b] = [
      (await fleet.join(1)).github.tokens(createTokenCache()),
      (await fleet.join(1)).github.tokens(createTokenCache()),
    ];
    expect(await a.get('7')).toBeUndefined();
    // While one makes it, the other waits for it.
    const waiting = b.get('7');
    await a.set('7', 'ghs_secret|then|later|all|{"deployments":"write"}');
    expect(await waiting).toBe(await a.get('7'));
    expect(b.permissions(acme)).toBe('{"deployments":"write"}');
    expect(await everythingInRedis()).not.toContain('ghs_');
    const stranger = (await fleet.join(1, 'another key')).github.tokens(createTokenCache());
    expect(await stranger.get('7')).toBeUndefined();
  });

  test('forget a token together', async () => {
    const [a, b] = [
      (await fleet.join(2)).github.tokens(createTokenCache()),
      (await fleet.join(2)).github.tokens(createTokenCache()),
    ];
    await a.set('7', 'ghs_1');
    expect(await b.get('7')).toBe('ghs_1');
    a.forget(acme);
    while ((await everythingInRedis()).includes('ghs_1')) await Promise.resolve();
    expect(await b.get('7')).toBeUndefined();
  });

  test('are told by the ETag of any of them that nothing has changed', async () => {
    const [a, b] = [
      (await fleet.join(3)).github.answers(createConditionalCache()),
      (await fleet.join(3)).github.answers(createConditionalCache()),
    ];
    const body = new TextEncoder().encode('{"secret":"plans"}\n2').buffer;
    await a.keep('token GET /x', new Response(body, { headers: { etag: '"1"', 'x-y': 'z' } }), body);
    let etag: string | undefined;
    while (etag === undefined) etag = await b.etag('token GET /x');
    expect(etag).toBe('"1"');
    const answer = b.restore('token GET /x');
    expect(await answer?.text()).toBe('{"secret":"plans"}\n2');
    expect(answer?.headers.get('x-y')).toBe('z');
    expect(await b.etag('other GET /x')).toBeUndefined();
    expect(await everythingInRedis()).not.toContain('plans');
  });

  test('keep GitHub’s pace together', async () => {
    const own = (): ReturnType<typeof createPace> => createPace(() => 0);
    const [a, b] = [(await fleet.join(4)).github.pace(acme, own()), (await fleet.join(4)).github.pace(acme, own())];
    const write = { resource: 'rest', writes: true } as const;
    expect(await a.take(write, 60_000)).toBe(0);
    expect(await b.take(write, 60_000)).toBeGreaterThan(0);
    const other = (await fleet.join(4)).github.pace(installationId(8), own());
    expect(await other.take(write, 60_000)).toBe(0);
    // A turn that is too far away is not taken.
    const wait = await b.take(write, 0);
    expect(wait).toBeGreaterThan(0);
    expect(await b.take(write, 0)).toBeLessThanOrEqual(wait);
  });

  test('leave room together for those who wait more for a write', async () => {
    const own = (): ReturnType<typeof createPace> => createPace(() => 0);
    const [a, b] = [(await fleet.join(6)).github.pace(acme, own()), (await fleet.join(6)).github.pace(acme, own())];
    const write = { resource: 'rest', writes: true } as const;
    for (let i = 0; i < 80; i += 1) await a.take(write, Infinity);
    // All that a sweep may make at once are made; what is left is for gates.
    expect(await b.take({ ...write, purpose: 'sweep' }, 0)).toBeGreaterThan(200_000);
    expect(await b.take({ ...write, purpose: 'gate' }, 0)).toBeLessThanOrEqual(80_000);
  });

  test('sweep one at a time, and not sooner than they would alone', async () => {
    const [a, b] = [(await fleet.join(5)).sweepTurns, (await fleet.join(5)).sweepTurns];
    const swept: string[] = [];
    const sweep = (name: string) => async () => {
      swept.push(name);
    };
    await a.inTurn(60_000, async () => {
      await b.inTurn(1, sweep('b, beside'));
      swept.push('a');
    });
    await b.inTurn(60_000, sweep('b, too soon'));
    await b.inTurn(60_000, sweep('b'));
    expect(swept).toEqual(['a']);
  });

  test('do what each delivery asks for, whichever of them it comes to', async () => {
    const github = await startSimulator();
    github.addOwner('acme');
    const shops = Array.from({ length: 6 }, (_, i) => github.addRepository({ owner: 'acme', name: `shop-${i}` }));
    for (const shop of shops) landPolicy(shop, POLICY);
    github.install({ owner: 'acme', repositories: 'all' });
    const apps: AppUnderTest[] = [];
    try {
      for (let i = 0; i < 2; i += 1) {
        apps.push(await startApp(github, { environment: { REDIS_URL: fleet.redis.url }, write: () => undefined }));
      }
      const made = shops.map((shop, i) => {
        github.deliverTo(apps[i % 2]?.webhooks ?? null);
        const old = shop.createDeployment({ ref: 'main', environment: 'review/a', transient: true });
        old.setStatus('success');
        const newer = shop.createDeployment({ ref: 'main', environment: 'review/a', transient: true });
        newer.setStatus('success');
        return old;
      });
      for (let seen = -1; seen < github.deliveries.length;) {
        seen = github.deliveries.length;
        await github.delivered();
        for (const app of apps) await app.idle();
      }
      expect(made.map(({ state }) => state)).toEqual(shops.map(() => 'inactive'));
      const reading = github.requests
        .tokens()
        .filter(
          ({ route, body }) => route?.endsWith('/access_tokens') === true && !JSON.stringify(body).includes('repo'),
        );
      expect(reading).toHaveLength(1);
    } finally {
      for (const app of apps) await app.stop();
      await github.stop();
    }
  });

  test('do not start with a database that Redis does not have, and say which', async () => {
    const settings = { appId: 1, privateKey: environment.PRIVATE_KEY, pacing: 'github', sweepInterval: 0 } as const;
    await expect(joinFleet(settings, `${fleet.redis.url}/77`)).rejects.toEqual(
      new SettingsError('REDIS_URL cannot be reached: database 77 cannot be selected'),
    );
    fleet.joined.push(await joinFleet(settings, `${fleet.redis.url}/3`));
  });

  test('say that they are not ready while Redis is away, turn deliveries away, and recover by themselves', async () => {
    const github = await startSimulator();
    const app = await startApp(github, { environment: { REDIS_URL: fleet.redis.url }, write: () => undefined });
    const ready = (): Promise<Response> => fetch(app.webhooks.replace('/api/github/webhooks', '/readyz'));
    try {
      expect((await ready()).status).toBe(200);
      await fleet.redis.kill();
      const away = await ready();
      expect(away.status).toBe(503);
      expect(await away.json()).toMatchObject({ status: 'unready', reason: expect.stringMatching(/Redis/) });
      const shown = await fetch(app.webhooks.replace('/api/github/webhooks', '/metrics'));
      expect(shown.status).toBe(200);
      expect(await shown.text()).not.toMatch(/^lockkeeper_queue_/m);
      github.addOwner('acme');
      const shop = github.addRepository({ owner: 'acme', name: 'shop' });
      github.install({ owner: 'acme', repositories: 'all' });
      github.deliverTo(app.webhooks);
      shop.rename('store');
      await github.delivered();
      expect(github.deliveries.at(-1)?.status).toBe(503);
      await fleet.redis.start();
      while ((await ready()).status !== 200) await Promise.resolve();
      shop.rename('shop');
      await github.delivered();
      expect(github.deliveries.at(-1)?.status).toBe(200);
    } finally {
      await app.stop();
      await github.stop();
    }
  });
});

const POLICY =
  'version: 1\nenvironments:\n  - name: review/*\n    lifecycle: { transient: true, one_active_per: environment }\n';
