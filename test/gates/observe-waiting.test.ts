import { describe, expect, test } from '@jest/globals';
import { observeWaitingDeployments } from '../../src/gates/observe-waiting-deployments.ts';
import { observePromotion } from '../../src/gates/observe-promotion.ts';
import type { PromotionSnapshot, PromotionSource } from '../../src/gates/promotion-snapshot.ts';
import { observeWaitingRuns } from '../../src/gates/observe-waiting-runs.ts';
import { GitHubError } from '../../src/github/port.ts';
import { loadNewestParsing } from '../../src/policy/load-history.ts';
import { createPolicyCache, loadPolicy } from '../../src/policy/load.ts';
import { startWorkbench, type Workbench } from '../changes/workbench.ts';
import { landPolicy } from '../scenarios/harness.ts';
import { policyFor } from '../scenarios/deployed.ts';

const runsOf = ({ client, repository, github }: Workbench) =>
  observeWaitingRuns(client, { repository, appId: github.app.id });

describe('runs that wait', () => {
  test('are those that wait for this app, each with its environments', async () => {
    const bench = await startWorkbench();
    const { shop, github } = bench;
    github.addApp('other', { rule: true });
    shop.environment('Production').protect({ rules: [github.app.slug, 'other'] });
    shop.environment('canary').protect({ rules: [github.app.slug] });
    shop.environment('theirs').protect({ rules: ['other'] });
    shop.addWorkflowRun({ environments: ['theirs'] });
    const both = shop.addWorkflowRun({ environments: ['Production', 'canary', 'theirs', 'open'] });
    shop.addWorkflowRun({ environments: ['Production'] }).complete('cancelled');
    const found = await runsOf(bench);
    expect(found.map(({ environment, run }) => [environment, run.id, run.sha])).toEqual([
      ['Production', both.id, both.sha],
      ['canary', both.id, both.sha],
    ]);
  });

  test('for one environment cost nothing more for a run that is known to ask, and one each for the others', async () => {
    const bench = await startWorkbench();
    const { shop, github, client, repository } = bench;
    for (const name of ['Production', 'canary']) shop.environment(name).protect({ rules: [github.app.slug] });
    const [asks, other] = [1, 2].map(() => shop.addWorkflowRun({ environments: ['Production', 'canary'] }));
    shop.addWorkflowRun({ environments: ['canary'] });
    const asking = new Map([[Number(asks?.id), 'Production']]);
    github.requests.reset();
    const found = await observeWaitingRuns(client, {
      repository,
      appId: github.app.id,
      only: { environment: 'production', asking },
    });
    expect(new Set(found.map(({ environment, run }) => `${environment} ${run.id}`))).toEqual(
      new Set([`Production ${asks?.id}`, `Production ${other?.id}`]),
    );
    expect(github.requests.count()).toBe(3);
  });

  test('cost one request where there are none, and none of the rate limit while that stays so', async () => {
    const bench = await startWorkbench();
    await runsOf(bench);
    bench.github.requests.reset();
    expect(await runsOf(bench)).toEqual([]);
    expect(bench.github.requests.list().map(({ status }) => status)).toEqual([304]);
  });
});

const GATED = policyFor('production', undefined, {
  environments: [{ name: 'production', gates: [{ checks: ['build'] }] }],
});
const WITH_PATTERN = policyFor('', undefined, {
  environments: [
    { name: 'production', gates: [{ checks: ['build'] }] },
    { name: 'region/*', gates: [{ checks: ['build'] }] },
    { name: 'open' },
  ],
});

async function deploymentsOf(bench: Workbench, only?: string) {
  const { client, repository } = bench;
  const loaded = await loadPolicy(client, repository, createPolicyCache());
  if (loaded?.governing.kind !== 'valid') throw new Error('There is no policy');
  const { policy, files } = loaded.governing;
  const found = await observeWaitingDeployments(client, {
    repository,
    policy,
    files,
    spellings: () => [],
    ...(only === undefined ? {} : { only }),
  });
  return found.map(({ id, environment }) => [environment, Number(id)]);
}

/** A repository whose gates landed an hour ago. */
async function gated(text = GATED): Promise<Workbench> {
  const bench = await startWorkbench();
  landPolicy(bench.shop, text);
  bench.github.clock.advance(3_600_000);
  return bench;
}

describe('deployments of the API that wait', () => {
  test('are the newest of their environments that nobody but this app has spoken of', async () => {
    const bench = await gated(WITH_PATTERN);
    const { shop } = bench;
    shop.createDeployment({ ref: 'main', environment: 'Production' });
    const newest = shop.createDeployment({ ref: 'main', environment: 'Production' });
    newest.setStatus('pending', { viaApp: true });
    const region = shop.createDeployment({ ref: 'main', environment: 'region/1' });
    shop.createDeployment({ ref: 'main', environment: 'region/2' }).setStatus('queued');
    shop.createDeployment({ ref: 'main', environment: 'region/3' }).setStatus('queued', { viaApp: true });
    shop.createDeployment({ ref: 'main', environment: 'region/4' }).setStatus('failure', { viaApp: true });
    shop.addWorkflowRun({ environments: ['region/5'] });
    shop.createDeployment({ ref: 'main', environment: 'open' });
    expect(await deploymentsOf(bench)).toEqual([
      ['production', newest.id],
      ['region/1', region.id],
    ]);
    expect(await deploymentsOf(bench, 'region/1')).toEqual([['region/1', region.id]]);
    expect(await deploymentsOf(bench, 'open')).toEqual([]);
  });

  test.each([1, 2, 3, 12])(
    'are found behind the %i that a workflow makes of them, of the same commit',
    async (jobs) => {
      const bench = await gated(WITH_PATTERN);
      const { shop, github } = bench;
      const made = ['production', 'region/1'].map((environment) => shop.createDeployment({ ref: 'main', environment }));
      for (let i = 0; i < jobs; i += 1) {
        github.clock.advance(1000);
        for (const environment of ['production', 'region/1']) shop.addWorkflowRun({ environments: [environment] });
      }
      expect(await deploymentsOf(bench)).toEqual(made.map(({ id, environment }) => [environment, id]));
      expect(await deploymentsOf(bench, 'production')).toEqual([['production', made[0]?.id]]);
      // Another commit's takes their place.
      github.clock.advance(1000);
      const { sha } = shop.push({ files: { a: '1' } });
      for (const environment of ['production', 'region/1']) shop.addWorkflowRun({ sha, environments: [environment] });
      expect(await deploymentsOf(bench)).toEqual([]);
    },
  );

  test('are none where no environment has gates, and nothing is asked', async () => {
    const bench = await gated(policyFor('production'));
    bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    bench.github.requests.reset();
    expect(await deploymentsOf(bench)).toEqual([]);
    expect(bench.github.requests.list().map(({ operation }) => operation)).toEqual(['Policies']);
  });

  test.each<readonly [string, number, (bench: Workbench) => void]>([
    [
      'made before the gates landed is never answered',
      0,
      (bench) => {
        bench.shop.createDeployment({ ref: 'main', environment: 'production' });
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, GATED);
      },
    ],
    [
      'made after they landed is answered, however often the policy has changed since',
      1,
      (bench) => {
        landPolicy(bench.shop, GATED);
        bench.github.clock.advance(1000);
        bench.shop.createDeployment({ ref: 'main', environment: 'production' });
        for (let i = 0; i < 25; i += 1) {
          bench.github.clock.advance(1000);
          landPolicy(bench.shop, `${GATED} # ${i}`);
        }
      },
    ],
    [
      'made while the policy did not parse is answered: the gates go by the version before it',
      1,
      (bench) => {
        landPolicy(bench.shop, GATED);
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, 'version: [');
        bench.github.clock.advance(1000);
        bench.shop.createDeployment({ ref: 'main', environment: 'production' });
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, `${GATED} # mended`);
      },
    ],
    [
      'made while there were no gates is not, though there had been some',
      0,
      (bench) => {
        landPolicy(bench.shop, GATED);
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, policyFor('production'));
        bench.github.clock.advance(1000);
        bench.shop.createDeployment({ ref: 'main', environment: 'production' });
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, `${GATED} # again`);
      },
    ],
    [
      'made under gates of the organisation that the repository has since written itself is answered',
      1,
      (bench) => {
        const organisation = bench.github.addRepository({ owner: 'acme', name: '.github' });
        landPolicy(organisation, GATED);
        bench.github.clock.advance(1000);
        bench.shop.createDeployment({ ref: 'main', environment: 'production' });
        bench.github.clock.advance(1000);
        landPolicy(bench.shop, `${GATED} # mine`);
      },
    ],
  ])('one %s', async (_, count, play) => {
    const bench = await startWorkbench();
    play(bench);
    expect(await deploymentsOf(bench)).toHaveLength(count);
  });
});

const PROMOTED = policyFor('', undefined, {
  environments: [{ name: 'production', promote: { from: 'staging', after: '30m' } }],
});

describe('what may be promoted', () => {
  async function observe(bench: Workbench): Promise<PromotionSnapshot> {
    const { client, repository, github } = bench;
    const loaded = await loadPolicy(client, repository, createPolicyCache());
    if (loaded?.governing.kind !== 'valid') throw new Error('There is no policy');
    const promote = loaded.governing.policy.environments[0]?.promote;
    if (promote === undefined) throw new Error('Nothing is promoted');
    const snapshot = await observePromotion(client, {
      repository,
      environment: 'production',
      promote,
      files: loaded.governing.files,
      spellings: () => [],
      now: github.clock.now().getTime(),
    });
    if (snapshot === null) throw new Error('Nothing may be decided');
    return snapshot;
  }

  async function staged(): Promise<Workbench> {
    const bench = await startWorkbench();
    landPolicy(bench.shop, PROMOTED);
    bench.shop.environment('Production');
    bench.github.clock.advance(60_000);
    return bench;
  }

  const sourcesIn = (snapshot: PromotionSnapshot): readonly PromotionSource[] =>
    snapshot.sources.kind === 'known' ? snapshot.sources.value : [];

  test('is what succeeded, with all that a promotion copies', async () => {
    const bench = await staged();
    const { shop, github } = bench;
    const landed = github.clock.now().getTime() - 60_000;
    const old = shop.createDeployment({ ref: 'main', environment: 'Staging' });
    old.setStatus('failure');
    github.clock.advance(1000);
    const { sha } = shop.push({ files: { a: '1' } });
    const payload = { region: 'eu' };
    const source = shop.createDeployment({ ref: 'main', environment: 'Staging', task: 'deploy:eu', payload });
    source.setStatus('success');
    const succeededAt = github.clock.now().getTime();
    github.clock.advance(30 * 60_000);
    github.requests.reset();
    const snapshot = await observe(bench);
    expect(snapshot).toMatchObject({ environment: 'Production', landedAt: { kind: 'known', value: landed } });
    expect(sourcesIn(snapshot)).toMatchObject([
      {
        id: source.id,
        sha,
        ref: 'main',
        task: 'deploy:eu',
        payload,
        state: 'success',
        succeededAt,
        refHolds: { value: true },
        newerHere: { value: false },
      },
      { id: old.id, state: 'failure', succeededAt: null },
    ]);
    expect(github.requests.list().map(({ operation }) => operation)).toEqual(['Policies', 'Promotion', 'Promotion']);
  });

  test('has a ref that may have moved on, a commit that may be here already, and one that may be older', async () => {
    const bench = await staged();
    const { shop, github } = bench;
    const succeed = (environment: string): void => {
      shop.createDeployment({ ref: 'main', environment }).setStatus('success', { autoInactive: false });
      github.clock.advance(1000);
    };
    succeed('staging');
    const [first] = sourcesIn(await observe(bench));
    shop.push({ files: { a: '1' } });
    succeed('production');
    shop.push({ files: { a: '2' } });
    github.clock.advance(3_600_000);
    const later = await observe(bench);
    expect(first?.refHolds).toEqual({ kind: 'known', value: true });
    expect(sourcesIn(later)).toMatchObject([{ refHolds: { value: false }, newerHere: { value: true } }]);
    succeed('staging');
    succeed('production');
    const last = await observe(bench);
    expect(last.deployedHere).toEqual({ kind: 'known', value: new Set([shop.head('main').sha]) });
  });
});

test.each<readonly [string, (bench: Workbench) => Promise<unknown>]>([
  ['Policies', ({ client, repository }) => loadPolicy(client, repository, createPolicyCache())],
  ['PolicyHistory', ({ client, repository }) => loadNewestParsing(client, repository)],
])('an outage is never taken for a policy that is not there (%s)', async (match, load) => {
  const bench = await startWorkbench();
  landPolicy(bench.shop, 'version: 1\n');
  expect(await load(bench)).not.toBeNull();
  bench.github.faults.add({ match, action: 'graphql-partial', fails: (alias) => alias === 'repository', times: 10 });
  await expect(load(bench)).rejects.toThrow(GitHubError);
});
