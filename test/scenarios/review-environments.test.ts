import { describe, expect, test } from '@jest/globals';
import type { EnvironmentHandle } from '../simulator/handles/environment.ts';
import type { RepositoryHandle, Simulator } from '../simulator/index.ts';
import { deployed, policyFor, REVIEW, started, states } from './deployed.ts';
import { HOUR, MINUTE, startScenario } from './harness.ts';
import { headReport } from './protecting.ts';

const OVER = {
  transient: true,
  one_active_per: 'environment',
  inactivate_on: ['pull_request_closed', 'ref_deleted'],
  delete: { environment: true },
};
const DELETED = policyFor('review/*', OVER);

describe('an environment for each pull request', () => {
  test('has its newest deployment as long as the pull request is open, and none afterwards', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const first = deployed(shop, { ref: 'feature' });
    github.clock.advance(MINUTE);
    pull.push();
    const second = deployed(shop, { ref: 'feature' });
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'success']);
    pull.merge({ deleteBranch: true });
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'inactive']);
    expect(shop.environments()).toEqual(['review/feature']);
  });

  test('is deleted with it where the policy says so, at once', async () => {
    const { shop, settle } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    shop.openPullRequest({ head: 'other' });
    const build = deployed(shop, { ref: 'feature' });
    deployed(shop, { ref: 'other' });
    await settle();
    pull.close();
    await settle();
    expect(build.state).toBe('inactive');
    expect(shop.environments()).toEqual(['review/other']);
  });

  test('is deleted when its branch is, though it never had a pull request', async () => {
    const { shop, settle } = await startScenario({ policy: DELETED });
    shop.push({ branch: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    shop.deleteBranch('feature');
    await settle();
    expect(build.state).toBe('inactive');
    expect(shop.environments()).toEqual([]);
  });

  test('is found to be over by a sweep though every delivery was lost', async () => {
    const { github, shop, restart } = await startScenario({ policy: DELETED });
    github.deliverTo(null);
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    pull.close();
    await restart();
    expect(shop.environments()).toEqual([]);
  });

  test('is deleted though all that was deployed to it failed', async () => {
    const { shop, settle } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = started(shop, { ref: 'feature' });
    build.setStatus('failure');
    pull.close();
    await settle();
    expect(build.state).toBe('failure');
    expect(shop.environments()).toEqual([]);
  });

  test('stays while something in it is in flight, and goes when that has ended', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    const late = started(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(shop.environments()).toEqual(['review/feature']);
    github.clock.advance(HOUR);
    await sweep();
    expect(late.state).toBe('inactive');
    expect(shop.environments()).toEqual([]);
  });

  test('stays where something in it is not transient', async () => {
    const { transient: _, ...lifecycle } = OVER;
    const { shop, settle, sweep } = await startScenario({ policy: policyFor('review/*', lifecycle) });
    const pull = shop.openPullRequest({ head: 'feature' });
    started(shop, { ref: 'feature', transient: false }).setStatus('failure');
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('inactive');
    expect(shop.environments()).toEqual(['review/feature']);
  });

  test('stays where a deployment of it is of a commit that belongs to no pull request', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    const environment = 'review/feature';
    deployed(shop, { ref: shop.head().sha, environment }).setStatus('inactive');
    deployed(shop, { ref: 'feature', environment });
    pull.close();
    await settle();
    await sweep();
    expect(shop.environments()).toEqual([environment]);
  });

  test('stays where it has had no deployment', async () => {
    const { shop, sweep } = await startScenario({ policy: DELETED });
    shop.environment('review/new');
    await sweep();
    expect(shop.environments()).toEqual(['review/new']);
  });

  test("is looked at by its deployments' latest environment: what moved away does not hold it", async () => {
    const { shop, settle } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    started(shop, { ref: 'feature' }).setStatus('success', { environment: 'staging' });
    pull.close();
    await settle();
    expect(shop.environments()).toEqual(['staging']);
  });
});

describe('an environment that is over stays, and the log says why, where it has', () => {
  type Guard = (environment: EnvironmentHandle, github: Simulator) => void;
  const guards: readonly (readonly [string, Guard])[] = [
    [
      'a wait timer',
      (environment) => {
        environment.protect({ waitTimer: 5 });
      },
    ],
    [
      'reviewers',
      (environment) => {
        environment.protect({ reviewers: ['mona'] });
      },
    ],
    [
      'branch patterns',
      (environment) => {
        environment.protect({ branches: ['release/*'] });
      },
    ],
    [
      'a policy that wants protected branches',
      (environment) => {
        environment.protect({ branches: 'protected' });
      },
    ],
    [
      'a custom rule',
      (environment) => {
        environment.protect({ rules: ['datadog'] });
      },
    ],
    [
      'a variable',
      (environment) => {
        environment.setVariable('LOG_LEVEL', 'info');
      },
    ],
    [
      'a secret',
      (environment) => {
        environment.addSecret('TOKEN');
      },
    ],
  ];

  test.each(guards)('%s', async (_title, guard) => {
    const { github, shop, settle, sweep, findings } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    guard(shop.environment('review/feature'), github);
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('inactive');
    expect(shop.environments()).toEqual(['review/feature']);
    expect(findings()).toContain('environment_guarded');
  });

  test('a waiting run', async () => {
    const { shop, settle, sweep, findings } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    const environment = shop.environment('review/feature');
    environment.protect({ rules: ['datadog'] });
    const run = shop.addWorkflowRun({ branch: 'feature', environments: ['review/feature'] });
    environment.protect({ rules: [] });
    // What waits is a deployment of its own; without it, only the run is left to say so.
    shop.deployments('review/feature').at(-1)?.setStatus('inactive');
    pull.close();
    await settle();
    await sweep();
    expect(run.status).toBe('waiting');
    expect(shop.environments()).toEqual(['review/feature']);
    expect(findings()).toContain('environment_guarded');
  });

  test('an entry of its exact name', async () => {
    const { shop, settle, sweep } = await startScenario({
      policy: JSON.stringify({
        version: 1,
        environments: [
          { name: 'review/*', lifecycle: OVER },
          { name: 'review/feature', lifecycle: OVER },
        ],
      }),
    });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('inactive');
    expect(shop.environments()).toEqual(['review/feature']);
  });

  test('anything that the app may not read', async () => {
    const { github, shop, settle, sweep, findings } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    await settle();
    const GUARDED = 'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets';
    github.faults.add({ match: GUARDED, action: '404', times: 100 });
    pull.close();
    await settle();
    await sweep();
    expect(shop.environments()).toEqual(['review/feature']);
    expect(findings()).toContain('environment_guarded');
    expect(github.requests.count({ method: 'DELETE' })).toBe(0);
  });
});

describe('the report on the default branch’s head', () => {
  test('tells of environments that were deleted, also after a restart and a push', async () => {
    const scenario = await startScenario({ policy: DELETED });
    const { shop, settle } = scenario;
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    const { conclusion, section } = headReport(scenario);
    expect(conclusion).toBe('success');
    expect(section('Deleted')).toMatch(/^\n?- `-` environment `review\/feature`\. .* UTC\)\n*$/);
    shop.push({ files: { 'src/a.ts': 'export {};\n' } });
    await scenario.restart();
    expect(headReport(scenario).section('Deleted')).toBe(section('Deleted'));
  });

  test('tells of deployments that were deleted in one line, and of statuses not at all', async () => {
    const scenario = await startScenario({
      policy: policyFor('review/*', { transient: true, one_active_per: 'environment', delete: { after: '1d' } }),
    });
    const { github, shop, settle, sweep } = scenario;
    const writes = () => github.requests.list().filter(({ route }) => /^(POST|PATCH) .*check-runs/.test(route ?? ''));
    const all = Array.from({ length: 5 }, () => {
      github.clock.advance(MINUTE);
      return deployed(shop, { ref: 'main' });
    });
    await settle();
    await sweep();
    expect(states(...all)).toEqual(['inactive', 'inactive', 'inactive', 'inactive', 'success']);
    expect(headReport(scenario).section('Deleted')).toBe('');
    expect(writes()).toHaveLength(1);
    github.clock.advance(49 * HOUR);
    await sweep();
    expect(states(...all)).toEqual(['deleted', 'deleted', 'deleted', 'deleted', 'success']);
    expect(headReport(scenario).section('Deleted')).toMatch(/^\n?- `-` 4 deployments of `review\/main`\. .*\n*$/);
    expect(writes()).toHaveLength(2);
  });
});

describe('environments that the installation may not delete', () => {
  test.each(['environments', 'administration'] as const)(
    'stay, which is told once by the name of the permission, and not tried again until it is granted: %s',
    async (missing) => {
      const scenario = await startScenario({ policy: DELETED });
      const { github, shop, installation, settle, sweep } = scenario;
      const all = installation.permissions;
      const { [missing]: _taken, secrets: _secrets, ...others } = all;
      installation.grant(others);
      await settle();
      const pulls = ['a', 'b', 'c'].map((head) => shop.openPullRequest({ head }));
      for (const head of ['a', 'b', 'c']) deployed(shop, { ref: head });
      await settle();
      github.requests.reset();
      for (const pull of pulls) {
        pull.close();
        await settle();
      }
      const refused = () => github.requests.list().filter(({ status }) => status === 403 || status === 422).length;
      const asked = () => github.requests.list().filter(({ route }) => route?.includes('/environments/')).length;
      const before = [refused(), asked()];
      expect(refused()).toBeLessThanOrEqual(1);
      await sweep();
      await sweep();
      expect([refused(), asked()]).toEqual(before);
      expect(shop.environments()).toHaveLength(3);
      const told = () => headReport(scenario).section('Could not be done');
      expect(told().match(/environment_deletion_denied/g)).toHaveLength(1);
      expect(told()).toContain(`\`${missing}: `);
      expect(scenario.findings().filter((code) => code === 'environment_deletion_denied')).toHaveLength(1);
      installation.grant(all);
      await settle();
      await sweep();
      expect(shop.environments()).toEqual([]);
      expect(told()).toBe('');
    },
  );
});

test('an environment that is deleted already is as good as deleted', async () => {
  const { github, shop, settle, lines } = await startScenario({ policy: DELETED });
  const pull = shop.openPullRequest({ head: 'feature' });
  deployed(shop, { ref: 'feature' });
  await settle();
  github.faults.add({ match: 'DELETE /repos/{owner}/{repo}/environments/{environment_name}', action: '404' });
  pull.close();
  await settle();
  expect(lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});

describe('an environment is looked at once more right before it is deleted, and stays where meanwhile', () => {
  type Meanwhile = (environment: EnvironmentHandle, shop: RepositoryHandle) => void;
  const cases: readonly (readonly [string, Meanwhile])[] = [
    [
      'something was deployed to it',
      (_environment, shop) => {
        started(shop, { ref: 'feature' });
      },
    ],
    [
      'something in it began anew',
      (_environment, shop) => {
        shop.deployments('review/feature').at(-1)?.setStatus('in_progress');
      },
    ],
    [
      'a reviewer was asked for',
      (environment) => {
        environment.protect({ reviewers: ['mona'] });
      },
    ],
    [
      'a branch pattern was added',
      (environment) => {
        environment.protect({ branches: ['release/*'] });
      },
    ],
    [
      'a custom rule was enabled',
      (environment) => {
        environment.protect({ rules: ['datadog'] });
      },
    ],
    [
      'a variable was set',
      (environment) => {
        environment.setVariable('LOG_LEVEL', 'info');
      },
    ],
    [
      'a secret was added',
      (environment) => {
        environment.addSecret('TOKEN');
      },
    ],
    [
      'a run began to wait for it',
      (environment, shop) => {
        environment.protect({ rules: ['datadog'] });
        shop.addWorkflowRun({ branch: 'feature', environments: ['review/feature'] });
        environment.protect({ rules: [] });
        shop.deployments('review/feature').at(-1)?.delete();
      },
    ],
  ];

  test.each(cases)('%s', async (_title, happens) => {
    const { github, shop, settle } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    deployed(shop, { ref: 'feature' });
    const environment = shop.environment('review/feature');
    let times = 0;
    github.faults.add({
      match: ({ operation }) => {
        if (operation === 'DeploymentsBeforeDeletion' && times === 0) {
          times += 1;
          happens(environment, shop);
        }
        return false;
      },
      action: 'delay',
    });
    pull.close();
    await settle();
    expect(times).toBe(1);
    expect(environment.exists).toBe(true);
    expect(github.requests.count({ method: 'DELETE' })).toBe(0);
  });

  test('the oldest of more deployments than one answer holds began anew', async () => {
    const { github, shop, settle } = await startScenario({ policy: DELETED });
    const pull = shop.openPullRequest({ head: 'feature' });
    const [oldest] = Array.from({ length: 101 }, () => {
      github.clock.advance(MINUTE);
      const build = started(shop, { ref: 'feature' });
      build.setStatus('failure');
      return build;
    });
    github.faults.add({
      match: ({ operation }) => {
        if (operation === 'DeploymentsBeforeDeletion') oldest?.setStatus('in_progress');
        return false;
      },
      action: 'delay',
    });
    pull.close();
    await settle();
    expect(github.requests.count({ operation: 'DeploymentsBeforeDeletion' })).toBe(2);
    expect(shop.environments()).toEqual(['review/feature']);
  });
});
