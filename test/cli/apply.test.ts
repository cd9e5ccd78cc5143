import { expect, test } from '@jest/globals';
import type { DeploymentHandle } from '../simulator/index.ts';
import { deployed, policyFor, states } from '../scenarios/deployed.ts';
import { protectionPolicy } from '../scenarios/protecting.ts';
import { useCommandLine } from './command-line.ts';
import { startPlace, type Place } from './github.ts';

const lockkeeper = useCommandLine();
const REPO = ['--repo', 'acme/shop'];

function leftOver({ shop }: Place, ref: string): DeploymentHandle {
  const pull = shop.openPullRequest({ head: ref });
  const deployment = deployed(shop, { ref });
  shop.environment(deployment.environment);
  pull.close();
  return deployment;
}

const documentOf = (stdout: string) => JSON.parse(stdout) as Readonly<Record<string, unknown>>;

test('apply does what plan showed, down to the line, and leaves nothing to plan', async () => {
  const place = await startPlace({
    policy: policyFor('review/*', {
      transient: true,
      inactivate_on: ['pull_request_closed'],
      delete: { environment: true },
    }),
  });
  const { shop, environment } = place;
  const deployments = ['a', 'b', 'c'].map((ref) => leftOver(place, ref));
  const planned = await lockkeeper.call(['plan', ...REPO], environment);
  const applied = await lockkeeper.call(['apply', ...REPO], environment);
  const changesIn = (stdout: string) => stdout.split('\n').filter((line) => /^[-+~] /.test(line));
  expect(changesIn(applied.stdout)).toEqual(changesIn(planned.stdout));
  expect({ ...applied, stdout: applied.stdout.trimEnd().split('\n').at(-1) }).toEqual({
    code: 0,
    stdout: 'Done: 0 added, 3 changed, 3 deleted.',
    stderr: '',
  });
  expect(states(...deployments)).toEqual(['inactive', 'inactive', 'inactive']);
  expect(shop.environments()).toEqual([]);
  const again = await lockkeeper.call(['apply', ...REPO], environment);
  expect(again.stdout).toBe('No changes. Everything is as the policy says.\n');
});

test('apply does not hold a changed policy back, however much that would end', async () => {
  const place = await startPlace({ policy: policyFor('none') });
  const deployments = Array.from({ length: 45 }, (_, i) => leftOver(place, `b${i}`));
  place.shop.push({ files: { '.github/deployments.yml': policyFor('review/*') } });
  expect((await lockkeeper.call(['apply', ...REPO], place.environment)).code).toBe(0);
  expect(new Set(states(...deployments))).toEqual(new Set(['inactive']));
});

test('apply and plan give up as stuck what may wait for nobody, and leave to the app what may wait for a gate', async () => {
  const entry = {
    name: 'review/*',
    gates: [{ checks: ['build'] }],
    lifecycle: { transient: true, fail_stuck_after: '2h' },
  };
  const hoursAgo = new Date(Date.now() - 3 * 3_600_000);
  const { shop, environment, github } = await startPlace({
    policy: policyFor('', undefined, { environments: [entry, { ...entry, name: 'open/*', gates: [] }] }),
    simulator: { realTime: false, clock: hoursAgo },
  });
  const deploy = (name: string, ref = 'main') => shop.createDeployment({ ref, environment: name, transient: true });
  const pending = deploy('review/a');
  pending.setStatus('pending', { viaApp: true, description: 'Waiting: checks: build: no such check yet' });
  const unanswered = deploy('review/b');
  const superseded = deploy('review/c');
  const underWay = deploy('review/d');
  underWay.setStatus('in_progress');
  const ungated = deploy('open/a');
  shop.environment('review/e').protect({ rules: [github.app.slug] });
  const run = shop.addWorkflowRun({ environments: ['review/e'] });
  github.clock.advance(1000);
  const { sha } = shop.push({ files: { a: '1' } });
  const newest = deploy('review/c', sha);
  const stuck = [superseded, underWay, ungated];
  const planned = await lockkeeper.call(['plan', ...REPO], environment);
  for (const { id } of stuck) expect(planned.stdout).toContain(`deployment ${id} `);
  await lockkeeper.call(['apply', ...REPO], environment);
  expect(states(...stuck)).toEqual(['error', 'error', 'error']);
  expect(states(pending, unanswered, newest, run.deployment('review/e'))).toEqual([
    'pending',
    'pending',
    'pending',
    'waiting',
  ]);
});

test('apply stays within the limits, says so, and ends with 4', async () => {
  const place = await startPlace({ policy: policyFor('review/*', undefined, { limits: { inactivate: 2 } }) });
  const deployments = ['a', 'b', 'c'].map((ref) => leftOver(place, ref));
  const first = await lockkeeper.call(['apply', ...REPO, '--json'], place.environment);
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 4, stderr: '' });
  expect(documentOf(first.stdout)).toMatchObject({
    summary: { change: 2 },
    later: { inactivate: 1, delete: 0 },
    changes: [{ result: 'applied' }, { result: 'applied' }],
  });
  expect(states(...deployments).filter((state) => state === 'success')).toHaveLength(1);
  expect((await lockkeeper.call(['apply', ...REPO], place.environment)).code).toBe(0);
  expect(states(...deployments)).toEqual(['inactive', 'inactive', 'inactive']);
});

test('what GitHub refuses is told, each thing with its reason, and ends with 4', async () => {
  const place = await startPlace({ policy: policyFor('review/*') });
  const deployment = leftOver(place, 'a');
  const reader = place.as('reader', 'read');
  const told = await lockkeeper.call(['apply', ...REPO], reader);
  expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 4, stderr: '' });
  expect(told.stdout).toContain(`! refused: ~ deployment ${deployment.id}`);
  expect(told.stdout).toContain('Done: 0 added, 0 changed, 0 deleted, 1 refused.');
  const { stdout } = await lockkeeper.call(['apply', ...REPO, '--json'], reader);
  expect(documentOf(stdout)).toMatchObject({
    summary: { change: 0 },
    changes: [{ deployment: deployment.id, result: 'refused', detail: expect.any(String) }],
  });
  expect(deployment.state).toBe('success');
});

test('a workflow that GitHub will not dispatch is told, and does not hold the status up', async () => {
  const place = await startPlace({
    policy: policyFor('review/*', {
      inactivate_on: ['pull_request_closed'],
      on_inactive: { workflow: 'teardown.yml' },
    }),
  });
  const deployment = leftOver(place, 'a');
  const { code, stdout } = await lockkeeper.call(['apply', ...REPO], place.environment);
  expect(code).toBe(4);
  expect(stdout).toContain(`GitHub would not dispatch teardown.yml for deployment ${deployment.id}`);
  expect(stdout).toContain('Done: 0 added, 1 changed, 0 deleted.');
  expect(deployment.state).toBe('inactive');
});

test('mode: report changes nothing, and says so', async () => {
  const place = await startPlace({ policy: policyFor('review/*', undefined, { mode: 'report' }) });
  const deployment = leftOver(place, 'a');
  const { code, stdout } = await lockkeeper.call(['apply', ...REPO], place.environment);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('mode: report') });
  const asJson = await lockkeeper.call(['apply', ...REPO, '--json'], place.environment);
  expect(documentOf(asJson.stdout)).toMatchObject({ version: 1, mode: 'report', changes: [] });
  expect(deployment.state).toBe('success');
  expect(place.github.requests.writes()).toEqual([]);
});

test('a GitHub that fails halfway ends it with 7, after what was done was told', async () => {
  const place = await startPlace({
    policy: policyFor('review/*', { inactivate_on: ['pull_request_closed'], delete: { environment: true } }),
  });
  const deployment = leftOver(place, 'a');
  place.github.faults.add({ match: 'DELETE /repos/{owner}/{repo}/environments/{environment_name}', action: '503' });
  const { code, stdout, stderr } = await lockkeeper.call(['apply', ...REPO], place.environment);
  expect(code).toBe(7);
  expect(stdout).toContain(`~ deployment ${deployment.id}`);
  expect(stdout).toContain('Done: 0 added, 1 changed, 0 deleted.');
  expect(stderr).toMatch(/^error: GitHub could not be reached at [^\n]+\n$/);
});

test('apply makes an environment as the policy says, and tells what that was', async () => {
  const place = await startPlace({
    policy: JSON.stringify({
      version: 1,
      environments: [
        {
          name: 'production',
          protection: { wait_timer: 30, deployment_branch_policy: ['main'], variables: { LEVEL: 'info' } },
        },
      ],
    }),
  });
  const { shop, environment } = place;
  shop.environment('production').protect({ waitTimer: 5 });
  const planned = await lockkeeper.call(['plan', ...REPO, '--exit-code'], environment);
  expect(planned.code).toBe(3);
  const applied = await lockkeeper.call(['apply', ...REPO], environment);
  expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
  expect(applied.stdout).toMatch(/^~ .+production.*: .*5.* → .*30/m);
  expect(shop.environment('production')).toMatchObject({
    protection: { waitTimer: 30, branches: ['main'] },
    variables: { LEVEL: 'info' },
  });
  const again = await lockkeeper.call(['plan', ...REPO, '--exit-code'], environment);
  expect({ code: again.code, stdout: again.stdout }).toEqual({
    code: 0,
    stdout: 'No changes. Everything is as the policy says.\n',
  });
});

test('apply makes what can be made of protection, tells what cannot, and ends with 4', async () => {
  const place = await startPlace({
    policy: protectionPolicy([
      { name: 'production', protection: { wait_timer: 5, deployment_branch_policy: ['main', { tag: 'v*' }] } },
      { name: 'staging', protection: { wait_timer: 5, reviewers: [{ team: 'ghosts' }] } },
    ]),
  });
  const planned = await lockkeeper.call(['plan', ...REPO], place.environment);
  const applied = await lockkeeper.call(['apply', ...REPO], place.environment);
  expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 4, stderr: '' });
  expect(applied.stdout.split('\n\n')[0]).toBe(planned.stdout.split('\n\n')[0]);
  expect(place.shop.environment('production').protection).toMatchObject({ waitTimer: 5, branches: ['main', 'tag:v*'] });
  const again = await lockkeeper.call(['plan', ...REPO, '--exit-code'], place.environment);
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^No changes\.\n\nNeeds attention:\n! staging: /),
  });
});
