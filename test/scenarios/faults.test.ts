import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { FaultAction } from '../simulator/index.ts';
import { deployed, policyFor, REVIEW, states } from './deployed.ts';
import { DAY, HOUR, MINUTE, startScenario, type Scenario } from './harness.ts';

const CREATE = 'CreateDeploymentStatuses';
const CREATE_ONE = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
const DELETE = 'DeleteDeployments';

/** Five deployments that a closed pull request leaves, each of an environment of its own or of one. */
function leftOver({ shop, github }: Scenario, environment: (i: number) => string, count = 5) {
  const pull = shop.openPullRequest({ head: 'feature' });
  const builds = Array.from({ length: count }, (_, i) => {
    github.clock.advance(MINUTE);
    return deployed(shop, { ref: 'feature', environment: environment(i) });
  });
  return { pull, builds };
}

/** Timers are real; only the time of day is not. */
const EVERYTHING_BUT_DATES = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

const SHARED = policyFor('shared', { transient: true, inactivate_on: ['pull_request_closed'] });
const once = ['success', 'inactive'];
const history = (builds: ReturnType<typeof leftOver>['builds']) =>
  builds.map(({ statuses }) => statuses.map(({ state }) => state));

describe('reads that fail', () => {
  const all: readonly FaultAction[] = [
    '500',
    '502',
    '503',
    'drop-before',
    'cut-body',
    'secondary-limit',
    'graphql-lost',
  ];
  const some: readonly FaultAction[] = ['502', 'cut-body', 'secondary-limit'];

  test.each([
    ['EnvironmentDeployments', all],
    ['RepositoryDeployments', some],
    ['Whereabouts', some],
    ['GET /repos/{owner}/{repo}/deployments', some],
    ['POST /app/installations/{installation_id}/access_tokens', some],
  ])('%s are asked again', async (match, actions) => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle, sweep, installation } = scenario;
    for (const action of actions) {
      const { pull, builds } = leftOver(scenario, () => 'shared', 2);
      await settle();
      const remove = github.faults.add({ match, action, times: 2, retryAfter: 1 });
      // From here on another token is needed.
      installation.grant(installation.permissions);
      pull.close();
      await settle();
      await sweep();
      remove();
      expect([action, ...history(builds)]).toEqual([action, ...builds.map(() => once)]);
      pull.reopen();
      pull.merge({ deleteBranch: true });
      github.clock.advance(MINUTE);
    }
  });

  test('longer than the job has patience are made up for by the next sweep', async () => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle, sweep, lines } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    const remove = github.faults.add({ action: '502', times: 1000, match: ({ write }) => !write });
    pull.close();
    await settle();
    // Deliveries are taken all the while: GitHub does not send them twice.
    const ready = await fetch(new URL('/readyz', scenario.webhooks()));
    expect(ready.status).toBe(200);
    expect(github.deliveries.map(({ status }) => status)).not.toContain(503);
    expect(states(...builds)).toEqual(builds.map(() => 'success'));
    expect(lines.map(({ msg }) => msg)).toContain('job failed too often; it is left to the sweep');
    remove();
    await sweep();
    expect(history(builds)).toEqual(builds.map(() => once));
  });
});

describe('a write whose answer is lost is carried out once', () => {
  const lost: readonly FaultAction[] = [
    '500',
    '502',
    '503',
    'drop-before',
    'drop-after-apply',
    'cut-body',
    'graphql-lost',
  ];

  test.each(lost)('%s, of statuses', async (action) => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    github.faults.add({ match: CREATE, action });
    pull.close();
    await settle();
    expect(history(builds)).toEqual(builds.map(() => once));
  });

  test.each(lost)('%s, of deletions', async (action) => {
    const scenario = await startScenario({
      policy: policyFor('shared', {
        transient: true,
        inactivate_on: ['pull_request_closed'],
        delete: { after: '1d', keep: 1 },
      }),
    });
    const { github, settle, sweep, findings } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    pull.close();
    await settle();
    github.clock.advance(2 * DAY);
    github.faults.add({ match: DELETE, action });
    await sweep();
    expect(states(...builds)).toEqual(['deleted', 'deleted', 'deleted', 'deleted', 'inactive']);
    expect(findings()).toEqual([]);
  });

  test.each(['drop-before', 'drop-after-apply', 'cut-body', '502'] as const)(
    '%s, also where GraphQL refused a part of it and REST does the rest',
    async (action) => {
      const scenario = await startScenario({ policy: SHARED });
      const { github, settle } = scenario;
      const { pull, builds } = leftOver(scenario, () => 'shared');
      await settle();
      github.faults.add({ match: CREATE, action: 'graphql-partial' });
      github.faults.add({ match: CREATE_ONE, action });
      pull.close();
      await settle();
      expect(history(builds)).toEqual(builds.map(() => once));
    },
  );

  test('twice in a row', async () => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    github.faults.add({ match: CREATE, action: 'drop-before', times: 2 });
    pull.close();
    await settle();
    expect(history(builds)).toEqual(builds.map(() => once));
  });
});

test('a part that GraphQL does not carry out is read again and mended', async () => {
  const scenario = await startScenario({ policy: SHARED });
  const { github, settle } = scenario;
  const { pull, builds } = leftOver(scenario, () => 'shared');
  await settle();
  github.faults.add({ match: CREATE, action: 'graphql-partial' });
  github.requests.reset();
  pull.close();
  await settle();
  expect(history(builds)).toEqual(builds.map(() => once));
  expect(github.requests.count({ operation: 'DeploymentStates' })).toBeGreaterThan(0);
});

test('a write that GitHub puts off is sent again and made once', async () => {
  const scenario = await startScenario({ policy: SHARED });
  const { github, settle } = scenario;
  const { pull, builds } = leftOver(scenario, () => 'shared');
  await settle();
  github.faults.add({ match: CREATE, action: 'secondary-limit', retryAfter: 1 });
  pull.close();
  await settle();
  expect(history(builds)).toEqual(builds.map(() => once));
});

describe("when everybody's clock is two hours on", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test('the token that has expired is replaced, and what it was refused for is done once', async () => {
    const scenario = await startScenario({ policy: SHARED, simulator: { wall: () => Date.now() } });
    const { github, settle } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    const tokens = () => github.requests.tokens().filter(({ method }) => method === 'POST').length;
    const before = tokens();
    jest.useFakeTimers({ now: Date.now() + 2 * HOUR, doNotFake: [...EVERYTHING_BUT_DATES] });
    pull.close();
    await settle();
    expect(history(builds)).toEqual(builds.map(() => once));
    // One to read with, and one to write with.
    expect(tokens()).toBe(before + 2);
  });
});

describe('what changes between the look and the write', () => {
  test('a deployment that is deleted is no trouble', async () => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle, findings } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    const [first, ...others] = builds;
    github.faults.add({
      action: 'delay',
      match: ({ operation }) => {
        if (operation === CREATE && first?.exists === true) {
          first.setStatus('failure');
          first.delete();
        }
        return false;
      },
    });
    pull.close();
    await settle();
    expect(first?.exists).toBe(false);
    expect(history(others)).toEqual(others.map(() => once));
    expect(findings()).toEqual([]);
  });

  test('a deployment that somebody else ended meanwhile gets no second status where the first answer was lost', async () => {
    const scenario = await startScenario({ policy: SHARED });
    const { github, settle } = scenario;
    const { pull, builds } = leftOver(scenario, () => 'shared');
    await settle();
    github.faults.add({
      action: 'drop-before',
      match: ({ operation }) => {
        if (operation === CREATE) builds[0]?.setStatus('failure');
        return operation === CREATE;
      },
    });
    pull.close();
    await settle();
    expect(history(builds)).toEqual([['success', 'failure'], ...builds.slice(1).map(() => once)]);
  });
});

test.each([1, 2, 3, 4])(
  'whatever fails at random (seed %i), each deployment ends once, at the latest with a sweep',
  async (seed) => {
    const scenario = await startScenario({ policy: REVIEW });
    const { github, settle, sweep } = scenario;
    const { pull, builds } = leftOver(scenario, (i) => `review/${String(i % 2)}`);
    await settle();
    github.faults.random({
      seed,
      rate: 0.4,
      actions: ['500', '502', 'drop-before', 'drop-after-apply', 'cut-body', 'graphql-partial', 'graphql-lost'],
    });
    pull.close();
    await settle();
    await sweep();
    github.faults.clear();
    await sweep();
    expect(history(builds)).toEqual(builds.map(() => once));
  },
);
