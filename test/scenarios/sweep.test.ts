import { describe, expect, test } from '@jest/globals';
import type { DeploymentHandle, RepositoryHandle } from '../simulator/index.ts';
import { deployed, policyFor, started, states } from './deployed.ts';
import { DAY, HOUR, MINUTE, landPolicy, startScenario, type Scenario, type ScenarioOptions } from './harness.ts';

const POLICY = JSON.stringify({
  version: 1,
  environments: [
    { name: 'production', protection: { wait_timer: 30 } },
    {
      name: 'review/*',
      lifecycle: {
        transient: true,
        one_active_per: 'environment',
        inactivate_on: ['pull_request_closed', 'ref_deleted'],
        inactivate_after: '3d',
        fail_stuck_after: '2h',
        delete: { after: '5d', keep: 1 },
      },
    },
  ],
  deploy_keys: { on_unknown: 'delete' },
});

/** A repository that is as its policy says, and a process that has swept it; nobody is told of what happens from here on. */
async function startSwept(options: ScenarioOptions = {}): Promise<Scenario> {
  const scenario = await startScenario({ policy: POLICY, ...options });
  const { github, shop } = scenario;
  shop.openPullRequest({ head: 'feature' });
  deployed(shop, { ref: 'feature', environment: 'review/feature' });
  await scenario.settle();
  github.deliverTo(null);
  github.clock.advance(10 * MINUTE);
  await scenario.sweep();
  github.requests.reset();
  return scenario;
}

/** A deployment whose branch was deleted. */
function deployGone(shop: RepositoryHandle): DeploymentHandle {
  shop.push({ branch: 'gone' });
  const build = deployed(shop, { ref: 'gone', environment: 'review/gone' });
  shop.deleteBranch('gone');
  return build;
}

/** Points of the hourly limit that the next sweep costs. */
async function costOfSweep({ github, sweep }: Scenario): Promise<number> {
  github.requests.reset();
  await sweep();
  return github.requests.cost();
}

describe('a sweep that finds nothing changed', () => {
  test('costs one point for twenty repositories', async () => {
    const scenario = await startSwept();
    const { github } = scenario;
    for (let i = 0; i < 19; i += 1) {
      const another = github.addRepository({ owner: 'acme', name: `another-${i}` });
      landPolicy(another, POLICY);
      another.openPullRequest({ head: 'feature' });
      deployed(another, { ref: 'feature', environment: 'review/feature' });
    }
    github.clock.advance(10 * MINUTE);
    await scenario.sweep();
    expect(await costOfSweep(scenario)).toBe(1);
    expect(github.requests.writes()).toEqual([]);
  });

  test('costs no more where there are many deployments', async () => {
    const scenario = await startSwept();
    const { github, shop } = scenario;
    for (let i = 0; i < 120; i += 1) deployed(shop, { ref: 'main', environment: 'review/old' }).setStatus('inactive');
    github.clock.advance(10 * MINUTE);
    await scenario.sweep();
    expect(await costOfSweep(scenario)).toBe(1);
  });

  test('is as cheap in repositories without a policy, and finds the first one', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.deliverTo(null);
    expect(await costOfSweep(scenario)).toBe(1);
    const build = deployGone(shop);
    landPolicy(shop, POLICY);
    await scenario.sweep();
    expect(build.state).toBe('inactive');
  });
});

describe('what changed and nobody told of, the next sweep finds', () => {
  const build = (shop: RepositoryHandle) => shop.deployments('review/feature')[0];
  test.each<[string, (scenario: Scenario) => void, (scenario: Scenario) => unknown, unknown]>([
    [
      'a pull request that was closed',
      ({ shop }) => {
        shop.pullRequest(1).close();
      },
      ({ shop }) => build(shop)?.state,
      'inactive',
    ],
    [
      'a branch that was deleted',
      ({ shop }) => {
        shop.deleteBranch('feature');
      },
      ({ shop }) => build(shop)?.state,
      'inactive',
    ],
    [
      'a deployment that was superseded',
      ({ shop }) => {
        deployed(shop, { ref: 'feature', environment: 'review/feature' });
      },
      ({ shop }) => states(...shop.deployments('review/feature')).toSorted(),
      ['inactive', 'success'],
    ],
    [
      'a policy that was changed',
      ({ shop }) => {
        landPolicy(shop, POLICY.replace('"wait_timer":30', '"wait_timer":60'));
      },
      ({ shop }) => shop.environment('production').protection.waitTimer,
      60,
    ],
    [
      'protection that was taken off',
      ({ shop }) => {
        shop.environment('production').protect({ waitTimer: 0 });
      },
      ({ shop }) => shop.environment('production').protection.waitTimer,
      30,
    ],
  ])('%s', async (_, happen, look, wanted) => {
    const scenario = await startSwept();
    happen(scenario);
    await scenario.sweep();
    expect(look(scenario)).toEqual(wanted);
  });

  test('a status of a deployment that is not among the newest', async () => {
    const scenario = await startSwept();
    const { github, shop } = scenario;
    const old = deployed(shop, { ref: 'feature', environment: 'review/feature' });
    old.setStatus('inactive');
    for (let i = 0; i < 40; i += 1) deployed(shop, { ref: 'main', environment: 'review/main' }).setStatus('inactive');
    shop.pullRequest(1).close();
    github.clock.advance(10 * MINUTE);
    await scenario.sweep();
    github.clock.advance(10 * MINUTE);
    await scenario.sweep();
    old.setStatus('success');
    await scenario.sweep();
    expect(old.state).toBe('inactive');
  });

  test('a deploy key that nobody allows: announced, and deleted by the sweep after that', async () => {
    const scenario = await startSwept();
    scenario.shop.addDeployKey({
      title: 'unknown',
      key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    });
    await scenario.sweep();
    expect(scenario.shop.deployKeys()).toHaveLength(1);
    await scenario.sweep();
    expect(scenario.shop.deployKeys()).toHaveLength(0);
  });
});

describe('what is due by time alone, the next sweep finds without having asked for it', () => {
  test('deployments that are old, stuck, or ended long ago', async () => {
    const scenario = await startSwept();
    const { github, shop } = scenario;
    const stuck = started(shop, { ref: 'main', environment: 'review/stuck' });
    stuck.setStatus('in_progress');
    const ended = [0, 1].map(() => {
      const one = deployed(shop, { ref: 'main', environment: 'review/ended' });
      one.setStatus('inactive');
      return one;
    });
    github.clock.advance(10 * MINUTE);
    await scenario.sweep();
    expect(await costOfSweep(scenario)).toBe(1);
    expect(stuck.state).toBe('in_progress');
    github.clock.advance(2 * HOUR);
    await scenario.sweep();
    expect(stuck.state).toBe('error');
    github.clock.advance(3 * DAY);
    await scenario.sweep();
    expect(states(...shop.deployments('review/feature'))).toEqual(['inactive']);
    github.clock.advance(2 * DAY);
    await scenario.sweep();
    expect(ended.map(({ exists }) => exists)).toEqual([false, true]);
  });
});

describe('what a sweep may spend', () => {
  test('is half of the hourly limit: the rest is for deliveries, and the next sweep goes on', async () => {
    const scenario = await startScenario({ policy: POLICY, simulator: { rateLimit: 300 } });
    const { github, shop } = scenario;
    github.deliverTo(null);
    const policy = policyFor('production', undefined, {}).replace('}]', ',"protection":{"wait_timer":5}}]');
    for (let i = 0; i < 80; i += 1) {
      const another = github.addRepository({ owner: 'acme', name: `another-${i}` });
      landPolicy(another, policy);
    }
    await scenario.sweep();
    await scenario.sweep();
    const reported = () => github.requests.writes({ route: 'POST /repos/{owner}/{repo}/check-runs' }).length;
    expect(reported()).toBeGreaterThan(10);
    expect(reported()).toBeLessThan(80);
    // What is under way is done to its end.
    expect(github.requests.cost(({ operation }) => operation === null)).toBeLessThan(280);
    scenario.hold();
    const build = deployGone(shop);
    await github.release(github.held);
    await scenario.settle();
    expect(build.state).toBe('inactive');
  });
});
