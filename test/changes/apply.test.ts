import { describe, expect, test } from '@jest/globals';
import { applyGates } from '../../src/changes/apply-gates.ts';
import { applyChanges } from '../../src/changes/apply.ts';
import { deploymentId } from '../../src/github/trusted.ts';
import type { DeploymentHandle, FaultAction } from '../simulator/index.ts';
import { deletion, ending, listen, startWorkbench, type Workbench } from './workbench.ts';

const CREATE = 'CreateDeploymentStatuses';
const CREATE_ONE = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';

function active({ shop }: Workbench, count: number): readonly DeploymentHandle[] {
  return Array.from({ length: count }, (_, i) => {
    const deployment = shop.createDeployment({ ref: 'main', environment: `review/${String(i)}`, transient: true });
    deployment.setStatus('success', { environmentUrl: `https://${String(i)}.example`, logUrl: 'https://log.example' });
    return deployment;
  });
}

function ended(bench: Workbench, count: number): readonly DeploymentHandle[] {
  const all = active(bench, count);
  for (const deployment of all) deployment.setStatus('inactive');
  return all;
}

const history = ({ statuses }: DeploymentHandle) => statuses.map(({ state }) => state);

test('statuses are written twenty at a time, in order, and keep the addresses and the environment', async () => {
  const bench = await startWorkbench();
  const { client, repository, github } = bench;
  const all = active(bench, 45);
  const told = listen();
  await applyChanges(client, repository, { changes: all.map((one) => ending(one)), listener: told });
  expect(github.requests.list().map(({ operation }) => operation)).toEqual([CREATE, CREATE, CREATE]);
  expect(told.outcomes.map(({ result }) => result)).toEqual(all.map(() => 'applied'));
  for (const [i, one] of all.entries()) {
    expect(history(one)).toEqual(['success', 'inactive']);
    expect(one.statuses.at(-1)).toMatchObject({
      environment: `review/${String(i)}`,
      environmentUrl: `https://${String(i)}.example`,
      logUrl: 'https://log.example',
      description: 'Pull request #1 is closed (inactivate_on: pull_request_closed)',
    });
  }
  const ids = all.map((one) => one.statuses.at(-1)?.id ?? 0);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test('a status sends auto_inactive: false and never an environment, in GraphQL and in REST', async () => {
  const bench = await startWorkbench();
  const { client, repository, github } = bench;
  const [one] = active(bench, 1);
  if (one === undefined) throw new Error('There is none');
  github.faults.add({ match: CREATE, action: 'graphql-partial', fails: () => true, times: 2 });
  await applyChanges(client, repository, { changes: [ending(one)], listener: listen() });
  expect(history(one)).toEqual(['success', 'inactive']);
  const sent = github.requests.writes().map(({ body }) => JSON.stringify(body));
  expect(sent.length).toBeGreaterThan(1);
  for (const body of sent) {
    expect(body).toMatch(/"auto_?inactive":false/i);
    expect(body).not.toMatch(/"environment":/);
  }
});

test('environments come first, then statuses, then deletions, whatever order they are given in', async () => {
  const bench = await startWorkbench();
  const { client, repository, shop, github } = bench;
  const [over] = active(bench, 1);
  const [old] = ended(bench, 1);
  if (over === undefined || old === undefined) throw new Error('There are none');
  shop.environment('review/empty');
  const environment = {
    kind: 'delete_environment',
    environment: 'review/empty',
    expect: { deployments: [], spellings: ['review/empty'] },
    rule: 'delete_environment',
    reason: 'Over.',
  } as const;
  const told = listen();
  await applyChanges(client, repository, { changes: [environment, deletion(old), ending(over)], listener: told });
  expect(told.outcomes.map(({ change }) => change.kind)).toEqual([
    'delete_environment',
    'deployment_status',
    'delete_deployment',
  ]);
  expect(github.requests.writes()).toHaveLength(3);
  expect([over.state, old.exists, shop.environments()]).toEqual(['inactive', false, ['review/0']]);
});

describe('a long list is read again before it goes on', () => {
  test('and what has changed meanwhile is left', async () => {
    const bench = await startWorkbench();
    const { client, repository, github } = bench;
    const all = active(bench, 203);
    const changes = all.map((one) => ending(one));
    const [again, done, gone] = all.slice(200);
    let requests = 0;
    github.faults.add({
      action: 'delay',
      match: ({ operation }) => {
        requests += operation === CREATE ? 1 : 0;
        if (requests === 5 && gone?.exists === true) {
          again?.setStatus('success');
          done?.setStatus('inactive');
          gone.setStatus('failure');
          gone.delete();
        }
        return false;
      },
    });
    const told = listen();
    await applyChanges(client, repository, { changes, listener: told });
    expect(all.slice(200).map((one) => told.of(one))).toEqual([['overtaken'], ['already'], ['overtaken']]);
    expect([again, done].map((one) => one?.statuses.length)).toEqual([2, 2]);
    expect(told.outcomes).toHaveLength(203);
    expect(github.requests.count({ operation: CREATE })).toBe(10);
  });
});

describe('what GitHub will not do', () => {
  test('for want of a permission is told as refused, each once', async () => {
    const bench = await startWorkbench();
    const { client, repository, installation } = bench;
    installation.grant({ ...installation.permissions, deployments: 'read' });
    const all = active(bench, 3);
    const told = listen();
    await applyChanges(client, repository, { changes: all.map((one) => ending(one)), listener: told });
    expect(all.map((one) => told.of(one))).toEqual(all.map(() => ['refused']));
    expect(all.map(history)).toEqual(all.map(() => ['success']));
  });

  test('does not hold up the rest', async () => {
    const bench = await startWorkbench();
    const { client, repository, github } = bench;
    const all = active(bench, 4);
    github.faults.add({
      match: CREATE,
      action: 'graphql-partial',
      fails: (_, i, count) => count === 1 || i === 1,
      times: 2,
    });
    github.faults.add({ match: CREATE_ONE, action: '403-permission' });
    const told = listen();
    await applyChanges(client, repository, { changes: all.map((one) => ending(one)), listener: told });
    expect(all.map((one) => told.of(one))).toEqual([['applied'], ['refused'], ['applied'], ['applied']]);
  });

  test('because it is not there any more is no refusal', async () => {
    const bench = await startWorkbench();
    const { client, repository } = bench;
    const [over] = active(bench, 1);
    const [old] = ended(bench, 1);
    if (over === undefined || old === undefined) throw new Error('There are none');
    const changes = [ending(over), deletion(old)];
    over.setStatus('failure');
    over.delete();
    old.delete();
    const told = listen();
    await applyChanges(client, repository, { changes, listener: told });
    expect([told.of(over), told.of(old)]).toEqual([['overtaken'], ['applied']]);
  });

  test('because the deployment to delete is active again is told as overtaken, and it stays', async () => {
    const bench = await startWorkbench();
    const { client, repository } = bench;
    const [other, old] = ended(bench, 2);
    if (old === undefined || other === undefined) throw new Error('There is none');
    const changes = [deletion(old), deletion(other)];
    old.setStatus('success');
    const told = listen();
    await applyChanges(client, repository, { changes, listener: told });
    expect([told.of(old), told.of(other)]).toEqual([['overtaken'], ['applied']]);
    expect([old.exists, other.exists]).toEqual([true, false]);
  });
});

test('an outage is thrown, and what was done until then was told', async () => {
  const bench = await startWorkbench();
  const { client, repository, github } = bench;
  const all = active(bench, 30);
  let writes = 0;
  github.faults.add({
    action: '502',
    times: 1000,
    match: ({ operation }) => {
      writes += operation === CREATE ? 1 : 0;
      return writes > 1;
    },
  });
  const told = listen();
  const work = applyChanges(client, repository, { changes: all.map((one) => ending(one)), listener: told });
  await expect(work).rejects.toMatchObject({ name: 'GitHubError', kind: 'unavailable' });
  expect(told.outcomes.map(({ result }) => result)).toEqual(Array<string>(20).fill('applied'));
});

const ACTIONS: readonly FaultAction[] = [
  '500',
  'drop-before',
  'drop-after-apply',
  'cut-body',
  'graphql-lost',
  'graphql-partial',
  'secondary-limit',
];

test.each([1, 2, 3, 4, 5, 6])(
  'whatever fails (seed %i), nothing is written twice and nothing is told that is not so',
  async (seed) => {
    const bench = await startWorkbench();
    const { client, repository, github } = bench;
    const [over, old] = [active(bench, 8), ended(bench, 4)];
    const changes = [...over.map((one) => ending(one)), ...old.map(deletion)];
    github.faults.random({ seed, rate: 0.5, actions: ACTIONS });
    const told = listen();
    await applyChanges(client, repository, { changes, listener: told }).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'GitHubError' });
    });
    for (const one of over) {
      expect(history(one).slice(2)).toEqual([]);
      if (told.of(one).length > 0) expect([told.of(one), one.state]).toEqual([['applied'], 'inactive']);
    }
    for (const one of old) {
      if (told.of(one).length > 0) expect([told.of(one), one.exists]).toEqual([['applied'], false]);
    }
  },
);

describe('a teardown', () => {
  const teardown = {
    workflow: 'teardown.yml',
    ref: 'main',
    inputs: {
      environment: 'review/0',
      deployment_id: '1',
      ref: 'main',
      sha: 'a'.repeat(40),
      reason: 'pull_request_closed',
    },
  } as const;

  test('that GitHub refuses is told, and the status is written', async () => {
    const bench = await startWorkbench();
    const { client, repository } = bench;
    const [one] = active(bench, 1);
    if (one === undefined) throw new Error('There is none');
    const told = listen();
    await applyChanges(client, repository, { changes: [ending(one, { teardown })], listener: told });
    expect(told.refusedDispatches).toHaveLength(1);
    expect([told.of(one), one.state]).toEqual([['applied'], 'inactive']);
  });

  test('that nobody knows of is thrown, before any status', async () => {
    const bench = await startWorkbench();
    const { client, repository, github } = bench;
    const [one] = active(bench, 1);
    if (one === undefined) throw new Error('There is none');
    github.faults.add({ match: ({ route }) => String(route).endsWith('/dispatches'), action: 'drop-before' });
    const told = listen();
    const work = applyChanges(client, repository, { changes: [ending(one, { teardown })], listener: told });
    await expect(work).rejects.toMatchObject({ kind: 'lost' });
    expect([told.outcomes, one.state]).toEqual([[], 'success']);
  });
});

test.each([
  ['queued', 'failure', 'overtaken'],
  ['failure', 'queued', 'overtaken'],
  ['queued', 'queued', 'already'],
  ['pending', 'queued', 'applied'],
] as const)('what another process has said of a deployment stands: %s, then %s', async (first, then, expected) => {
  const { shop, github, client, repository } = await startWorkbench();
  const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
  deployment.setStatus(first, { viaApp: true });
  const results: string[] = [];
  await applyGates(client, repository, {
    changes: [
      {
        kind: 'gate_status',
        deployment: { id: deploymentId(deployment.id), environment: 'production' },
        state: then,
        description: 'What this process says',
        logUrl: null,
        own: { appId: github.app.id, slug: github.app.slug },
        rule: 'gates',
        reason: 'it says so',
      },
    ],
    outcome: (_, { result }) => results.push(result),
  });
  expect(results).toEqual([expected]);
  expect(history(deployment)).toEqual(expected === 'applied' ? [first, then] : [first]);
});
