import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, states } from './deployed.ts';
import { DAY, MINUTE, startScenario, type Scenario } from './harness.ts';

const OFF = policyFor('review/*', { transient: true });
const ONE = policyFor('review/*', { transient: true, one_active_per: 'environment' });

/** The same policy, which protects an environment beside. */
function protectedBy(minutes: number, policy: string): string {
  const { environments, ...rest } = JSON.parse(policy) as { readonly environments: readonly object[] };
  const production = { name: 'production', protection: { wait_timer: minutes } };
  return JSON.stringify({ ...rest, environments: [production, ...environments] });
}

/** So many active deployments of one environment, made while nobody listens. */
function manyActive({ github, shop }: Scenario, count: number) {
  return Array.from({ length: count }, (_, i) => {
    if (i > 0) github.clock.advance(MINUTE);
    return deployed(shop, { ref: 'main' });
  });
}

const ended = (all: ReturnType<typeof manyActive>) => states(...all).filter((state) => state === 'inactive').length;

describe('a changed policy that would end more than 20 deployments and more than half', () => {
  test('waits one sweep, with a word in the log, and is carried out by that', async () => {
    const scenario = await startScenario({ policy: OFF });
    const all = manyActive(scenario, 30);
    await scenario.settle();
    scenario.policy(ONE);
    await scenario.settle();
    expect(ended(all)).toBe(0);
    expect(scenario.findings().filter((code) => code === 'changed_policy_held')).toHaveLength(1);
    // What happens meanwhile does not push it through.
    scenario.github.clock.advance(MINUTE);
    deployed(scenario.shop, { ref: 'main' });
    await scenario.settle();
    expect(ended(all)).toBe(0);
    await scenario.sweep();
    expect(ended(all)).toBe(30);
  });

  test('waits though a delivery of something else finds it first', async () => {
    const scenario = await startScenario({ policy: OFF });
    const all = manyActive(scenario, 30);
    await scenario.settle();
    scenario.github.deliverTo(null);
    scenario.policy(ONE);
    await scenario.sweep();
    expect(ended(all)).toBe(0);
    await scenario.sweep();
    expect(ended(all)).toBe(29);
  });

  test('loosens no protection meanwhile, and does once a sweep lets it pass', async () => {
    const scenario = await startScenario({ policy: protectedBy(30, OFF) });
    const production = scenario.shop.environment('production');
    const all = manyActive(scenario, 30);
    await scenario.settle();
    expect(production.protection.waitTimer).toBe(30);
    scenario.policy(protectedBy(0, ONE));
    await scenario.settle();
    expect(scenario.findings()).toContain('changed_policy_held');
    expect([ended(all), production.protection.waitTimer]).toEqual([0, 30]);
    // What happens meanwhile does not push it through.
    scenario.github.clock.advance(MINUTE);
    deployed(scenario.shop, { ref: 'main' });
    await scenario.settle();
    expect(production.protection.waitTimer).toBe(30);
    await scenario.sweep();
    expect([ended(all), production.protection.waitTimer]).toEqual([30, 0]);
  });

  test('leaves protection as it is in the sweep that finds it', async () => {
    const scenario = await startScenario({ policy: protectedBy(30, OFF) });
    const all = manyActive(scenario, 30);
    await scenario.settle();
    scenario.github.deliverTo(null);
    scenario.policy(protectedBy(0, ONE));
    await scenario.sweep();
    const production = scenario.shop.environment('production');
    expect([ended(all), production.protection.waitTimer]).toEqual([0, 30]);
    await scenario.sweep();
    expect([ended(all), production.protection.waitTimer]).toEqual([29, 0]);
  });

  test('is dropped when it is taken back', async () => {
    const scenario = await startScenario({ policy: OFF });
    const all = manyActive(scenario, 30);
    await scenario.settle();
    scenario.policy(ONE);
    await scenario.settle();
    scenario.policy(OFF);
    await scenario.settle();
    await scenario.sweep();
    await scenario.sweep();
    expect(ended(all)).toBe(0);
  });

  test('waits again when it is changed again', async () => {
    const scenario = await startScenario({ policy: OFF });
    const all = manyActive(scenario, 30);
    await scenario.settle();
    scenario.policy(ONE);
    await scenario.settle();
    scenario.policy(policyFor('review/**', { transient: true, one_active_per: 'environment' }));
    await scenario.settle();
    expect(ended(all)).toBe(0);
    await scenario.sweep();
    expect(ended(all)).toBe(29);
  });
});

test.each([
  ['that would end a few', 15, 14],
  ['that would end less than half', 30, 0],
])('a changed policy %s is carried out at once', async (_title, count, expected) => {
  const scenario = await startScenario({ policy: OFF });
  const all = manyActive(scenario, count);
  await scenario.settle();
  if (expected === 0) {
    const others = Array.from({ length: 31 }, () =>
      deployed(scenario.shop, { ref: 'main', environment: 'review/other' }),
    );
    scenario.policy(
      JSON.stringify({
        version: 1,
        environments: [
          { name: 'review/other', lifecycle: { transient: true } },
          { name: 'review/*', lifecycle: { transient: true, one_active_per: 'environment' } },
        ],
      }),
    );
    await scenario.settle();
    expect([ended(all), ended(others)]).toEqual([29, 0]);
    return;
  }
  scenario.policy(ONE);
  await scenario.settle();
  expect(ended(all)).toBe(expected);
});

test('a policy that a process sees for the first time is not a changed one', async () => {
  const scenario = await startScenario({ policy: ONE });
  scenario.github.deliverTo(null);
  const all = manyActive(scenario, 30);
  await scenario.restart();
  expect(ended(all)).toBe(29);
});

describe('a repository without a policy', () => {
  test('is left alone', async () => {
    const { github, shop, settle, sweep } = await startScenario();
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
    expect(github.requests.writes()).toEqual([]);
  });

  test('is governed from when one lands, and what was over before is over then', async () => {
    const { shop, settle, policy } = await startScenario();
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    policy(REVIEW);
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('is left alone again from when the policy is taken away', async () => {
    const { shop, settle, sweep, policy } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    policy(null);
    await settle();
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
  });

  test('is not governed by a policy on another branch', async () => {
    const { shop, settle, sweep } = await startScenario();
    const pull = shop.openPullRequest({ head: 'feature' });
    pull.push({ files: { '.github/deployments.yml': REVIEW } });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
  });
});

describe('a policy that does not parse', () => {
  const BROKEN = 'version: 1\nenvironments:\n  - name: review/*\n    lifecycle:\n      inactivate_no: [ref_deleted]\n';

  test('changes nothing, and the log says where', async () => {
    const { shop, settle, sweep, policy, lines } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    policy(BROKEN);
    await settle();
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
    expect(lines.filter(({ code }) => code === 'policy_invalid')).toEqual([
      expect.objectContaining({ file: '.github/deployments.yml', line: 5, column: 7, repository: 'acme/shop' }),
    ]);
  });

  test('is mended by a later push, and what waited is done', async () => {
    const { shop, settle, policy } = await startScenario({ policy: BROKEN });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.state).toBe('success');
    policy(REVIEW);
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('is mended by a sweep where the push was lost', async () => {
    const { github, shop, settle, sweep, policy } = await startScenario({ policy: BROKEN });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    github.deliverTo(null);
    policy(REVIEW);
    await sweep();
    expect(build.state).toBe('inactive');
  });

  test.each([
    ['text that is no YAML', 'version: 1\n  environments: [\n'],
    ['a binary file', '\0\0\0'],
    ['an empty file', ''],
    ['an alias bomb', 'a: &a [x]\nb: &b [*a, *a]\nversion: 1\n'],
  ])('may be %s', async (_title, text) => {
    const { github, shop, settle, sweep, findings } = await startScenario({ policy: text });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
    expect(findings()).toContain('policy_invalid');
    expect(github.requests.count({ operation: 'CreateDeploymentStatuses' })).toBe(0);
  });

  test('in the value of one entry leaves only that environment alone', async () => {
    const { shop, settle, sweep } = await startScenario({
      policy: JSON.stringify({
        version: 1,
        environments: [
          {
            name: 'staging/*',
            protection: { wait_timer: 50_000 },
            lifecycle: { transient: true, inactivate_on: ['pull_request_closed'] },
          },
          { name: 'review/*', lifecycle: { transient: true, inactivate_on: ['pull_request_closed'] } },
        ],
      }),
    });
    const pull = shop.openPullRequest({ head: 'feature' });
    const review = deployed(shop, { ref: 'feature' });
    const staging = deployed(shop, { ref: 'feature', environment: 'staging/feature' });
    pull.close();
    await settle();
    await sweep();
    expect(states(review, staging)).toEqual(['inactive', 'success']);
  });
});

describe('only telling', () => {
  const LIFECYCLE = {
    transient: true,
    one_active_per: 'environment',
    inactivate_on: ['pull_request_closed'],
    on_inactive: { workflow: 'teardown.yml' },
    delete: { after: '1d', environment: true },
  };

  test.each([
    ['mode: report', { policy: policyFor('review/*', LIFECYCLE, { mode: 'report' }) }],
    ['OBSERVE_ONLY', { policy: policyFor('review/*', LIFECYCLE), environment: { OBSERVE_ONLY: 'true' } }],
  ])('with %s changes nothing and says what would change', async (_title, options) => {
    const { github, shop, settle, sweep, lines } = await startScenario(options);
    const pull = shop.openPullRequest({ head: 'feature' });
    const over = deployed(shop, { ref: 'feature' });
    const old = deployed(shop, { ref: 'feature', environment: 'review/old' });
    old.setStatus('inactive');
    pull.close();
    github.clock.advance(2 * DAY);
    await settle();
    await sweep();
    expect(states(over, old)).toEqual(['success', 'inactive']);
    expect(shop.environments()).toEqual(['review/feature', 'review/old']);
    expect(github.requests.writes((request) => !String(request.route).includes('check-runs'))).toEqual([]);
    const told = lines.filter(({ msg }) => msg === 'Would change');
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: 'deployment_status',
        state: 'inactive',
        deployment: over.id,
        environment: 'review/feature',
        repository: 'acme/shop',
        rule: 'pull_request_closed',
      }),
    );
    expect(told).toContainEqual(expect.objectContaining({ kind: 'delete_deployment', deployment: old.id }));
  });

  test('ends with the mode', async () => {
    const { shop, settle, policy } = await startScenario({
      policy: policyFor('review/*', LIFECYCLE, { mode: 'report' }),
    });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    policy(REVIEW);
    await settle();
    expect(build.state).toBe('inactive');
  });
});
