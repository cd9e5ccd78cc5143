import { describe, expect, test } from '@jest/globals';
import { LRUCache } from 'lru-cache';
import type { GovernedBy } from '../../src/lifecycle/governed-by.ts';
import { NO_LOOKUPS } from '../../src/lifecycle/lookup-documents.ts';
import { readEnvironmentGuards } from '../../src/github/environment-guards.ts';
import { observeListing } from '../../src/lifecycle/observe-listing.ts';
import { observeLifecycle } from '../../src/lifecycle/observe.ts';
import type { LifecycleSnapshot } from '../../src/lifecycle/snapshot.ts';
import { startWorkbench, type Workbench } from '../changes/workbench.ts';
import { deployed, started } from '../scenarios/deployed.ts';
import { OFF } from './case.ts';

type Listed = Partial<Parameters<typeof observeListing>[1]>;

function list({ client, repository }: Workbench, given: Listed = {}) {
  const environment = given.environment === undefined ? 'review' : given.environment;
  return observeListing(client, {
    repository,
    environment,
    spellings: environment === null ? [] : [environment],
    withPolicyText: false,
    settledBefore: null,
    expected: 0,
    lookups: NO_LOOKUPS,
    ...given,
  });
}

/** What is found out about the environment `review` under these rules. */
async function look(bench: Workbench, by: Partial<GovernedBy>): Promise<LifecycleSnapshot> {
  const listing = await list(bench);
  if (listing === null) throw new Error('Nothing may be decided');
  const governed = { ...OFF, entry: 'review', ...by };
  const [snapshot] = await observeLifecycle(bench.client, {
    repository: bench.repository,
    listing,
    environments: [
      {
        environment: 'review',
        environmentName: listing.environmentName,
        by: governed,
        deployments: listing.deployments,
      },
    ],
    now: bench.github.clock.now().getTime(),
    caches: { creation: new LRUCache({ max: 100 }), pullRequests: new LRUCache({ max: 10 }) },
    guards: 'read',
    flags: 'where they matter',
  });
  if (snapshot === undefined) throw new Error('There is no snapshot');
  return snapshot;
}

const environment = 'review';

describe('a listing', () => {
  test('has each state as GitHub says it, and pending where there is none', async () => {
    const bench = await startWorkbench();
    const states = ['queued', 'pending', 'in_progress', 'waiting', 'success', 'failure', 'error', 'inactive'] as const;
    for (const state of states)
      started(bench.shop, { ref: 'main', environment }).setStatus(state, { autoInactive: false });
    started(bench.shop, { ref: 'main', environment });
    const listing = await list(bench);
    expect(listing?.deployments.map(({ state }) => state).reverse()).toEqual([...states, 'pending']);
  });

  test('is by the latest environment', async () => {
    const bench = await startWorkbench();
    started(bench.shop, { ref: 'main', environment }).setStatus('success', { environment: 'elsewhere' });
    started(bench.shop, { ref: 'main', environment: 'elsewhere' }).setStatus('success', { environment });
    const listing = await list(bench);
    expect(listing?.deployments.map((one) => [one.environment, one.originalEnvironment])).toEqual([
      [environment, 'elsewhere'],
    ]);
  });

  test('has every spelling that is asked for, and the one that the environment has', async () => {
    const bench = await startWorkbench();
    for (const spelled of ['Review', 'review', 'REVIEW']) deployed(bench.shop, { ref: 'main', environment: spelled });
    const all = await list(bench, { spellings: ['review', 'REVIEW'] });
    expect(all?.deployments.map((one) => one.environment)).toEqual(['REVIEW', 'review', 'Review']);
    expect(all?.environmentName).toBe('Review');
  });

  test.each([0, 50, 150, 1000])('of 230 is whole though %i were expected', async (expected) => {
    const bench = await startWorkbench();
    for (let i = 0; i < 230; i += 1) {
      started(bench.shop, { ref: 'main', environment });
      if (i % 3 === 0) bench.github.clock.advance(1000);
    }
    const listing = await list(bench, { expected });
    const ids = bench.shop.deployments().map(({ id }) => id);
    expect(listing?.deployments.map(({ id }) => Number(id))).toEqual(ids.reverse());
    expect(listing?.complete).toBe(true);
  });

  test('ends where everything older has ended', async () => {
    const bench = await startWorkbench();
    const { github, shop } = bench;
    for (let i = 0; i < 130; i += 1) deployed(shop, { ref: 'main', environment }).setStatus('inactive');
    github.clock.advance(60_000);
    const settledBefore = github.clock.now().getTime();
    for (let i = 0; i < 90; i += 1) deployed(shop, { ref: 'main', environment });
    const listing = await list(bench, { settledBefore });
    expect([listing?.deployments.length, listing?.complete]).toEqual([100, false]);
  });

  test.each<readonly [string, (bench: Workbench) => void]>([
    [
      'is archived',
      ({ shop }) => {
        shop.archive();
      },
    ],
    [
      'has another one in its place',
      ({ shop, github }) => {
        shop.rename('store');
        github.addRepository({ owner: 'acme', name: 'shop' });
      },
    ],
  ])('of a repository that %s is none', async (_title, happen) => {
    const bench = await startWorkbench();
    deployed(bench.shop, { ref: 'main', environment });
    happen(bench);
    expect(await list(bench)).toBeNull();
    expect(await list(bench, { environment: null })).toBeNull();
  });

  test('of all environments has all of them', async () => {
    const bench = await startWorkbench();
    for (const name of ['a', 'b', 'A', 'c/d']) deployed(bench.shop, { ref: 'main', environment: name });
    const listing = await list(bench, { environment: null });
    expect(listing?.deployments.map((one) => one.environment)).toEqual(['c/d', 'A', 'b', 'a']);
  });
});

describe('a look', () => {
  test('under rules that ask for nothing costs nothing beyond the listing', async () => {
    const bench = await startWorkbench();
    deployed(bench.shop, { ref: 'main', environment });
    await look(bench, { transient: true, exact: true, oneActivePer: 'environment' });
    expect(bench.github.requests.list().map(({ operation }) => operation)).toEqual(['EnvironmentDeployments']);
  });

  test('tells what a deployment was made from', async () => {
    const bench = await startWorkbench();
    const { shop } = bench;
    const pull = shop.openPullRequest({ head: 'feature' });
    shop.tag('v1');
    shop.push({ branch: 'gone' });
    const refs = ['feature', pull.headSha, pull.headSha.slice(0, 8), 'refs/pull/1/head', 'v1', 'refs/tags/v1', 'gone'];
    for (const ref of refs) deployed(shop, { ref, environment });
    shop.deleteBranch('gone');
    const { deployments } = await look(bench, { transient: true, onRefDeleted: true, onPullRequestClosed: true });
    expect(deployments.map(({ ref }) => ref).reverse()).toEqual([
      { kind: 'named', name: 'feature', gone: false },
      { kind: 'commit', name: pull.headSha },
      { kind: 'commit', name: pull.headSha.slice(0, 8) },
      { kind: 'pull_request', name: 'refs/pull/1/head', number: 1 },
      { kind: 'named', name: 'v1', gone: false },
      { kind: 'named', name: 'v1', gone: false },
      { kind: 'named', name: 'gone', gone: true },
    ]);
  });

  test('takes no ref for gone that could be something else than a branch or a tag of that name', async () => {
    const bench = await startWorkbench();
    const { shop } = bench;
    const { headSha } = shop.openPullRequest({ head: 'feature' });
    shop.tag('1.0');
    const others = ['HEAD', 'main~1', 'main@{yesterday}', 'heads/old', 'refs/notes/x', 'a..b', 'f'.repeat(40)];
    const seen: readonly (readonly [string, object])[] = [
      ['pull/1/head', { kind: 'pull_request', name: 'pull/1/head', number: 1 }],
      ['pull/1/merge', { kind: 'pull_request', name: 'pull/1/merge', number: 1 }],
      [headSha.toUpperCase(), { kind: 'commit', name: headSha }],
      [headSha.slice(0, 4).toUpperCase(), { kind: 'commit', name: headSha.slice(0, 4) }],
      ['refs/heads/feature', { kind: 'named', name: 'feature', gone: false }],
      ['refs/heads/old', { kind: 'named', name: 'old', gone: true }],
      ['refs/heads/pull/1/head', { kind: 'named', name: 'pull/1/head', gone: true }],
      ['refs/tags/1.0', { kind: 'named', name: '1.0', gone: false }],
      ['refs/tags/0.9', { kind: 'named', name: '0.9', gone: true }],
      ...others.map((name) => [name, { kind: 'unclear', name }] as const),
    ];
    for (const [ref] of seen) deployed(shop, { ref, environment, sha: headSha });
    const { deployments } = await look(bench, { transient: true, onRefDeleted: true, onPullRequestClosed: true });
    expect(deployments.map(({ ref }) => ref).reverse()).toEqual(seen.map(([, ref]) => ref));
  });

  test('takes a branch of an odd name for what it is while it is there', async () => {
    const bench = await startWorkbench();
    const { shop } = bench;
    for (const branch of ['pull/1/head', 'heads/x', 'beef']) shop.push({ branch });
    for (const ref of ['pull/1/head', 'heads/x', 'beef']) deployed(shop, { ref, environment });
    const { deployments } = await look(bench, { transient: true, onRefDeleted: true, onPullRequestClosed: true });
    expect(deployments.map(({ ref }) => ref).reverse()).toEqual([
      { kind: 'named', name: 'pull/1/head', gone: false },
      { kind: 'named', name: 'heads/x', gone: false },
      { kind: 'named', name: 'beef', gone: false },
    ]);
  });

  test('tells whose a deployment is', async () => {
    const bench = await startWorkbench();
    const { shop } = bench;
    const open = shop.openPullRequest({ head: 'open' });
    const fork = shop.openPullRequest({ head: { owner: 'mona', branch: 'closed' } });
    const closed = shop.openPullRequest({ head: 'closed' });
    const merged = shop.openPullRequest({ head: 'merged' });
    const refs = ['open', open.headSha, 'closed', closed.headSha, 'merged', merged.headSha, fork.headSha, 'main'];
    for (const ref of refs) deployed(shop, { ref, environment });
    closed.close();
    fork.close();
    merged.merge();
    const { deployments } = await look(bench, { transient: true, onPullRequestClosed: true });
    const found = deployments.map(({ ref, pullRequests }) => [
      ref.name,
      pullRequests?.map((one) => `${String(one.number)} ${one.open ? 'open' : 'closed'}`),
    ]);
    expect(found.reverse()).toEqual([
      ['open', ['1 open']],
      [open.headSha, ['1 open']],
      ['closed', ['3 closed']],
      [closed.headSha, ['3 closed']],
      ['merged', ['4 closed']],
      [merged.headSha, ['4 closed']],
      [fork.headSha, ['2 closed']],
      ['main', []],
    ]);
  });
});

describe('guards', () => {
  test('are none where there are none', async () => {
    const { client, repository, shop } = await startWorkbench();
    shop.environment('review/ümlaut');
    expect(await readEnvironmentGuards(client, repository, 'review/ümlaut')).toEqual([]);
  });

  test('are named', async () => {
    const { client, repository, shop } = await startWorkbench();
    const guarded = shop.environment('review');
    guarded.protect({ waitTimer: 1, branches: ['main'], rules: ['datadog'] });
    guarded.setVariable('A', 'b');
    guarded.addSecret('C');
    expect(await readEnvironmentGuards(client, repository, 'review')).toEqual([
      'protection rules',
      'a deployment branch policy',
      'custom protection rules',
      'variables',
      'secrets',
    ]);
  });

  test.each(['administration', 'actions', 'environments', 'secrets', 'variables', 'actions_variables'])(
    'are unknown or read without the permission %s, never wrongly none',
    async (permission) => {
      const { client, repository, shop, installation } = await startWorkbench();
      const guarded = shop.environment('review');
      guarded.protect({ waitTimer: 1 });
      guarded.setVariable('A', 'b');
      guarded.addSecret('C');
      installation.grant(
        Object.fromEntries(Object.entries(installation.permissions).filter(([name]) => name !== permission)),
      );
      expect(await readEnvironmentGuards(client, repository, 'review')).not.toEqual([]);
    },
  );

  test('are unknown where the environment is gone', async () => {
    const { client, repository } = await startWorkbench();
    expect(await readEnvironmentGuards(client, repository, 'review')).toBeNull();
  });
});
