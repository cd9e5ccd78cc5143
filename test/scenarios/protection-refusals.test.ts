import { describe, expect, test } from '@jest/globals';
import { landPolicy, startScenario } from './harness.ts';
import { environmentWrites, headReport, protecting, protectionPolicy } from './protecting.ts';

const ALL = { administration: 'write', environments: 'write', actions: 'write', members: 'read' } as const;
const COMMON = {
  contents: 'read',
  checks: 'write',
  deployments: 'write',
  pull_requests: 'read',
  statuses: 'read',
} as const;

describe('an environment whose entry asks for what cannot be is left alone, and the others are not', () => {
  const cases: readonly (readonly [string, string, object])[] = [
    ['a team that does not exist', 'reviewer_unknown', { reviewers: [{ team: 'ghosts' }] }],
    ['a user who does not exist', 'reviewer_unknown', { reviewers: [{ user: 'ghost' }] }],
    ['a team that cannot read the repository', 'reviewer_cannot_read', { reviewers: [{ team: 'strangers' }] }],
    ['a user who cannot read the repository', 'reviewer_cannot_read', { reviewers: [{ user: 'stranger' }] }],
    ['prevent_self_review without reviewers', 'self_review_without_reviewers', { prevent_self_review: true }],
    ['protected where no branch is', 'no_protected_branch', { deployment_branch_policy: 'protected' }],
  ];
  test.each(cases)('%s', async (_name, code, protection) => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    shop.setPrivate(true);
    github.addTeam('acme', 'strangers', ['bob']);
    github.addUser('stranger');
    shop.environment('wrong').protect({ waitTimer: 1 });
    scenario.policy(
      protectionPolicy([
        { name: 'wrong', protection: { wait_timer: 5, variables: { A: 'b' }, ...protection } },
        { name: 'right', protection: { wait_timer: 5 } },
      ]),
    );
    await scenario.settle();
    expect(shop.environment('wrong').protection).toMatchObject({ waitTimer: 1, branches: 'all' });
    expect(shop.environment('wrong').variables).toEqual({});
    expect(shop.environment('right').protection.waitTimer).toBe(5);
    const { conclusion, section } = headReport(scenario);
    expect(conclusion).toBe('neutral');
    expect(section('Could not be done')).toMatch(new RegExp(`\`wrong\`.*${code}`));
  });

  const REVIEWED = { wait_timer: 5, prevent_self_review: true, reviewers: [{ user: 'stranger' }] };

  test('a user who has lost access, though another environment still lists them', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.addUser('stranger');
    github.addTeam('acme', 'sre', ['alice'], { repositories: { shop: 'read' } });
    const [other, production] = [shop.environment('other'), shop.environment('production')];
    other.protect({ reviewers: ['stranger', '@acme/sre'] });
    shop.setPrivate(true);
    scenario.policy(
      protectionPolicy([
        { name: 'production', protection: { ...REVIEWED, variables: { A: 'b' } } },
        { name: 'staging', protection: { reviewers: [{ team: 'sre' }] } },
        { name: 'other', protection: { reviewers: [{ user: 'stranger' }, { team: 'sre' }] } },
      ]),
    );
    await scenario.settle();
    await scenario.sweep();
    expect(production.protection).toMatchObject({ waitTimer: 0, reviewers: [] });
    expect(production.variables).toEqual({});
    expect(shop.environment('staging').protection.reviewers).toEqual(['@acme/sre']);
    expect(environmentWrites(scenario)).toHaveLength(1);
    expect(headReport(scenario).section('Could not be done')).toMatch(/`production`.*reviewer_cannot_read/);
  });

  test('a user who loses access at the last moment: nobody says that prevent_self_review was set', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.addUser('stranger');
    const production = shop.environment('production');
    github.faults.add({
      match: ({ route }) => {
        if (route === 'PUT /repos/{owner}/{repo}/environments/{environment_name}') shop.setPrivate(true);
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('production', REVIEWED));
    await scenario.settle();
    const { section } = headReport(scenario);
    expect(section('Could not be done')).toContain('prevent_self_review: false → true');
    expect(section('Changed')).not.toContain('prevent_self_review');
    const writes = environmentWrites(scenario).length;
    await scenario.sweep();
    await scenario.restart();
    expect(production.protection).toMatchObject({ reviewers: [], preventSelfReview: false });
    expect(environmentWrites(scenario)).toHaveLength(writes);
    expect(headReport(scenario).section('Could not be done')).toContain('reviewer_cannot_read');
  });

  test('it is made so once what was wrong is put right, also with drift: report', async () => {
    const scenario = await startScenario({
      policy: protecting('production', { reviewers: [{ team: 'sre' }] }, { drift: 'report' }),
    });
    expect(scenario.shop.environments()).toEqual([]);
    scenario.github.addTeam('acme', 'sre', ['alice'], { repositories: { shop: 'read' } });
    await scenario.sweep();
    expect(scenario.shop.environment('production').protection.reviewers).toEqual(['@acme/sre']);
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('a team reads a repository also by way of the team that it is in', async () => {
    const scenario = await startScenario();
    const parent = scenario.github.addTeam('acme', 'engineers', [], { repositories: { shop: 'read' } });
    scenario.github.addTeam('acme', 'sre', ['alice'], { parent });
    scenario.policy(protecting('production', { reviewers: [{ team: 'SRE' }] }));
    await scenario.settle();
    expect(scenario.shop.environment('production').protection.reviewers).toEqual(['@acme/sre']);
  });
});

describe('what cannot be had is told, and the rest made so', () => {
  test('the rule of an app that is not offered', async () => {
    const scenario = await startScenario();
    scenario.shop.environment('production');
    scenario.policy(protecting('production', { wait_timer: 5, custom_rules: ['datadog'] }));
    await scenario.settle();
    expect(scenario.shop.environment('production').protection).toMatchObject({ waitTimer: 5, rules: [] });
    expect(headReport(scenario).section('Could not be done')).toContain('custom_rule_unavailable');
    scenario.github.addApp('datadog', { rule: true });
    await scenario.sweep();
    expect(scenario.shop.environment('production').protection.rules).toEqual(['datadog']);
    expect(headReport(scenario).conclusion).toBe('success');
  });
});

describe('what a plan does not offer is told once, and not tried again', () => {
  test('wait timers and reviewers on a Team plan: branches are kept all the same', async () => {
    const scenario = await startScenario();
    const { github } = scenario;
    const vault = github.addRepository({ owner: 'acme', name: 'vault', private: true, reviewRules: false });
    for (const name of ['one', 'two', 'three']) vault.environment(name).protect({ branches: ['old'] });
    landPolicy(vault, protecting('*', { wait_timer: 5, deployment_branch_policy: ['main'], variables: { A: 'b' } }));
    await scenario.settle();
    for (const name of ['one', 'two', 'three']) {
      expect(vault.environment(name).protection).toMatchObject({ waitTimer: 0, branches: ['main'] });
      expect(vault.environment(name).variables).toEqual({ A: 'b' });
    }
    const puts = () => environmentWrites(scenario).filter((write) => write === 'PUT .');
    expect(puts()).toHaveLength(1);
    await scenario.sweep();
    await scenario.sweep();
    expect(puts()).toHaveLength(1);
    const { conclusion, section } = headReport(scenario, vault);
    expect(conclusion).toBe('neutral');
    expect(section('Could not be done').match(/protection_not_allowed/g)).toHaveLength(1);
    landPolicy(vault, protecting('*', { wait_timer: 6, deployment_branch_policy: ['main'] }));
    await scenario.settle();
    expect(puts()).toHaveLength(2);
  });

  test('some settings and not others, of an environment that is to be created', async () => {
    const scenario = await startScenario();
    const vault = scenario.github.addRepository({ owner: 'acme', name: 'vault', private: true, reviewRules: false });
    landPolicy(vault, protecting('production', { wait_timer: 5, deployment_branch_policy: ['main'] }));
    await scenario.settle();
    expect(vault.environment('production').protection).toMatchObject({ waitTimer: 0, branches: ['main'] });
  });

  test('any protection on a free plan', async () => {
    const scenario = await startScenario();
    const vault = scenario.github.addRepository({ owner: 'acme', name: 'vault', private: true, paidFeatures: false });
    vault.environment('production');
    landPolicy(vault, protecting('production', { wait_timer: 5, deployment_branch_policy: ['main'] }));
    await scenario.settle();
    const count = environmentWrites(scenario).length;
    await scenario.sweep();
    expect(environmentWrites(scenario)).toHaveLength(count);
    expect(vault.environment('production').protection).toMatchObject({ waitTimer: 0, branches: 'all' });
    expect(headReport(scenario, vault).section('Could not be done')).toContain('deployment_branch_policy');
  });

  test('environments at all: a repository whose list is not found is not asked again', async () => {
    const scenario = await startScenario();
    const LIST = 'GET /repos/{owner}/{repo}/environments';
    scenario.github.faults.add({ match: LIST, action: '404', times: 1000 });
    scenario.policy(protecting('production', { wait_timer: 5 }));
    await scenario.settle();
    await scenario.sweep();
    await scenario.sweep();
    expect(scenario.github.requests.list().filter(({ route }) => route === LIST)).toHaveLength(1);
    expect(headReport(scenario).section('Could not be done')).toContain('protection_not_allowed');
    expect(scenario.findings().filter((code) => code === 'protection_not_allowed')).toHaveLength(1);
  });

  test('environments of a private repository: what is not found when it is to be made is not tried again', async () => {
    const scenario = await startScenario();
    scenario.shop.setPrivate(true);
    const PUT = 'PUT /repos/{owner}/{repo}/environments/{environment_name}';
    const clear = scenario.github.faults.add({ match: PUT, action: '404', times: 1000 });
    const policy = (minutes: number) =>
      protectionPolicy(
        ['one', 'two'].map((name) => ({ name, protection: { wait_timer: minutes, variables: { A: 'b' } } })),
      );
    scenario.policy(policy(5));
    await scenario.settle();
    await scenario.sweep();
    await scenario.sweep();
    expect(environmentWrites(scenario)).toEqual(['PUT .', 'PUT .']);
    expect(scenario.findings().filter((code) => code === 'protection_not_allowed')).toHaveLength(1);
    expect(headReport(scenario).section('Could not be done')).toMatch(
      /^\n?- Environments that are missing are not created, because GitHub does not allow it here: .*\n?$/,
    );
    clear();
    scenario.policy(policy(6));
    await scenario.settle();
    expect(scenario.shop.environments()).toEqual(['one', 'two']);
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('variables that are not found in an environment that is there', async () => {
    const scenario = await startScenario();
    const VARIABLES = 'GET /repos/{owner}/{repo}/environments/{environment_name}/variables';
    scenario.shop.environment('production');
    scenario.github.faults.add({ match: VARIABLES, action: '404', times: 1000 });
    scenario.policy(protecting('production', { wait_timer: 5, variables: { A: 'b' } }));
    await scenario.settle();
    await scenario.sweep();
    expect(scenario.github.requests.list().filter(({ route }) => route === VARIABLES)).toHaveLength(1);
    expect(scenario.shop.environment('production').protection.waitTimer).toBe(5);
    expect(headReport(scenario).section('Could not be done')).toContain('protection.variables');
  });
});

describe('what the installation’s permissions do not allow is told once, until they change', () => {
  const cases = [
    ['administration', { waitTimer: 0, variables: { A: 'b' } }, 'protection.wait_timer'],
    ['environments', { waitTimer: 5, variables: {} }, 'protection.variables'],
  ] as const;
  test.each(cases)('%s', async (missing, expected, told) => {
    const scenario = await startScenario();
    const { github, shop, installation } = scenario;
    const { [missing]: _taken, ...rest } = { ...ALL, ...COMMON };
    installation.grant(rest);
    shop.environment('production');
    scenario.policy(
      protectionPolicy([
        { name: 'production', protection: { wait_timer: 5, variables: { A: 'b' }, required_secrets: ['S'] } },
        { name: 'missing', protection: { wait_timer: 5 } },
      ]),
    );
    await scenario.settle();
    const production = shop.environment('production');
    expect({ waitTimer: production.protection.waitTimer, variables: production.variables }).toEqual(expected);
    expect(headReport(scenario).section('Could not be done')).toContain(told);
    const refused = () => github.requests.list().filter(({ status }) => status === 403).length;
    const before = refused();
    await scenario.sweep();
    await scenario.sweep();
    expect(refused()).toBe(before);
    installation.grant({ ...ALL, ...COMMON });
    await scenario.settle();
    expect(production.protection.waitTimer).toBe(5);
    expect(production.variables).toEqual({ A: 'b' });
    expect(shop.environment('missing').protection.waitTimer).toBe(5);
    expect(headReport(scenario).section('Could not be done')).toBe('');
  });

  test('members: teams cannot be looked up, and the rest is made so', async () => {
    const scenario = await startScenario();
    const { github, shop, installation } = scenario;
    const { members: _taken, ...rest } = { ...ALL, ...COMMON };
    installation.grant(rest);
    github.addTeam('acme', 'sre', ['alice'], { repositories: { shop: 'read' } });
    scenario.policy(protecting('production', { wait_timer: 5, reviewers: [{ team: 'sre' }] }));
    await scenario.settle();
    expect(shop.environment('production').protection).toMatchObject({ waitTimer: 5, reviewers: [] });
    expect(headReport(scenario).section('Could not be done')).toContain('protection.reviewers');
  });
});

describe('what somebody else does meanwhile', () => {
  const PARTS = '/repos/{owner}/{repo}/environments/{environment_name}';

  test('an environment that is deleted while it is looked at is neither missed nor made anew', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    const [gone, left] = [shop.environment('review/gone'), shop.environment('review/left')];
    github.faults.add({
      match: (request) => {
        if (request.route === `GET ${PARTS}/variables` && gone.exists) gone.delete();
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('review/*', { wait_timer: 5, variables: { A: 'b' } }));
    await scenario.settle();
    await scenario.sweep();
    expect(shop.environments()).toEqual(['review/left']);
    expect(left.protection.waitTimer).toBe(5);
    expect(left.variables).toEqual({ A: 'b' });
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('an environment that is renamed before it is set is not brought back, and has its new name looked at', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.addTeam('acme', 'sre', ['alice'], { repositories: { shop: 'read' } });
    const old = shop.environment('review/old');
    github.faults.add({
      match: (request) => {
        if (request.route === 'GET /orgs/{org}/teams/{team_slug}' && old.exists) {
          old.delete();
          shop.environment('review/new');
        }
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('review/*', { reviewers: [{ team: 'sre' }] }));
    await scenario.settle();
    expect(shop.environments()).toEqual(['review/new']);
    expect(environmentWrites(scenario)).toEqual([]);
    expect(headReport(scenario).section('Could not be done')).toContain('change_unfinished');
    await scenario.sweep();
    expect(shop.environment('review/new').protection.reviewers).toEqual(['@acme/sre']);
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('an environment that is deleted before its patterns come is told of, and left to the next sweep', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    const production = shop.environment('review/one');
    production.protect({ branches: ['old'] });
    github.faults.add({
      match: (request) => {
        if (request.route === `POST ${PARTS}/deployment-branch-policies` && production.exists) production.delete();
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('review/*', { deployment_branch_policy: ['main'] }));
    await scenario.settle();
    expect(headReport(scenario).section('Could not be done')).toContain('change_unfinished');
    await scenario.sweep();
    expect(shop.environments()).toEqual([]);
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('after ten writes an environment is read again, so that what changed meanwhile is not undone', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    const names = Array.from({ length: 14 }, (_, i) => `e${i}`);
    for (const name of names) shop.environment(name);
    let writes = 0;
    github.faults.add({
      match: ({ route }) => {
        if (route === `PUT ${PARTS}`) writes += 1;
        if (writes === 3) {
          shop.environment('e12').protect({ branches: 'protected' });
          shop.environment('e13').delete();
        }
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('e*', { wait_timer: 5 }));
    await scenario.settle();
    expect(shop.environment('e12').protection).toMatchObject({ waitTimer: 5, branches: 'protected' });
    expect(shop.environments()).not.toContain('e13');
    expect(shop.environment('e11').protection.waitTimer).toBe(5);
  });

  test('a variable that somebody else made, and a pattern that is there already', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    const production = shop.environment('production');
    production.protect({ branches: ['old'] });
    github.faults.add({
      match: ({ route }) => {
        if (route === `POST ${PARTS}/variables`) production.setVariable('A', 'theirs');
        if (route === `POST ${PARTS}/deployment-branch-policies`) production.protect({ branches: ['old', 'main'] });
        return false;
      },
      action: 'delay',
    });
    scenario.policy(protecting('production', { variables: { A: 'ours' }, deployment_branch_policy: ['main'] }));
    await scenario.settle();
    expect(headReport(scenario).section('Could not be done')).toContain('change_unfinished');
    await scenario.sweep();
    expect(production.variables).toEqual({ A: 'ours' });
    expect(production.protection.branches).toEqual(['main']);
    expect(headReport(scenario).conclusion).toBe('success');
  });
});
