import { describe, expect, test } from '@jest/globals';
import { landPolicy, startScenario } from './harness.ts';
import { environmentWrites, headReport, protecting, protectionPolicy } from './protecting.ts';

const POLICY = protecting('production', { wait_timer: 30, deployment_branch_policy: ['main'] });
const TELLING = protecting('production', { wait_timer: 30, deployment_branch_policy: ['main'] }, { drift: 'report' });

describe('drift is a difference at the commit that the last report names', () => {
  test('with drift: revert it is put back, and told with the old and the new value', async () => {
    const scenario = await startScenario({ policy: POLICY });
    const production = scenario.shop.environment('production');
    production.protect({ waitTimer: 1, branches: ['main', 'feature/*'] });
    await scenario.sweep();
    expect(production.protection).toMatchObject({ waitTimer: 30, branches: ['main'] });
    const { conclusion, section } = headReport(scenario);
    expect(conclusion).toBe('success');
    const drifted = section('Had drifted, and was put back');
    expect(drifted).toContain('`wait_timer: 1 → 30`');
    expect(drifted).toContain('`-` branch pattern `production (feature/*)`');
    expect(scenario.lines).toContainEqual(
      expect.objectContaining({ msg: 'Changed', rule: 'drift', change: 'wait_timer: 1 → 30' }),
    );
  });

  test('the app’s own rule is put back, too, where gates need it', async () => {
    const scenario = await startScenario({
      policy: protectionPolicy([{ name: 'production', protection: {}, gates: [{ checks: ['build'] }] }]),
    });
    await scenario.sweep();
    const production = scenario.shop.environment('production');
    production.protect({ rules: [] });
    await scenario.sweep();
    expect(production.protection.rules).toEqual(['lockkeeper']);
    expect(headReport(scenario).section('Had drifted, and was put back')).toContain('production (this app)');
  });

  test('with drift: report it is told with both values, and left', async () => {
    const scenario = await startScenario({ policy: TELLING });
    const production = scenario.shop.environment('production');
    production.protect({ waitTimer: 1 });
    scenario.github.requests.reset();
    await scenario.sweep();
    await scenario.sweep();
    expect(production.protection.waitTimer).toBe(1);
    expect(environmentWrites(scenario)).toEqual([]);
    const { conclusion, summary } = headReport(scenario);
    expect(conclusion).toBe('neutral');
    expect(summary).toContain('wait_timer: 1 → 30');
    expect(scenario.findings()).toContain('protection_drifted');
    production.protect({ waitTimer: 30 });
    await scenario.sweep();
    expect(headReport(scenario).conclusion).toBe('success');
  });

  test('with drift: report it is left though something beside it cannot be had at all', async () => {
    const scenario = await startScenario();
    const { github } = scenario;
    const vault = github.addRepository({ owner: 'acme', name: 'vault', private: true, reviewRules: false });
    const production = vault.environment('production');
    const { shop } = scenario;
    const staging = shop.environment('staging');
    // The plan lacks wait timers, and GitHub does not offer the app's rule.
    landPolicy(vault, protecting('production', { wait_timer: 5, variables: { A: 'b' } }, { drift: 'report' }));
    scenario.policy(protecting('staging', { custom_rules: ['nobody'], wait_timer: 5 }, { drift: 'report' }));
    await scenario.settle();
    expect([production.variables, staging.protection.waitTimer]).toEqual([{ A: 'b' }, 5]);
    production.setVariable('A', 'theirs');
    staging.protect({ waitTimer: 1 });
    await scenario.sweep();
    await scenario.restart();
    expect([production.variables, staging.protection.waitTimer]).toEqual([{ A: 'theirs' }, 1]);
    for (const repository of [vault, shop]) {
      expect(headReport(scenario, repository).summary).toContain('protection_drifted');
      expect(headReport(scenario, repository).section('Changed')).not.toContain('theirs');
    }
  });

  test('an environment that was deleted has drifted, too', async () => {
    const scenario = await startScenario({ policy: TELLING });
    scenario.shop.environment('production').delete();
    await scenario.sweep();
    expect(scenario.shop.environments()).toEqual([]);
    expect(headReport(scenario).conclusion).toBe('neutral');
    scenario.policy(POLICY);
    await scenario.settle();
    expect(scenario.shop.environment('production').protection).toMatchObject({ waitTimer: 30, branches: ['main'] });
  });

  test.each(['revert', 'report'] as const)('a new commit of the policy is applied with drift: %s', async (drift) => {
    const scenario = await startScenario({ policy: protecting('production', { wait_timer: 30 }, { drift }) });
    const production = scenario.shop.environment('production');
    scenario.policy(protecting('production', { wait_timer: 40 }, { drift }));
    await scenario.settle();
    expect(production.protection.waitTimer).toBe(40);
    expect(headReport(scenario).summary).not.toContain('drifted');
    expect(headReport(scenario).section('Changed')).toContain('wait_timer: 30 → 40');
  });

  test('it is known after a restart, and after pushes that leave the policy alone', async () => {
    const scenario = await startScenario({ policy: TELLING });
    const production = scenario.shop.environment('production');
    for (let i = 0; i < 3; i += 1) scenario.shop.push({ files: { [`src/${i}.ts`]: 'export {};\n' } });
    await scenario.settle();
    production.protect({ waitTimer: 1 });
    await scenario.restart();
    await scenario.sweep();
    expect(production.protection.waitTimer).toBe(1);
    expect(headReport(scenario).summary).toContain('protection_drifted');
  });

  test('what was changed is still told after a restart, for a week', async () => {
    const scenario = await startScenario({ policy: POLICY });
    const before = headReport(scenario);
    expect(before.section('Changed')).toContain('wait_timer: 0 → 30');
    scenario.github.requests.reset();
    await scenario.restart();
    expect(headReport(scenario).summary).toBe(before.summary);
    expect(
      scenario.github.requests.list().filter(({ route }) => /^(POST|PATCH).*check-runs/.test(route ?? '')),
    ).toEqual([]);
    scenario.shop.push({ files: { 'src/a.ts': 'export {};\n' } });
    await scenario.sweep();
    expect(headReport(scenario).section('Changed')).toBe(before.section('Changed'));
    scenario.hold();
    scenario.shop.push({ files: { 'src/b.ts': 'export {};\n' } });
    await scenario.restart();
    expect(headReport(scenario).section('Changed')).toBe(before.section('Changed'));
    scenario.github.clock.advance(8 * 86_400_000);
    await scenario.sweep();
    expect(headReport(scenario).summary).not.toContain('### Changed');
  });
});

test('where nothing differs, nobody asks for the last report: a sweep sees it on the way', async () => {
  const scenario = await startScenario({ policy: POLICY });
  const asked = () =>
    scenario.github.requests
      .list()
      .map(({ operation, route }) => operation ?? route ?? '')
      .filter((name) => /LastReports|check-runs/.test(name));
  scenario.github.requests.reset();
  await scenario.sweep();
  expect(asked()).toEqual([]);
  await scenario.restart();
  await scenario.sweep();
  expect(asked()).toEqual([]);
});

describe('a failure half-way', () => {
  test.each(['revert', 'report'] as const)(
    'leaves a report of what is done and what is not, and the next sweep finishes it (drift: %s)',
    async (drift) => {
      const scenario = await startScenario();
      const { github, shop } = scenario;
      shop.environment('first');
      shop.environment('second').protect({ branches: ['old'] });
      const clear = github.faults.add({
        match: 'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
        action: '500',
        times: 100,
      });
      scenario.policy(
        protectionPolicy(
          [
            { name: 'first', protection: { wait_timer: 5 } },
            { name: 'second', protection: { deployment_branch_policy: ['main'] } },
          ],
          { drift },
        ),
      );
      await scenario.settle();
      expect(shop.environment('first').protection.waitTimer).toBe(5);
      expect(shop.environment('second').protection.branches).toEqual(['old']);
      const { conclusion, section } = headReport(scenario);
      expect(conclusion).toBe('neutral');
      expect(section('Could not be done')).toMatch(/`second`.*branch pattern main.*change_unfinished/);
      expect(section('Changed')).toContain('wait_timer: 0 → 5');
      clear();
      await scenario.restart();
      await scenario.sweep();
      expect(shop.environment('second').protection.branches).toEqual(['main']);
      expect(headReport(scenario).conclusion).toBe('success');
      expect(headReport(scenario).summary).not.toContain('drifted');
    },
  );

  test('an answer that is lost is looked for before the request is sent again', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.addApp('datadog', { rule: true });
    shop.environment('production').setVariable('A', 'old');
    const ENVIRONMENT = '/repos/{owner}/{repo}/environments/{environment_name}';
    for (const match of [
      `PUT ${ENVIRONMENT}`,
      `POST ${ENVIRONMENT}/deployment-branch-policies`,
      `POST ${ENVIRONMENT}/deployment_protection_rules`,
      `PATCH ${ENVIRONMENT}/variables/{name}`,
      `POST ${ENVIRONMENT}/variables`,
    ]) {
      github.faults.add({ match, action: 'drop-after-apply' });
    }
    scenario.policy(
      protecting('production', {
        wait_timer: 5,
        deployment_branch_policy: ['main', 'next'],
        custom_rules: ['datadog'],
        variables: { A: 'a', B: 'b' },
      }),
    );
    await scenario.settle();
    expect(shop.environment('production').protection).toMatchObject({ waitTimer: 5, branches: ['main', 'next'] });
    expect(shop.environment('production').variables).toEqual({ A: 'a', B: 'b' });
    expect(environmentWrites(scenario)).toEqual([
      'POST ./deployment_protection_rules',
      'PUT .',
      'POST ./deployment-branch-policies',
      'POST ./deployment-branch-policies',
      'PATCH ./variables/{name}',
      'POST ./variables',
    ]);
    expect(headReport(scenario).conclusion).toBe('success');
    expect(headReport(scenario).summary).toContain('wait_timer: 0 → 5');
  });
});
