import { describe, expect, test } from '@jest/globals';
import { decodeState } from '../../src/reports/report-state.ts';
import { landPolicy, startScenario, type Scenario } from './harness.ts';
import { environmentWrites, headReport, protecting, protectionPolicy } from './protecting.ts';

/** A team that can read `shop`, and an app that offers a rule. */
function populate({ github }: Scenario): void {
  github.addTeam('acme', 'release-managers', ['alice'], { repositories: { shop: 'read' } });
  github.addApp('datadog', { rule: true });
}

const EVERYTHING = {
  wait_timer: 30,
  prevent_self_review: true,
  reviewers: [{ team: 'release-managers' }, { user: 'alice' }],
  deployment_branch_policy: ['main', 'release/*', { tag: 'v*' }],
  custom_rules: ['datadog'],
  variables: { log_level: 'info' },
  required_secrets: ['DEPLOY_TOKEN'],
};

const EVERYTHING_DONE = {
  waitTimer: 30,
  preventSelfReview: true,
  reviewers: ['@acme/release-managers', 'alice'],
  branches: ['main', 'release/*', 'tag:v*'],
  rules: ['datadog'],
};

describe('what an entry names is made so', () => {
  test('in the first environment of a repository, which is created', async () => {
    const scenario = await startScenario();
    populate(scenario);
    scenario.policy(protecting('production', EVERYTHING));
    await scenario.settle();
    const { shop } = scenario;
    expect(shop.environments()).toEqual(['production']);
    expect(shop.environment('production').protection).toEqual(EVERYTHING_DONE);
    expect(shop.environment('production').variables).toEqual({ LOG_LEVEL: 'info' });
    const { conclusion, section } = headReport(scenario);
    expect(conclusion).toBe('neutral');
    expect(section('Needs attention')).toContain('DEPLOY_TOKEN');
    expect(section('Changed')).toContain('`wait_timer: 0 → 30`');
    expect(scenario.findings()).toEqual(['secret_missing']);
  });

  test('with one request for all that GitHub sets at once, and none the next time', async () => {
    const scenario = await startScenario();
    populate(scenario);
    scenario.shop.environment('production').addSecret('deploy_token');
    scenario.policy(protecting('production', EVERYTHING));
    await scenario.settle();
    expect(scenario.shop.environment('production').protection).toEqual(EVERYTHING_DONE);
    expect(environmentWrites(scenario).filter((write) => write === 'PUT .')).toHaveLength(1);
    expect(headReport(scenario).conclusion).toBe('success');
    scenario.github.requests.reset();
    await scenario.sweep();
    await scenario.restart();
    expect(environmentWrites(scenario)).toEqual([]);
  });

  test('and what it does not name stays', async () => {
    const scenario = await startScenario();
    populate(scenario);
    const production = scenario.shop.environment('Production');
    production.protect({
      reviewers: ['alice'],
      preventSelfReview: true,
      branches: ['main', 'tag:v*'],
      rules: ['datadog'],
    });
    production.setVariable('OTHER', 'stays');
    scenario.policy(protecting('production', { wait_timer: 5, variables: { LEVEL: 'info' } }));
    await scenario.settle();
    expect(production.protection).toEqual({
      waitTimer: 5,
      reviewers: ['alice'],
      preventSelfReview: true,
      branches: ['main', 'tag:v*'],
      rules: ['datadog'],
    });
    expect(production.variables).toEqual({ OTHER: 'stays', LEVEL: 'info' });
  });

  const policies = [
    ['all', ['main', 'tag:v*']],
    ['protected', 'all'],
    [['main', 'release/*'], 'protected'],
    [
      ['main', { tag: 'v*' }],
      ['old', 'main'],
    ],
    [[], ['main']],
  ] as const;
  test('also where the branch policy is of another kind, and in one write where GitHub has one', async () => {
    const scenario = await startScenario();
    scenario.shop.protectBranch('main');
    for (const [index, [, before]] of policies.entries()) {
      scenario.shop.environment(`e${index}`).protect({ branches: before });
    }
    scenario.policy(
      protectionPolicy(
        policies.map(([written], index) => ({ name: `e${index}`, protection: { deployment_branch_policy: written } })),
      ),
    );
    await scenario.settle();
    const branches = policies.map((_, index) => scenario.shop.environment(`e${index}`).protection.branches);
    expect(branches).toEqual(['all', 'protected', ['main', 'release/*'], ['main', 'tag:v*'], []]);
    expect(environmentWrites(scenario).filter((write) => write === 'PUT .')).toHaveLength(3);
  });
});

describe('which environments are governed', () => {
  test('a pattern manages those that exist, and creates none', async () => {
    const scenario = await startScenario();
    scenario.shop.environment('Review/one');
    scenario.shop.environment('other');
    scenario.policy(protecting('review/*', { wait_timer: 1 }));
    await scenario.settle();
    expect(scenario.shop.environments()).toEqual(['Review/one', 'other']);
    expect(scenario.shop.environment('review/one').protection.waitTimer).toBe(1);
    expect(scenario.shop.environment('other').protection.waitTimer).toBe(0);
  });

  test('an organisation’s entries manage, and create none; those that it locks count alone', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    const organisation = github.addRepository({ owner: 'acme', name: '.github' });
    shop.environment('staging');
    landPolicy(
      organisation,
      protectionPolicy([
        { name: 'staging', protection: { wait_timer: 2 } },
        { name: 'production', protection: { wait_timer: 3 } },
        { name: 'locked', locked: true, protection: { wait_timer: 4 } },
      ]),
    );
    scenario.policy(
      protectionPolicy([
        { name: 'locked', protection: { wait_timer: 1 } },
        { name: 'own', protection: { wait_timer: 5 } },
      ]),
    );
    await scenario.settle();
    await scenario.sweep();
    expect(shop.environments()).toEqual(['staging', 'own']);
    expect(shop.environment('staging').protection.waitTimer).toBe(2);
    expect(shop.environment('own').protection.waitTimer).toBe(5);
  });

  test('names with slashes, spaces and letters of any script', async () => {
    const scenario = await startScenario();
    const names = ['prod/eu west', 'übung', '本番', 'a%2Fb', 'plus+and&more?'];
    scenario.policy(
      protectionPolicy(
        names.map((name) => ({
          // A question mark would make a pattern of it.
          name: name.replace('?', ''),
          protection: { wait_timer: 1, deployment_branch_policy: ['main'], variables: { A: 'b' } },
        })),
      ),
    );
    await scenario.settle();
    const { shop } = scenario;
    expect(shop.environments()).toEqual(names.map((name) => name.replace('?', '')));
    for (const name of shop.environments()) {
      expect(shop.environment(name).protection).toMatchObject({ waitTimer: 1, branches: ['main'] });
      expect(shop.environment(name).variables).toEqual({ A: 'b' });
    }
    scenario.github.requests.reset();
    await scenario.sweep();
    expect(environmentWrites(scenario)).toEqual([]);
  });

  test('a hundred and fifty', async () => {
    const scenario = await startScenario();
    for (let i = 0; i < 150; i += 1) scenario.shop.environment(`review/${i}`).protect({ waitTimer: i === 149 ? 3 : 2 });
    scenario.policy(protecting('review/*', { wait_timer: 2 }));
    await scenario.settle();
    expect(scenario.shop.environment('review/149').protection.waitTimer).toBe(2);
    expect(environmentWrites(scenario)).toEqual(['PUT .']);
  });
});

describe('where nothing is to be changed', () => {
  test('mode: report tells what would be done, and does nothing of it', async () => {
    const scenario = await startScenario();
    populate(scenario);
    scenario.policy(protecting('production', EVERYTHING, { mode: 'report' }));
    await scenario.settle();
    await scenario.sweep();
    expect(environmentWrites(scenario)).toEqual([]);
    const { section, conclusion } = headReport(scenario);
    expect(conclusion).toBe('neutral');
    expect(section('Would be done')).toContain('`+` environment `production`');
    scenario.policy(protecting('production', EVERYTHING));
    await scenario.settle();
    expect(scenario.shop.environment('production').protection).toEqual(EVERYTHING_DONE);
    expect(headReport(scenario).summary).not.toContain('Would be done');
  });

  test('OBSERVE_ONLY writes nothing at all', async () => {
    const scenario = await startScenario({ environment: { OBSERVE_ONLY: 'true' } });
    scenario.shop.environment('production');
    scenario.policy(protecting('production', { wait_timer: 5 }));
    await scenario.settle();
    await scenario.sweep();
    const methods = new Set(scenario.github.requests.list().map(({ method }) => method));
    expect(environmentWrites(scenario)).toEqual([]);
    expect(scenario.shop.checkRuns()).toEqual([]);
    expect([...methods].filter((method) => method !== 'GET' && method !== 'POST')).toEqual([]);
    expect(scenario.lines.map(({ msg }) => msg)).toContain('Would change');
  });

  test('a policy that does not parse, and an entry whose value is out of its range', async () => {
    const scenario = await startScenario();
    scenario.policy(protecting('production', { wait_tmer: 5 }));
    await scenario.settle();
    expect(scenario.shop.environments()).toEqual([]);
    scenario.policy(
      protectionPolicy([
        { name: 'production', protection: { wait_timer: 50_000 } },
        { name: 'six', protection: { reviewers: [1, 2, 3, 4, 5, 6, 7].map((n) => ({ user: `user-${n}` })) } },
        { name: 'staging', protection: { wait_timer: 5 } },
      ]),
    );
    await scenario.settle();
    expect(scenario.shop.environments()).toEqual(['staging']);
    expect(headReport(scenario)).toMatchObject({ conclusion: 'neutral' });
  });
});

describe('variables', () => {
  const policy = protecting('production', { variables: { LEVEL: 'a-telling-value' } });

  test('are named without their values in a public repository, and in every log', async () => {
    const scenario = await startScenario({ policy });
    expect(scenario.shop.environment('production').variables).toEqual({ LEVEL: 'a-telling-value' });
    expect(headReport(scenario).summary).toContain('LEVEL');
    expect(JSON.stringify(scenario.shop.checkRuns().map(({ raw }) => raw.output))).not.toContain('a-telling-value');
    expect(JSON.stringify(scenario.lines)).not.toContain('a-telling-value');
  });

  test('are shown with their values in a private one', async () => {
    const scenario = await startScenario();
    scenario.shop.setPrivate(true);
    scenario.shop.environment('production').setVariable('level', 'an-old-value');
    scenario.policy(policy);
    await scenario.settle();
    expect(headReport(scenario).summary).toContain('an-old-value → a-telling-value');
    expect(JSON.stringify(scenario.lines)).not.toContain('a-telling-value');
  });

  test.each(['its delivery', 'a sweep'] as const)(
    'are shown without them once the repository is public, found by %s, in what people do not see as well',
    async (by) => {
      const scenario = await startScenario();
      const { github, shop } = scenario;
      shop.setPrivate(true);
      shop.environment('production').setVariable('level', 'an-old-value');
      scenario.policy(protecting('production', { variables: { LEVEL: 'a-telling-value' } }, { drift: 'report' }));
      await scenario.settle();
      shop.environment('production').setVariable('level', 'another-value');
      await scenario.sweep();
      expect(headReport(scenario).section('Needs attention')).toContain('another-value → a-telling-value');
      if (by === 'a sweep') github.deliverTo(null);
      shop.setPrivate(false);
      await (by === 'a sweep' ? scenario.sweep() : scenario.settle());
      const said = () => {
        const [run] = shop
          .checkRuns()
          .filter(({ name, sha }) => name === 'Lockkeeper' && sha === shop.head('main').sha);
        const { summary } = run?.raw.output ?? {};
        return JSON.stringify([summary, decodeState(summary ?? '')]);
      };
      expect(said()).toContain('production (LEVEL)');
      expect(said()).not.toMatch(/an-old-value|a-telling-value|another-value/);
      await scenario.restart();
      expect(said()).not.toMatch(/an-old-value|a-telling-value|another-value/);
      expect(headReport(scenario).section('Changed').match(/LEVEL/g)).toHaveLength(1);
    },
  );

  test('are found on every page', async () => {
    const scenario = await startScenario();
    const production = scenario.shop.environment('production');
    const names = Array.from({ length: 65 }, (_, i) => `V${i}`);
    for (const name of names) production.setVariable(name, 'x');
    scenario.policy(protecting('production', { variables: Object.fromEntries(names.map((name) => [name, 'x'])) }));
    await scenario.settle();
    expect(environmentWrites(scenario)).toEqual([]);
    expect(headReport(scenario).conclusion).toBe('success');
  });
});

test('a pull request that changes the policy shows what would be done about protection', async () => {
  const scenario = await startScenario();
  scenario.shop.environment('production').protect({ waitTimer: 5, branches: ['old'] });
  scenario.shop.branch('policy', scenario.shop.head('main').sha);
  const protection = { wait_timer: 30, deployment_branch_policy: ['main'] };
  const text = protectionPolicy([{ name: 'production', protection, gates: [{ checks: ['build'] }] }]);
  scenario.shop.push({ branch: 'policy', files: { '.github/deployments.yml': text } });
  scenario.shop.openPullRequest({ head: 'policy' });
  await scenario.settle();
  const run = scenario.shop.checkRuns().find(({ name }) => name === 'Lockkeeper / policy');
  expect(run?.raw.output.title).toContain('Plan: 2 to add, 1 to change, 1 to delete.');
  expect(run?.raw.output.summary).toMatch(
    /`\+` custom rule `production \(this app\)`.*\n.*`~` environment `production`: `wait_timer: 5 → 30`.*\n.*`\+` branch pattern `production \(main\)`.*\n.*`-` branch pattern `production \(old\)`/,
  );
  expect(environmentWrites(scenario)).toEqual([]);
});
