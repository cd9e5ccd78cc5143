import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, started } from './deployed.ts';
import { HOUR, startScenario } from './harness.ts';

const POLICY = policyFor('review/*', {
  transient: true,
  one_active_per: 'environment',
  inactivate_on: ['pull_request_closed'],
  fail_stuck_after: '2h',
  on_inactive: { workflow: 'teardown.yml' },
});
const DISPATCH = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';

const names = ['environment', 'deployment_id', 'ref', 'sha', 'reason'];
const workflow = (inputs: readonly string[]) =>
  JSON.stringify({
    on: { workflow_dispatch: { inputs: Object.fromEntries(inputs.map((name) => [name, { type: 'string' }])) } },
    jobs: {},
  });
const FILE = { '.github/workflows/teardown.yml': workflow(names) };

describe('on_inactive', () => {
  test('dispatches the workflow on the default branch before the status is written', async () => {
    const { github, shop, settle } = await startScenario({ policy: POLICY });
    shop.push({ files: FILE });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.state).toBe('inactive');
    expect(shop.dispatches).toMatchObject([
      {
        workflow: 'teardown.yml',
        ref: 'main',
        inputs: {
          environment: 'review/feature',
          deployment_id: String(build.id),
          ref: 'feature',
          sha: build.sha,
          reason: 'pull_request_closed',
        },
      },
    ]);
    const [dispatch] = github.requests.list({ route: DISPATCH });
    const [status] = github.requests.list({ operation: 'CreateDeploymentStatuses' });
    expect(Number(dispatch?.number)).toBeLessThan(Number(status?.number));
  });

  test('dispatches once for each deployment that ends', async () => {
    const { github, shop, settle } = await startScenario({ policy: POLICY });
    shop.push({ files: FILE });
    shop.openPullRequest({ head: 'feature' });
    const builds = [1, 2, 3].map(() => {
      github.clock.advance(1000);
      return deployed(shop, { ref: 'feature' });
    });
    await settle();
    expect(shop.dispatches.map(({ inputs }) => inputs['deployment_id']).sort()).toEqual(
      builds.slice(0, 2).map(({ id }) => String(id)),
    );
  });

  test('is not asked for what fails', async () => {
    const { github, shop, sweep } = await startScenario({ policy: POLICY });
    shop.push({ files: FILE });
    const build = started(shop, { ref: 'main' });
    github.clock.advance(3 * HOUR);
    await sweep();
    expect(build.state).toBe('error');
    expect(shop.dispatches).toEqual([]);
  });

  test.each([
    ['a workflow that is not there', {}],
    ['a workflow that is not started by hand', { '.github/workflows/teardown.yml': 'on: push\njobs: {}\n' }],
    ['a workflow that does not take the inputs', { '.github/workflows/teardown.yml': workflow(names.slice(0, 3)) }],
  ])('that GitHub refuses, as for %s, is reported and does not hold the status up', async (_title, files) => {
    const { shop, settle, findings } = await startScenario({ policy: POLICY });
    shop.push({ files });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.statuses.map(({ state }) => state)).toEqual(['success', 'inactive']);
    expect(findings()).toContain('dispatch_refused');
    expect(shop.dispatches).toEqual([]);
  });

  test('that the installation may not do is reported and does not hold the status up', async () => {
    const { shop, installation, settle, findings } = await startScenario({ policy: POLICY });
    installation.grant({ ...installation.permissions, actions: 'read' });
    shop.push({ files: FILE });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.state).toBe('inactive');
    expect(findings()).toContain('dispatch_refused');
  });

  test('whose answer is lost is asked again, and the status is written once', async () => {
    const { github, shop, settle } = await startScenario({ policy: POLICY });
    shop.push({ files: FILE });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    github.faults.add({ match: DISPATCH, action: 'drop-after-apply' });
    pull.close();
    await settle();
    expect(build.statuses.map(({ state }) => state)).toEqual(['success', 'inactive']);
    expect(shop.dispatches.map(({ inputs }) => inputs['deployment_id'])).toEqual([String(build.id), String(build.id)]);
  });
});
