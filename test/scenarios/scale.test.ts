import { expect, test } from '@jest/globals';
import { deployed, policyFor, states } from './deployed.ts';
import { startScenario } from './harness.ts';

const POLICY = policyFor(
  'Preview',
  { transient: true, one_active_per: 'pull_request', inactivate_on: ['pull_request_closed'] },
  { limits: { inactivate: 5000 } },
);

test('2,500 deployments of one environment are all looked at, in few requests, and the next look costs one', async () => {
  const { github, shop, sweep } = await startScenario({ policy: POLICY });
  github.deliverTo(null);
  const pulls = Array.from({ length: 10 }, (_, i) => shop.openPullRequest({ head: `feature-${String(i)}` }));
  const all = Array.from({ length: 2500 }, (_, i) => {
    const build = deployed(shop, { ref: pulls[i % 10]?.headSha ?? '', environment: 'Preview' });
    // Most ended long ago; those that did not are spread over all pages.
    if (i % 10 !== 0 && i < 2480) build.setStatus('inactive');
    github.clock.advance(1000);
    return build;
  });
  for (const pull of pulls.slice(0, 5)) pull.close();
  github.requests.reset();
  await sweep();

  const newest = all.slice(-10);
  expect(states(...newest)).toEqual([...Array<string>(5).fill('inactive'), ...Array<string>(5).fill('success')]);
  expect(states(...all.slice(0, -10)).every((state) => state === 'inactive')).toBe(true);
  expect(all.every(({ statuses }) => statuses.filter(({ state }) => state === 'inactive').length <= 1)).toBe(true);
  const endings = 250 + 19 - 5;
  expect(github.requests.writes({ operation: 'CreateDeploymentStatuses' }).length).toBe(Math.ceil(endings / 20));
  // The pages of the listing, of the repository and of the environment, and a few questions beside them.
  expect(github.requests.count({ operation: 'RepositoryDeployments' })).toBeLessThanOrEqual(25);
  expect(github.requests.count({ operation: 'EnvironmentDeployments' })).toBeLessThanOrEqual(25);
  expect(github.requests.count()).toBeLessThan(100);
});

test('what is known to have ended is not read again with each delivery', async () => {
  const { github, shop, hold, settle, restart } = await startScenario({
    policy: policyFor('Preview', { transient: true, one_active_per: 'environment' }),
  });
  hold();
  for (let i = 0; i < 350; i += 1) {
    deployed(shop, { ref: 'main', environment: 'Preview' }).setStatus('inactive');
    github.clock.advance(1000);
  }
  await restart();
  const build = () => deployed(shop, { ref: 'main', environment: 'Preview' });
  const first = build();
  await settle();
  github.requests.reset();
  github.clock.advance(1000);
  const second = build();
  await settle();
  expect(states(first, second)).toEqual(['inactive', 'success']);
  expect(github.requests.count({ operation: 'EnvironmentDeployments' })).toBeLessThanOrEqual(3);
});
