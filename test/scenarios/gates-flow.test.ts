import { describe, expect, test } from '@jest/globals';
import { HOUR, landPolicy, MINUTE, startScenario, type Scenario } from './harness.ts';
import { answers, expectNoWrite, press, production, startRun, told } from './gating.ts';

const MINUTES = (count: number): string => `${count}m`;

/** What the app said of a deployment, as `state: description`. */
function said(deployment: { readonly statuses: readonly { readonly state: string; readonly description: string }[] }) {
  return deployment.statuses.map(({ state, description }) => `${state}: ${description}`);
}

describe('a merge', () => {
  test('flows through staging, soaks, is promoted, waits for the window, is frozen and bypassed', async () => {
    const policy = JSON.stringify({
      version: 1,
      environments: [
        {
          name: 'production',
          gates: [{ succeeded_in: { environment: 'staging', for: MINUTES(30) } }, { windows: ['office'] }],
          bypass: { users: ['carol'], freezes: true },
          promote: { from: 'staging', after: MINUTES(10) },
        },
        { name: 'staging' },
      ],
      windows: [{ name: 'office', days: ['mon'], from: '10:00', to: '16:00' }],
      freezes: [{ name: 'audit', environments: ['production'], from: '2026-03-02T09:45', to: '2026-03-03T00:00' }],
    });
    const scenario = await startScenario({ policy });
    const { shop, github, settle, pass } = scenario;
    github.clock.advance(MINUTE);
    const pull = shop.openPullRequest({ head: 'feature' });
    pull.merge();
    await settle();
    const staging = shop.createDeployment({ ref: 'main', environment: 'staging', creator: 'alice', payload: { a: 1 } });
    staging.setStatus('success');
    await settle();
    expect(shop.deployments('production')).toHaveLength(0);
    await pass(10 * MINUTE);
    const [promoted, ...others] = shop.deployments('production');
    if (promoted === undefined) throw new Error('nothing was promoted');
    expect(others).toEqual([]);
    expect(promoted).toMatchObject({ sha: staging.sha, ref: 'main', state: 'pending' });
    expect(said(promoted)).toEqual([expect.stringMatching(/^pending: Waiting: .*succeeded_in/)]);
    await pass(20 * MINUTE);
    expect(said(promoted).at(-1)).toMatch(/^pending: Waiting: windows/);
    await pass(30 * MINUTE);
    expect(said(promoted).at(-1)).toMatch(/^pending: Waiting: freeze/);
    press(scenario, { button: 'bypass', by: 'carol' });
    await settle();
    expect(said(promoted).at(-1)).toBe('queued: Approved: bypassed by carol');
    const report = told(scenario);
    expect(promoted.statuses.at(-1)?.logUrl).toContain(`/runs/${report.id}`);
    promoted.setStatus('in_progress');
    promoted.setStatus('success');
    await settle();
    await pass(24 * HOUR);
    expect(shop.deployments('production')).toHaveLength(1);
    expect(promoted.state).toBe('success');
  });
});

describe('a success in the environment that is waited for', () => {
  const waitsFor = (name: string, environment: string) => ({ name, gates: [{ succeeded_in: { environment } }] });

  test.each([
    ['a pattern waits for an exact name', 'prod/eu', 'Staging', [waitsFor('prod/*', 'staging'), { name: 'staging' }]],
    ['a pattern waits for what nothing governs', 'prod/eu', 'staging', [waitsFor('prod/*', 'staging')]],
    [
      'an exact name waits for what a pattern governs',
      'production',
      'staging/eu',
      [waitsFor('production', 'staging/EU'), { name: 'staging/*' }],
    ],
    [
      'a pattern waits for what a pattern governs',
      'prod/eu',
      'staging/eu',
      [waitsFor('prod/*', 'staging/eu'), { name: 'staging/*', gates: [{ checks: ['build'] }] }],
    ],
  ])('lets what waits go on, with its delivery alone, where %s', async (_name, gated, source, environments) => {
    const policy = JSON.stringify({ version: 1, environments });
    const scenario = await startScenario({ policy, environment: { SWEEP_INTERVAL: '0' } });
    const { shop, github, settle, restart } = scenario;
    github.clock.advance(MINUTE);
    const run = startRun(scenario, { environments: [gated] });
    const deployment = shop.createDeployment({ ref: 'main', environment: gated });
    await settle();
    expect([...answers(run), deployment.state]).toEqual([[null], 'pending']);
    const staging = shop.createDeployment({ ref: 'main', environment: source });
    await settle();
    // This one has not looked at anything.
    await restart();
    staging.setStatus('failure');
    await settle();
    expect([...answers(run), deployment.state]).toEqual([[null, 'rejected'], 'failure']);
    const again = startRun(scenario, { environments: [gated], sha: shop.push({ files: { a: 'b' } }).sha });
    await settle();
    shop.createDeployment({ ref: again.sha, environment: source }).setStatus('success');
    await settle();
    expect(answers(again)).toEqual([[null, 'approved']]);
  });

  test('has nothing looked at that waits for something else, or for another commit', async () => {
    const environments = [waitsFor('prod/*', 'staging'), waitsFor('qa/*', 'nightly')];
    const scenario = await startScenario({ policy: JSON.stringify({ version: 1, environments }) });
    const { shop, github, settle } = scenario;
    const runs = [
      startRun(scenario, { environments: ['qa/eu'] }),
      startRun(scenario, { environments: ['prod/eu'], sha: shop.push({ files: { a: 'b' } }).sha }),
    ];
    await settle();
    github.requests.reset();
    shop.createDeployment({ ref: runs[0]?.sha ?? '', environment: 'staging' }).setStatus('success');
    await settle();
    expect(github.requests.count({ operation: 'GateFacts' })).toBe(0);
    expect(answers(...runs)).toEqual([[null], [null]]);
  });
});

describe('a promotion', () => {
  const PROMOTED = JSON.stringify({
    version: 1,
    environments: [{ name: 'production', promote: { from: 'staging', after: MINUTES(10) } }, { name: 'staging' }],
  });
  const CREATE = 'POST /repos/{owner}/{repo}/deployments';

  /** Lets something happen just before GitHub takes the first request that creates a deployment. */
  function before({ github }: Scenario, happens: () => void): void {
    let isFirst = true;
    github.faults.add({
      action: 'delay',
      match: ({ route }) => {
        if (route === CREATE && isFirst) {
          isFirst = false;
          happens();
        }
        return false;
      },
    });
  }

  async function stage(): Promise<Scenario> {
    const scenario = await startScenario({ policy: PROMOTED });
    scenario.github.clock.advance(MINUTE);
    return scenario;
  }

  const inProduction = ({ shop }: Scenario) => shop.deployments('production').map(({ sha, state }) => [sha, state]);

  test.each(['at once', 'after the answer was lost', 'after the end of the other one could not be written'])(
    'is of the commit that has stood, though somebody pushes meanwhile: %s',
    async (when) => {
      const scenario = await stage();
      const { shop, github, pass } = scenario;
      const staging = shop.createDeployment({ ref: 'main', environment: 'staging' });
      staging.setStatus('success');
      before(scenario, () => void shop.push({ files: { later: '1' } }));
      if (when === 'after the answer was lost') github.faults.add({ match: CREATE, action: 'drop-after-apply' });
      if (when.startsWith('after the end')) {
        github.faults.add({ match: `${CREATE}/{deployment_id}/statuses`, action: '503', times: 5 });
      }
      await pass(10 * MINUTE);
      await pass(10 * MINUTE);
      await scenario.sweep();
      const { sha } = shop.head('main');
      expect(inProduction(scenario)).toEqual([
        [sha, 'error'],
        [staging.sha, 'pending'],
      ]);
      expect(said(shop.deployments('production')[0] ?? { statuses: [] })).toEqual([
        `error: Not the commit that was promoted: the ref moved meanwhile. ${staging.sha.slice(0, 12)} is deployed instead.`,
      ]);
      // What was never meant to be here does not keep its commit from coming.
      shop.createDeployment({ ref: 'main', environment: 'staging' }).setStatus('success');
      await pass(10 * MINUTE);
      expect(inProduction(scenario).at(-1)).toEqual([sha, 'pending']);
    },
  );

  test('of a tag is of its commit, though a branch gets the same name', async () => {
    const scenario = await stage();
    const { shop, pass } = scenario;
    shop.tag('v1');
    const staging = shop.createDeployment({ ref: 'v1', environment: 'staging' });
    staging.setStatus('success');
    const { sha } = shop.push({ branch: 'other', files: { later: '1' } });
    before(scenario, () => {
      shop.branch('v1', sha);
    });
    await pass(10 * MINUTE);
    expect(inProduction(scenario)).toEqual([
      [sha, 'error'],
      [staging.sha, 'pending'],
    ]);
  });
});

describe('a deployment of the API', () => {
  const CHECKED = production({ gates: [{ checks: ['build'] }] });

  async function start(policy = CHECKED): Promise<Scenario> {
    const scenario = await startScenario({ policy });
    scenario.github.clock.advance(MINUTE);
    return scenario;
  }

  test('is told to wait, and queued once its gates pass', async () => {
    const scenario = await start();
    const { shop, settle } = scenario;
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    expect(said(deployment)).toEqual([expect.stringMatching(/^pending: Waiting: checks/)]);
    // The environment is there since, and gets the app's own rule.
    await scenario.sweep();
    await expectNoWrite(scenario, scenario.sweep);
    shop.setCommitStatus({ context: 'build', state: 'success' });
    await settle();
    expect(deployment.statuses.map(({ state }) => state)).toEqual(['pending', 'queued']);
    expect(said(deployment).at(-1)).toMatch(/^queued: Approved/);
    await expectNoWrite(scenario, scenario.sweep);
  });

  test('fails, in so many words, once its gates do', async () => {
    const { shop, settle } = await start();
    shop.setCommitStatus({ context: 'build', state: 'failure' });
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    expect(said(deployment)).toEqual([expect.stringMatching(/^failure: Rejected: checks/)]);
  });

  test('is queued once its gates pass, though a workflow has made its own deployment of it', async () => {
    const scenario = await start();
    const { shop, settle } = scenario;
    await settle();
    scenario.hold();
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    scenario.github.clock.advance(1000);
    const run = startRun(scenario, { event: 'deployment' });
    await scenario.github.release();
    await settle();
    expect(said(deployment)).toEqual([expect.stringMatching(/^pending: Waiting: checks/)]);
    shop.setCommitStatus({ context: 'build', state: 'success' });
    await scenario.github.release();
    await settle();
    expect([deployment.statuses.at(-1)?.state, run.reports.at(-1)?.state]).toEqual(['queued', 'approved']);
  });

  test('is told why it was rejected, though its status could not be set at first', async () => {
    const scenario = await start();
    const { shop, settle, github } = scenario;
    shop.setCommitStatus({ context: 'build', state: 'failure' });
    const match = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    github.faults.add({ match, action: '503', times: 1_000 });
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    expect(deployment.statuses).toEqual([]);
    github.faults.clear();
    await scenario.restart();
    expect(said(deployment)).toEqual(['failure: Rejected: checks: build: failure']);
    expect(deployment.statuses.at(-1)?.logUrl).toContain(`/runs/${told(scenario).id}`);
  });

  test('is told each time that it waits for something else', async () => {
    const scenario = await start(production({ gates: [{ checks: ['build'] }, { pull_request: { approvals: 1 } }] }));
    const { shop, settle } = scenario;
    shop.addCollaborator('alice', 'write');
    const pull = shop.openPullRequest({ head: 'feature' });
    shop.setCommitStatus({ sha: pull.headSha, context: 'build', state: 'success' });
    const deployment = shop.createDeployment({ ref: 'feature', environment: 'production' });
    await settle();
    for (let i = 0; i < 12; i += 1) {
      const state = i % 2 === 0 ? 'pending' : 'success';
      shop.setCommitStatus({ sha: pull.headSha, context: 'build', state });
      await settle();
    }
    expect(deployment.statuses.map(({ state }) => state)).toEqual(Array.from({ length: 13 }, () => 'pending'));
  });

  test('is left alone where the repository does without the gates of its organisation', async () => {
    const scenario = await start(production({ gates: [] }));
    const { shop, github, settle, sweep } = scenario;
    landPolicy(github.addRepository({ owner: 'acme', name: '.github' }), CHECKED);
    await settle();
    await sweep();
    github.clock.advance(MINUTE);
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    await sweep();
    expect(said(deployment)).toEqual([]);
    const run = startRun(scenario);
    await settle();
    expect(run.reports).toMatchObject([{ state: 'approved', comment: expect.stringContaining('no gates') }]);
  });

  test('is answered no more once somebody else has set a status', async () => {
    const scenario = await start();
    const { shop, settle } = scenario;
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    deployment.setStatus('in_progress');
    await settle();
    await expectNoWrite(scenario, () => {
      shop.setCommitStatus({ context: 'build', state: 'success' });
    });
    expect(deployment.statuses.map(({ state }) => state)).toEqual(['pending', 'in_progress']);
  });

  test.each([false, true])(
    'goes on once what it waits for is given up as stuck (delete.environment: %s)',
    async (goes) => {
      const entry = {
        name: 'preview/*',
        gates: [{ max_in_progress: 1 }],
        lifecycle: { transient: true, fail_stuck_after: '2h', ...(goes ? { delete: { environment: true } } : {}) },
      };
      const scenario = await start(JSON.stringify({ version: 1, environments: [entry] }));
      const { shop, settle, github } = scenario;
      const environment = 'preview/1';
      const stuck = shop.createDeployment({ ref: 'main', environment, transient: true });
      await settle();
      stuck.setStatus('in_progress');
      await settle();
      github.clock.advance(HOUR);
      const { sha } = shop.push({ files: { a: '1' } });
      const next = shop.createDeployment({ ref: sha, environment, transient: true });
      await settle();
      expect(said(next)).toEqual([expect.stringMatching(/^pending: Waiting: max_in_progress/)]);
      github.clock.advance(HOUR + MINUTE);
      await scenario.sweep();
      expect([stuck.state, next.state]).toEqual(['error', 'queued']);
    },
  );

  test('is stuck once its deploy system has said nothing more than that it is pending', async () => {
    const entry = {
      name: 'preview/*',
      gates: [{ checks: ['build'] }],
      lifecycle: { transient: true, fail_stuck_after: '2h' },
    };
    const scenario = await start(JSON.stringify({ version: 1, environments: [entry] }));
    const { shop, settle, github, sweep } = scenario;
    shop.setCommitStatus({ context: 'build', state: 'success' });
    const deployment = shop.createDeployment({ ref: 'main', environment: 'preview/1', transient: true });
    await settle();
    deployment.setStatus('pending');
    await settle();
    github.clock.advance(HOUR);
    await sweep();
    expect(deployment.state).toBe('pending');
    github.clock.advance(HOUR + MINUTE);
    await sweep();
    expect(deployment.state).toBe('error');
  });

  test('is not stuck while its gates hold it', async () => {
    const policy = production({
      gates: [{ checks: ['build'] }],
      lifecycle: { transient: true, fail_stuck_after: '2h' },
    });
    const scenario = await start(policy);
    const { shop, settle } = scenario;
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production', transient: true });
    await settle();
    scenario.github.clock.advance(5 * HOUR);
    await scenario.sweep();
    expect(deployment.state).toBe('pending');
  });

  test('is not stuck where there are too many to know whether its gates hold it', async () => {
    const policy = production({
      gates: [{ checks: ['build'] }],
      lifecycle: { transient: true, fail_stuck_after: '2h' },
    });
    const scenario = await start(policy);
    const { shop, github } = scenario;
    const { sha } = shop.push({ files: { a: '1' } });
    scenario.hold();
    const others = Array.from({ length: 2_010 }, () =>
      shop.createDeployment({ ref: 'main', environment: 'production', transient: true }),
    );
    github.clock.advance(MINUTE);
    const deployment = shop.createDeployment({ ref: sha, environment: 'production', transient: true });
    github.clock.advance(3 * HOUR);
    for (const other of others) other.setStatus('in_progress');
    await scenario.sweep();
    expect(deployment.state).not.toBe('error');
  });

  test('of Actions is answered through its run alone', async () => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    const by = run.deployment('production').statuses.map(({ creator }) => creator.login);
    expect(new Set(by)).toEqual(new Set(['github-actions[bot]']));
  });

  test('from before the first policy with gates is left alone, years of them', async () => {
    const scenario = await startScenario();
    const { shop, github, settle, policy, sweep } = scenario;
    const old = Array.from({ length: 5 }, () => {
      github.clock.advance(HOUR);
      return shop.createDeployment({ ref: 'main', environment: 'production' });
    });
    await settle();
    github.clock.advance(HOUR);
    policy(CHECKED);
    await settle();
    await sweep();
    expect(old.flatMap(({ statuses }) => statuses)).toEqual([]);
  });
});

describe('with `mode: report`', () => {
  test('a run is approved with what would have happened, and nothing but check runs is written', async () => {
    const scenario = await startScenario({
      policy: production({ gates: [{ checks: ['build'] }] }, { mode: 'report' }),
    });
    scenario.github.clock.advance(MINUTE);
    const run = startRun(scenario);
    const deployment = scenario.shop.createDeployment({ ref: 'main', environment: 'production' });
    await scenario.settle();
    expect(run.reports).toMatchObject([{ state: 'approved', comment: expect.stringContaining('Would wait') }]);
    expect(deployment.statuses).toEqual([]);
    expect(told(scenario).output.title).toContain('Would wait');
    const routes = new Set(scenario.github.requests.writes().map(({ route }) => route));
    expect(routes).toEqual(
      new Set([
        'POST /repos/{owner}/{repo}/check-runs',
        'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
        'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
      ]),
    );
  });

  test('nobody is told of a rejection that GitHub did not take before', async () => {
    const scenario = await startScenario({ policy: production({ gates: [{ checks: ['build'] }] }) });
    const { shop, github, settle } = scenario;
    github.clock.advance(MINUTE);
    github.faults.add({
      match: ({ method, route }) => method === 'POST' && /statuses|protection_rule/.test(route ?? ''),
      action: '403-permission',
      times: 1_000,
    });
    shop.setCommitStatus({ context: 'build', state: 'failure' });
    const run = startRun(scenario);
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    await settle();
    expect(told(scenario).output.title).toContain('Rejected');
    github.faults.clear();
    scenario.policy(production({ gates: [{ checks: ['build'] }] }, { mode: 'report' }));
    await settle();
    expect(run.reports.map(({ state }) => state)).toEqual(['approved']);
    expect(deployment.statuses).toEqual([]);
  });

  test('and with OBSERVE_ONLY nothing is written at all', async () => {
    const policy = production({ gates: [{ checks: ['build'] }] });
    const scenario = await startScenario({ policy, environment: { OBSERVE_ONLY: 'true' } });
    await expectNoWrite(scenario, () => {
      startRun(scenario);
    });
    expect(scenario.lines.filter(({ msg }) => msg === 'Gates decided')).toHaveLength(1);
  });
});

describe('hostile names', () => {
  test('are shown as they are, and do nothing, wherever they are told', async () => {
    const branch = '@acme/sre-#1-`x`-|-<b>-[l](http://evil.example)-\u202e';
    const policy = production(
      { gates: [{ ref: ['main'] }, { pull_request: { base: 'main' } }] },
      { freezes: [{ name: branch, reason: '@everyone ![x](http://evil.example)\n# Approved' }] },
    );
    const scenario = await startScenario({ policy });
    scenario.github.clock.advance(MINUTE);
    scenario.shop.openPullRequest({ head: branch, title: '@everyone <script>' });
    const run = startRun(scenario, { branch });
    await scenario.settle();
    const deployment = scenario.shop.createDeployment({ ref: branch, environment: 'production' });
    await scenario.settle();
    const { summary } = told(scenario, 'production', run.sha).output;
    const texts = [...run.reports.map(({ comment }) => comment), summary ?? ''];
    expect(texts).toHaveLength(2);
    for (const text of texts) {
      expect(text).not.toContain('\u202e');
      expect(text).not.toMatch(/(^|[^`\w])@(?:everyone|acme)\b(?!<!-- -->)[^`]*$/m);
      expect(text).not.toMatch(/<(?:b|script)>(?![^`\n]*`)/);
      expect(text).not.toMatch(/^# Approved/m);
    }
    expect(deployment.statuses.map(({ description }) => description).join()).not.toMatch(/@|\u202e/);
  });
});

describe('protection', () => {
  test('enables the app’s own rule where an entry has gates, or a freeze names the environment', async () => {
    const scenario = await startScenario();
    for (const name of ['production', 'staging', 'other']) scenario.shop.environment(name);
    const freezes = [
      { name: 'audit', environments: ['Staging'], to: '2026-01-01T00:00' },
      { name: 'all', to: '2026-01-01T00:00' },
    ];
    scenario.policy(production({ gates: [{ checks: ['build'] }] }, { freezes }));
    await scenario.settle();
    const rules = ['production', 'staging', 'other'].map((name) => scenario.shop.environment(name).protection.rules);
    expect(rules).toEqual([['lockkeeper'], ['lockkeeper'], []]);
    await expectNoWrite(scenario, scenario.sweep);
  });
});
