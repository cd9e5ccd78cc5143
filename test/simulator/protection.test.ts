import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installationClient, type Client } from './client.ts';
import { startSimulator, type RepositoryHandle, type Simulator } from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let client: Client;
let count = 0;

beforeAll(async () => {
  github = await startSimulator();
  client = await installationClient(github, github.install({ owner: 'acme' }).id);
});
beforeEach(() => {
  count += 1;
  shop = github.addRepository({ owner: 'acme', name: `shop-${count}`, private: true });
});
afterAll(() => github.stop());

const path = (rest: string) => `/repos/${shop.fullName}${rest}`;
const put = (name: string, body: unknown) =>
  client.send('PUT', path(`/environments/${encodeURIComponent(name)}`), body);

describe('putting an environment', () => {
  test('takes the whole object: what is left out is taken away', async () => {
    const team = github.addTeam('acme', 'sre', ['alice'], { repositories: { [shop.name]: 'read' } });
    const full = { wait_timer: 5, reviewers: [{ type: 'Team', id: team.id }], prevent_self_review: true };
    expect((await put('qa', full)).status).toBe(200);
    expect(shop.environment('qa').protection).toMatchObject({
      waitTimer: 5,
      reviewers: ['@acme/sre'],
      preventSelfReview: true,
    });
    await put('QA', { wait_timer: 6 });
    expect(shop.environment('qa').protection).toMatchObject({ waitTimer: 6, reviewers: [], preventSelfReview: false });
    expect(shop.environments()).toEqual(['qa']);
  });

  const refused = [
    ['a wait timer of more than thirty days', { wait_timer: 43_201 }],
    ['a reviewer who is not there', { reviewers: [{ type: 'User', id: 1 }] }],
    [
      'both kinds of branch policy',
      { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    ],
  ] as const;
  test.each(refused)('is refused with %s', async (_name, body) => {
    expect((await put('qa', body)).status).toBe(422);
    expect(shop.environments()).toEqual([]);
  });

  test('is refused on a private repository whose plan has no rules', async () => {
    shop = github.addRepository({ owner: 'acme', name: `poor-${count}`, private: true, paidFeatures: false });
    expect((await put('qa', { wait_timer: 1 })).status).toBe(422);
    expect((await put('qa', {})).status).toBe(200);
  });

  test('is refused where it names what the plan lacks, whatever it says of it', async () => {
    shop = github.addRepository({ owner: 'acme', name: `team-${count}`, private: true, reviewRules: false });
    const policy = { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } };
    expect((await put('qa', { ...policy, wait_timer: 0 })).status).toBe(422);
    expect((await put('qa', { ...policy, reviewers: [] })).status).toBe(422);
    expect((await put('qa', policy)).status).toBe(200);
  });
});

test('branch patterns are there only while the environment has custom policies', async () => {
  const policies = path('/environments/review%2Fa/deployment-branch-policies');
  await put('review/a', {});
  expect((await client.send('POST', policies, { name: 'main' })).status).toBe(404);
  await put('review/a', { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } });
  expect((await client.send('POST', policies, { name: 'main' })).status).toBe(200);
  expect((await client.send('POST', policies, { name: 'v*', type: 'tag' })).status).toBe(200);
  expect((await client.get(policies)).body).toMatchObject({ total_count: 2 });
  expect(shop.environment('review/a').protection.branches).toEqual(['main', 'tag:v*']);
});

test('rules of apps are those that are offered, each once', async () => {
  const datadog = github.addApp('datadog', { rule: true });
  const rules = path('/environments/qa/deployment_protection_rules');
  await put('qa', {});
  const offered = await client.get(`${rules}/apps`);
  expect(offered.body['total_count']).toBe(2);
  const enable = (id: number) => client.send('POST', rules, { integration_id: id });
  expect((await enable(datadog.id)).status).toBe(201);
  expect((await enable(datadog.id)).status).toBe(422);
  expect((await enable(1)).status).toBe(404);
  expect(shop.environment('qa').protection.rules).toEqual(['datadog']);
});

test('variables are kept in upper case and listed ten to a page', async () => {
  await put('qa', {});
  const variables = path('/environments/qa/variables');
  const add = (name: string) => client.send('POST', variables, { name, value: 'x' });
  expect((await add('level')).status).toBe(201);
  expect((await add('LEVEL')).status).toBe(409);
  expect((await add('GITHUB_X')).status).toBe(422);
  for (let index = 0; index < 10; index += 1) await add(`v${index}`);
  const { body } = await client.get(variables);
  expect(body['total_count']).toBe(11);
  expect(body['variables']).toHaveLength(10);
  expect((await client.send('PATCH', `${variables}/level`, { value: 'y' })).status).toBe(204);
  expect(shop.environment('qa').variables['LEVEL']).toBe('y');
});

test('a deploy key is there once on all of GitHub', async () => {
  const other = github.addRepository({ owner: 'globex', name: `other-${count}` });
  const key = `ssh-ed25519 ${Buffer.from(`key ${count}`).toString('base64')}`;
  const mine = other.addDeployKey({ title: 'mirror', key: `${key} comment` });
  const add = () => client.send('POST', path('/keys'), { title: 'mirror', key, read_only: true });
  const refusal = await add();
  expect([refusal.status, refusal.body['errors']?.[0]?.['message']]).toEqual([422, 'key is already in use']);
  other.removeDeployKey(mine.id);
  expect((await add()).status).toBe(201);
  expect(shop.deployKeys().map(({ title, readOnly }) => [title, readOnly])).toEqual([['mirror', true]]);
});

describe('a run of Actions that waits for a rule', () => {
  const report = (run: number, body: unknown) =>
    client.send('POST', path(`/actions/runs/${run}/deployment_protection_rule`), body);

  test('asks the app, takes reports and then a decision', async () => {
    shop.environment('production').protect({ rules: ['lockkeeper'] });
    github.deliverTo('http://127.0.0.1:1/', { mode: 'hold' });
    const run = shop.addWorkflowRun({ environments: ['production', 'qa'], jobs: ['build'] });
    github.deliverTo(null);
    const asked = github.held.find(({ event }) => event === 'deployment_protection_rule');
    expect(asked?.payload).toMatchObject({
      action: 'requested',
      environment: 'production',
      deployment_callback_url: `${github.enterpriseUrl}${path(`/actions/runs/${run.id}/deployment_protection_rule`)}`,
    });
    expect([run.status, run.pending]).toEqual(['waiting', ['production']]);
    expect(run.deployment('production').state).toBe('waiting');
    const pending = await client.get(path(`/actions/runs/${run.id}/pending_deployments`));
    expect(pending.body[0]).toMatchObject({ environment: { name: 'production' } });

    const environment_name = 'production';
    expect((await report(run.id, { environment_name, comment: 'x'.repeat(1025) })).status).toBe(422);
    for (let index = 0; index < 9; index += 1) await report(run.id, { environment_name, comment: `waits ${index}` });
    expect((await report(run.id, { environment_name, state: 'approved', comment: 'go' })).status).toBe(204);
    expect([run.status, run.reports.length, run.deployment('production').state]).toEqual([
      'in_progress',
      10,
      'in_progress',
    ]);
    expect((await report(run.id, { environment_name, comment: 'late' })).status).toBe(404);
    run.complete();
    expect(run.deployment('production').state).toBe('success');
  });

  test('takes ten reports and no more', async () => {
    shop.environment('production').protect({ rules: ['lockkeeper'] });
    const run = shop.addWorkflowRun({ environments: ['production'] });
    const statuses = [];
    for (let index = 0; index < 11; index += 1) {
      statuses.push((await report(run.id, { environment_name: 'production', comment: `${index}` })).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(204), 422]);
  });

  test('fails when it is rejected', async () => {
    shop.environment('production').protect({ rules: ['lockkeeper'] });
    const run = shop.addWorkflowRun({ environments: ['production'] });
    await report(run.id, { environment_name: 'production', state: 'rejected', comment: 'no' });
    expect([run.status, run.conclusion, run.deployment('production').state]).toEqual([
      'completed',
      'failure',
      'failure',
    ]);
  });
});

describe('dispatching a workflow', () => {
  const dispatch = (file: string, inputs?: unknown) =>
    client.send('POST', path(`/actions/workflows/${file}/dispatches`), { ref: 'main', inputs });

  test('takes the inputs that the file declares', async () => {
    const workflow =
      'on:\n  workflow_dispatch:\n    inputs:\n      environment: { required: true }\n      reason: {}\njobs: {}\n';
    shop.push({ files: { '.github/workflows/teardown.yml': workflow, '.github/workflows/ci.yml': 'on: push\n' } });
    expect((await dispatch('teardown.yml', { environment: 'qa' })).status).toBe(204);
    expect((await dispatch('teardown.yml', { environment: 'qa', other: 'x' })).status).toBe(422);
    expect((await dispatch('teardown.yml')).status).toBe(422);
    expect((await dispatch('ci.yml')).status).toBe(422);
    expect((await dispatch('gone.yml')).status).toBe(404);
    expect(shop.dispatches.map(({ workflow: file, inputs }) => [file, inputs])).toEqual([
      ['teardown.yml', { environment: 'qa' }],
    ]);
  });
});
