import { expect, jest, test } from '@jest/globals';
import { takeUpVersion, type Brakes } from '../../src/jobs/brakes.ts';
import { lookAt } from '../jobs/work-bench.ts';
import { deployed, policyFor } from '../scenarios/deployed.ts';
import { landPolicy, MINUTE } from '../scenarios/harness.ts';
import { startApp, type AppUnderTest } from '../scenarios/app-under-test.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from '../simulator/index.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { useFleet } from './fleet-under-test.ts';
import { describeWithRedis } from './server.ts';

jest.setTimeout(120_000);

const job = lookAt('review/a');
const amounts = (inactivate: number, deletions = 0, keys = 0) => ({ inactivate, delete: deletions, keys });
const limits = amounts(500, 100, 5);

describeWithRedis('brakes of processes that share a Redis', () => {
  const fleet = useFleet();

  /** As two processes of one app know them. */
  async function twoOf(appId: number): Promise<readonly [Brakes, Brakes]> {
    return [(await fleet.join(appId)).brakes, (await fleet.join(appId)).brakes];
  }

  test('give out the limits once, however many ask at once', async () => {
    const [a, b] = await twoOf(1);
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? a : b).take(job, { wanted: amounts(20, 9, 1), limits })),
    );
    const sum = (kind: keyof typeof limits) => taken.reduce((all, one) => all + one[kind], 0);
    expect([sum('inactivate'), sum('delete'), sum('keys')]).toEqual([500, 100, 5]);
    await a.giveBack(job, amounts(7, 0, 1));
    expect(await b.take(job, { wanted: amounts(20, 20, 20), limits })).toEqual(amounts(7, 0, 1));
    expect(await b.take(lookAt('review/a', 2), { wanted: amounts(20), limits })).toEqual(amounts(20));
    await b.renew(job);
    expect(await a.take(job, { wanted: limits, limits })).toEqual(limits);
    // What comes back after a sweep was of the limits before it.
    await b.renew(job);
    await a.giveBack(job, amounts(3));
    expect(await a.take(job, { wanted: amounts(501), limits })).toEqual(amounts(500));
  });

  test('know one version that is acted on, whoever judges it first', async () => {
    const [a, b] = await twoOf(2);
    expect(await takeUpVersion(a, job, 'v1')).toBe('accepted');
    expect(await takeUpVersion(b, job, 'v2')).toBe('changed');
    await b.judge(job, () => ({ accepted: 'v1', held: 'v2' }));
    expect(await takeUpVersion(a, job, 'v2')).toBe('held');
    await a.judge(job, () => ({ accepted: 'v2', held: null }));
    expect(await takeUpVersion(b, job, 'v2')).toBe('accepted');
  });

  test('judge by what is known at the moment, and again where another was quicker', async () => {
    const [a, b] = await twoOf(3);
    const seen: (string | undefined)[] = [];
    const { before, after } = await Promise.all(
      [a, b, a, b].map((brakes) =>
        brakes.judge(job, (known) => {
          seen.push(known?.accepted);
          return { accepted: `${known?.accepted ?? ''}x`, held: null };
        }),
      ),
    ).then(
      (all) => all.toSorted((one, other) => one.after.accepted.length - other.after.accepted.length)[3] ?? raise(),
    );
    expect([before?.accepted, after.accepted]).toEqual(['xxx', 'xxxx']);
    expect(await a.judged(job)).toEqual({ accepted: 'xxxx', held: null });
    expect(new Set(seen)).toEqual(new Set([undefined, 'x', 'xx', 'xxx']));
  });

  test('are forgotten in time, and not before a sweep has surely come', async () => {
    const [a] = await twoOf(4);
    await takeUpVersion(a, job, 'v1');
    await a.take(job, { wanted: amounts(1), limits });
    const { prompt, close } = await connectRedis(fleet.redis.url);
    const names = await prompt.keys('{lockkeeper:4}:brakes:*');
    const lifetimes = await Promise.all(names.map(async (name) => [name.split(':')[3], await prompt.pttl(name)]));
    close();
    expect(Object.fromEntries(lifetimes)).toEqual({ judged: expect.any(Number), spent: expect.any(Number) });
    for (const [, milliseconds] of lifetimes) {
      expect(milliseconds).toBeGreaterThan(2 * 900_000);
      expect(milliseconds).toBeLessThanOrEqual(60 * 86_400_000);
    }
  });

  test('let nothing through while Redis is away', async () => {
    const [a] = await twoOf(5);
    await fleet.redis.kill();
    await expect(a.take(job, { wanted: amounts(1), limits })).rejects.toThrow();
    await expect(takeUpVersion(a, job, 'v1')).rejects.toThrow();
    await fleet.redis.start();
  });

  /** Two servers on one Redis, and a GitHub that tells now one, now the other. */
  async function startTwo(): Promise<{
    readonly github: Simulator;
    readonly shop: RepositoryHandle;
    readonly apps: readonly AppUnderTest[];
    readonly lines: Readonly<Record<string, unknown>>[];
    settle(): Promise<void>;
    stop(): Promise<void>;
  }> {
    const github = await startSimulator();
    github.addOwner('acme');
    const shop = github.addRepository({ owner: 'acme', name: 'shop' });
    github.install({ owner: 'acme', repositories: 'all' });
    const lines: Readonly<Record<string, unknown>>[] = [];
    const apps: AppUnderTest[] = [];
    for (let i = 0; i < 2; i += 1) {
      const write = (line: string): void => {
        lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
      };
      // One job at once, so that the two of them share the work.
      const variables = { REDIS_URL: fleet.redis.url, CONCURRENCY: '1' };
      apps.push(await startApp(github, { environment: variables, write }));
    }
    return {
      github,
      shop,
      apps,
      lines,
      async settle() {
        for (let seen = -1; seen < github.deliveries.length;) {
          seen = github.deliveries.length;
          github.deliverTo(apps[0]?.webhooks ?? null);
          await github.delivered();
          for (const app of apps) await app.idle();
        }
      },
      async stop() {
        for (const app of apps) await app.stop();
        await github.stop();
      },
    };
  }

  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
  const OFF = policyFor('review/*', { transient: true });
  const ONE = policyFor('review/*', { transient: true, one_active_per: 'environment' }, { limits: { inactivate: 10 } });

  const inactive = (all: readonly { readonly state: string }[]): number =>
    all.filter(({ state }) => state === 'inactive').length;

  test('end no more between two sweeps than a policy allows, by however many servers', async () => {
    const two = await startTwo();
    try {
      landPolicy(two.shop, ONE);
      const all = NAMES.flatMap((name) =>
        Array.from({ length: 6 }, () => deployed(two.shop, { ref: 'main', environment: `review/${name}` })),
      );
      two.github.deliverTo(two.apps[0]?.webhooks ?? null);
      await two.apps[0]?.sweep();
      await two.settle();
      expect(inactive(all)).toBe(10);
      two.github.clock.advance(MINUTE);
      for (const name of NAMES) deployed(two.shop, { ref: 'main', environment: `review/${name}` });
      await two.settle();
      expect(inactive(all)).toBe(10);
      await two.apps[1]?.sweep();
      await two.settle();
      expect(inactive(all)).toBe(20);
    } finally {
      await two.stop();
    }
  });

  test('hold a changed policy on all servers, until a sweep of any of them', async () => {
    const two = await startTwo();
    try {
      landPolicy(two.shop, OFF);
      const all = NAMES.flatMap((name) =>
        Array.from({ length: 6 }, () => deployed(two.shop, { ref: 'main', environment: `review/${name}` })),
      );
      for (const app of two.apps) {
        await app.sweep();
        await two.settle();
      }
      landPolicy(two.shop, policyFor('review/*', { transient: true, one_active_per: 'environment' }));
      await two.settle();
      for (const name of NAMES) deployed(two.shop, { ref: 'main', environment: `review/${name}` });
      await two.settle();
      expect(inactive(all)).toBe(0);
      expect(two.lines.filter(({ code }) => code === 'changed_policy_held')).toHaveLength(1);
      await two.apps[1]?.sweep();
      await two.settle();
      expect(inactive(all)).toBe(36);
    } finally {
      await two.stop();
    }
  });
});

function raise(): never {
  throw new Error('There are fewer than were asked for');
}
