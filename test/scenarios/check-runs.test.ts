import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW } from './deployed.ts';
import { DAY, startScenario, type Scenario } from './harness.ts';

const BROKEN = 'version: 1\nenvironments:\n  - name: review/*\n    lifecicle: {}\n';

/** The app's check runs of a name, with the commit that they are on. */
function runs({ shop }: Scenario, name: string) {
  return shop.checkRuns().filter((run) => run.app === 'lockkeeper' && run.name === name);
}

function onHead(scenario: Scenario) {
  return runs(scenario, 'Lockkeeper').filter(({ sha }) => sha === scenario.shop.head('main').sha);
}

describe('the check run on the default branch’s head', () => {
  test('says that the policy is in force', async () => {
    const scenario = await startScenario();
    scenario.policy(REVIEW);
    await scenario.settle();
    expect(onHead(scenario)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });

  test('is written once, however often is looked', async () => {
    const scenario = await startScenario({ policy: REVIEW });
    await scenario.sweep();
    await scenario.restart();
    await scenario.sweep();
    expect(onHead(scenario)).toHaveLength(1);
    const written = scenario.github.requests
      .list()
      .filter(({ route }) => route?.includes('check-runs') && !route.startsWith('GET'));
    expect(written).toHaveLength(1);
  });

  test('fails at the line of a policy that does not parse, and says which version serves', async () => {
    const scenario = await startScenario({ policy: REVIEW });
    scenario.policy(BROKEN);
    await scenario.settle();
    const [run] = onHead(scenario);
    expect(run).toMatchObject({ conclusion: 'failure' });
    expect(run?.raw.annotations).toMatchObject([
      { path: '.github/deployments.yml', start_line: 4, annotation_level: 'failure' },
    ]);
    expect(run?.raw.output.summary).toContain('Gates go by the newest version that parses');
  });

  test('recovers with the push that mends it', async () => {
    const scenario = await startScenario({ policy: BROKEN });
    scenario.policy(REVIEW);
    await scenario.settle();
    expect(onHead(scenario)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('is neutral while something could not be done, and says what', async () => {
    const scenario = await startScenario({
      policy: policyFor('review/*', {
        transient: true,
        inactivate_on: ['ref_deleted'],
        on_inactive: { workflow: 'gone.yml' },
      }),
    });
    scenario.shop.branch('feature', scenario.shop.head('main').sha);
    deployed(scenario.shop, { ref: 'feature' });
    scenario.shop.deleteBranch('feature');
    await scenario.settle();
    const [run] = onHead(scenario);
    expect(run).toMatchObject({ conclusion: 'neutral' });
    expect(run?.raw.output.summary).toContain('dispatch_refused');
  });

  test('tells that a changed policy is held, and forgets it once it was carried out', async () => {
    const scenario = await startScenario({ policy: policyFor('review/*', { transient: true }) });
    for (let i = 0; i < 25; i += 1) deployed(scenario.shop, { ref: 'main' });
    await scenario.settle();
    scenario.policy(policyFor('review/*', { transient: true, one_active_per: 'environment' }));
    await scenario.settle();
    expect(onHead(scenario)[0]?.raw.output.summary).toContain('changed_policy_held');
    await scenario.sweep();
    expect(onHead(scenario)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('is not written in a repository without a policy, nor with OBSERVE_ONLY', async () => {
    const without = await startScenario();
    await without.sweep();
    expect(runs(without, 'Lockkeeper')).toEqual([]);
    const silent = await startScenario({ policy: REVIEW, environment: { OBSERVE_ONLY: 'true' } });
    await silent.sweep();
    expect(runs(silent, 'Lockkeeper')).toEqual([]);
  });
});

describe('the check run on a pull request that changes the policy', () => {
  const propose = (scenario: Scenario, text: string) => {
    scenario.shop.branch('policy', scenario.shop.head('main').sha);
    scenario.shop.push({ branch: 'policy', files: { '.github/deployments.yml': text } });
    return scenario.shop.openPullRequest({ head: 'policy' });
  };

  const SOAKING = JSON.stringify({
    version: 1,
    environments: [{ name: 'production', gates: [{ succeeded_in: { environment: 'stagin', for: '1h' } }] }],
  });

  test.each([
    ['there are few', 3, true],
    ['there are more than one request shows', 101, false],
  ])('warns of an environment that does not exist where %s', async (_name, count, isTold) => {
    const scenario = await startScenario();
    for (let i = 0; i < count; i += 1) scenario.shop.environment(`e${i}`);
    propose(scenario, SOAKING);
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run?.conclusion).toBe('success');
    expect(run?.raw.output.summary?.includes('environment-missing')).toBe(isTold);
  });

  test('is there though the installation may not see environments, and warns of the rest', async () => {
    const scenario = await startScenario();
    scenario.installation.grant({
      contents: 'read',
      pull_requests: 'read',
      statuses: 'read',
      deployments: 'write',
      checks: 'write',
    });
    propose(scenario, SOAKING);
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run?.conclusion).toBe('success');
    expect(run?.raw.output.summary).toContain('no-code-owner');
    expect(run?.raw.output.summary).not.toContain('environment-missing');
  });

  test('shows what landing it would do', async () => {
    const scenario = await startScenario();
    deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    scenario.github.clock.advance(DAY);
    deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    propose(scenario, policyFor('review/*', { transient: true, one_active_per: 'environment' }));
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run).toMatchObject({ conclusion: 'success' });
    expect(run?.raw.output.title).toContain('1 to change');
    expect(run?.raw.output.summary).toMatch(/`~` deployment \d+ `review\/a \(main\)`: success → inactive/);
  });

  test('tells which of the last deployments its gates would have decided differently, and why', async () => {
    const scenario = await startScenario();
    const { shop } = scenario;
    const { id } = shop.createDeployment({ ref: 'main', environment: 'production' });
    shop.deployment(id).setStatus('success');
    shop.addCheckRun({ name: 'build @mona', conclusion: 'failure' });
    scenario.github.clock.advance(DAY);
    shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
    propose(
      scenario,
      policyFor('', undefined, { environments: [{ name: 'production', gates: [{ checks: ['build*'] }] }] }),
    );
    await scenario.settle();
    const summary = runs(scenario, 'Lockkeeper / policy')[0]?.raw.output.summary ?? '';
    expect(summary).toContain(
      'Of the last 2 deployments of gated environments, 2 would have been decided differently.',
    );
    expect(summary).toContain(`deployment ${id} of \`production\` (\`main\`): approved → rejected: checks asks for`);
    expect(summary).not.toContain(' @mona');
    expect(scenario.github.requests.writes().map(({ route }) => route)).not.toContain(
      'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    );
  });

  test('annotates errors, and plans nothing', async () => {
    const scenario = await startScenario();
    propose(scenario, BROKEN);
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run).toMatchObject({ conclusion: 'failure' });
    expect(run?.raw.annotations).toMatchObject([{ start_line: 4, annotation_level: 'failure' }]);
  });

  test('annotates more than fifty errors', async () => {
    const scenario = await startScenario();
    const many = Array.from({ length: 120 }, (_, i) => `  - name: e${i}\n    nonsense: 1\n`).join('');
    propose(scenario, `version: 1\nenvironments:\n${many}`);
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run?.raw.annotations).toHaveLength(120);
  });

  test('warns without failing', async () => {
    const scenario = await startScenario();
    propose(scenario, REVIEW);
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run).toMatchObject({ conclusion: 'success' });
    expect(run?.raw.annotations).toMatchObject([{ annotation_level: 'warning', title: 'no-code-owner' }]);
  });

  test('is made anew on each push', async () => {
    const scenario = await startScenario();
    propose(scenario, BROKEN);
    await scenario.settle();
    scenario.shop.push({ branch: 'policy', files: { '.github/deployments.yml': REVIEW } });
    await scenario.settle();
    expect(
      runs(scenario, 'Lockkeeper / policy')
        .map(({ conclusion }) => conclusion)
        .sort(),
    ).toEqual(['failure', 'success']);
  });

  test('has no plan for a fork', async () => {
    const scenario = await startScenario();
    deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    const fork = scenario.shop.fork('mallory');
    fork.push({
      branch: 'main',
      files: { '.github/deployments.yml': policyFor('review/*', { transient: true, one_active_per: 'environment' }) },
    });
    scenario.shop.openPullRequest({ head: { owner: 'mallory', branch: 'main' } });
    await scenario.settle();
    const [run] = runs(scenario, 'Lockkeeper / policy');
    expect(run?.raw.output.summary).toContain('no plan for pull requests from forks');
    expect(run?.raw.output.summary).not.toContain('inactive');
  });

  test('is not there where the policy is left alone', async () => {
    const scenario = await startScenario({ policy: REVIEW });
    scenario.shop.openPullRequest({ head: 'feature' });
    await scenario.settle();
    expect(runs(scenario, 'Lockkeeper / policy')).toEqual([]);
  });

  test('nothing that it proposes is acted on', async () => {
    const scenario = await startScenario();
    const older = deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    scenario.github.clock.advance(DAY);
    deployed(scenario.shop, { ref: 'main', environment: 'review/a' });
    propose(scenario, policyFor('review/*', { transient: true, one_active_per: 'environment' }));
    await scenario.settle();
    await scenario.sweep();
    expect(older.state).toBe('success');
  });
});
