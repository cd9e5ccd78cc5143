import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, startScenario } from './harness.ts';
import { answers, expectNoWrite, production, startRun, told } from './gating.ts';

const CHECKED = production({ gates: [{ checks: ['build'] }] });

describe('a run of Actions that asks', () => {
  test('waits for a check with one report, and is approved once that has succeeded', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, settle } = scenario;
    const run = startRun(scenario);
    await settle();
    expect(answers(run)).toEqual([[null]]);
    expect(told(scenario)).toMatchObject({ conclusion: 'neutral' });
    const build = shop.addCheckRun({ name: 'build', status: 'in_progress' });
    await settle();
    build.complete('success');
    await settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
    expect(told(scenario)).toMatchObject({ conclusion: 'success' });
    expect(run.pending).toEqual([]);
  });

  test('is rejected, in so many words, once the check has failed', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    scenario.shop.setCommitStatus({ context: 'build', state: 'failure' });
    const run = startRun(scenario);
    await scenario.settle();
    expect(run.reports).toMatchObject([{ state: 'rejected', comment: expect.stringContaining('checks_failed') }]);
    expect(run.conclusion).toBe('failure');
    expect(told(scenario)).toMatchObject({ conclusion: 'neutral' });
  });

  test('is approved where there is no policy, no gate, and no freeze, and says so', async () => {
    const scenario = await startScenario();
    const first = startRun(scenario);
    await scenario.settle();
    scenario.policy('version: 1\n');
    const second = startRun(scenario);
    await scenario.settle();
    expect(first.reports).toMatchObject([{ state: 'approved', comment: 'Approved: this repository has no policy.' }]);
    expect(second.reports).toMatchObject([{ state: 'approved', comment: expect.stringContaining('no gates') }]);
    expect(scenario.shop.checkRuns().map(({ name }) => name)).not.toContain('Lockkeeper / production');
  });

  test.each(['the same process', 'the next one'])(
    'for a second job in the same environment has its gates asked again, by %s',
    async (who) => {
      const scenario = await startScenario({ policy: CHECKED });
      const { shop, settle } = scenario;
      shop.setCommitStatus({ context: 'build', state: 'success' });
      const run = startRun(scenario);
      await settle();
      expect(answers(run)).toEqual([['approved']]);
      if (who === 'the next one') await scenario.restart();
      scenario.github.clock.advance(MINUTE);
      shop.setCommitStatus({ context: 'build', state: 'pending' });
      run.startNextJob('production');
      await settle();
      expect(answers(run)).toEqual([['approved', null]]);
      shop.setCommitStatus({ context: 'build', state: 'success' });
      await settle();
      expect(answers(run)).toEqual([['approved', null, 'approved']]);
      await expectNoWrite(scenario, scenario.sweep);
    },
  );

  test.each([
    ['its own delivery', 'Production'],
    ['the list of what it waits for', 'PRODUCTION'],
  ])('is answered by the name of its environment as %s spells it', async (_name, spelled) => {
    const scenario = await startScenario({ policy: 'version: 1\n' });
    const { shop, settle, sweep } = scenario;
    shop.environment('PRODUCTION');
    for (const name of ['production', 'pRoduction']) shop.createDeployment({ ref: 'main', environment: name });
    await settle();
    if (spelled === 'PRODUCTION') scenario.hold();
    const run = startRun(scenario, { environments: ['Production'] });
    await settle();
    await sweep();
    expect(run.reports.map(({ environment }) => environment)).toEqual([spelled]);
  });

  test.each([11, 12, 25, 60])('is approved where nothing holds it back, though %i ask at once', async (count) => {
    const scenario = await startScenario({ policy: 'version: 1\n', environment: { SWEEP_INTERVAL: '0' } });
    await scenario.settle();
    scenario.hold();
    const runs = Array.from({ length: count }, () => startRun(scenario));
    await scenario.github.release();
    await scenario.settle();
    expect(answers(...runs)).toEqual(runs.map(() => ['approved']));
  });

  test('for a second job, or once more, is approved again where there are no gates', async () => {
    const scenario = await startScenario({ policy: 'version: 1\n' });
    const run = startRun(scenario);
    await scenario.settle();
    run.startNextJob('production');
    await scenario.settle();
    expect(answers(run)).toEqual([['approved', 'approved']]);
  });

  test('goes on once the policy is deleted', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const run = startRun(scenario);
    await scenario.settle();
    scenario.policy(null);
    await scenario.settle();
    expect(run.reports.at(-1)).toMatchObject({
      state: 'approved',
      comment: 'Approved: this repository has no policy.',
    });
  });

  test('and that the delivery was lost of goes on once the gates are taken out', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    await scenario.settle();
    scenario.hold();
    const run = startRun(scenario);
    scenario.policy('version: 1\n');
    await scenario.github.release(scenario.github.held.filter(({ event }) => event === 'push'));
    await scenario.settle();
    expect(answers(run)).toEqual([['approved']]);
  });

  test('lets those that waited before go on with it where the gates are gone', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const first = startRun(scenario);
    await scenario.settle();
    scenario.github.held.splice(0);
    scenario.hold();
    scenario.policy('version: 1\n');
    const second = startRun(scenario);
    const asks = scenario.github.held.filter(({ event }) => event === 'deployment_protection_rule');
    await scenario.github.release(asks);
    await scenario.settle();
    expect(answers(first, second)).toEqual([[null, 'approved'], ['approved']]);
  });

  test('costs nothing when a check, a status or a run ends elsewhere', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, github, settle } = scenario;
    const run = startRun(scenario);
    await settle();
    const other = shop.push({ branch: 'other', files: { a: 'b' } });
    await settle();
    github.requests.reset();
    shop.addCheckRun({ sha: other.sha, name: 'build', conclusion: 'success' });
    shop.setCommitStatus({ sha: other.sha, context: 'build', state: 'success' });
    await settle();
    expect(github.requests.count()).toBe(0);
    expect(answers(run)).toEqual([[null]]);
  });

  test('re-evaluated to the same, is told nothing again', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, sweep } = scenario;
    const run = startRun(scenario);
    await scenario.settle();
    await expectNoWrite(scenario, () => {
      shop.setCommitStatus({ context: 'other', state: 'success' });
    });
    await expectNoWrite(scenario, sweep);
    expect(answers(run)).toEqual([[null]]);
  });

  test('is told no more than eight times before it is decided', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, settle } = scenario;
    const run = startRun(scenario);
    await settle();
    const build = shop.addCheckRun({ name: 'build', status: 'in_progress' });
    for (let i = 0; i < 12; i += 1) {
      scenario.policy(production({ gates: [{ checks: ['build', ...(i % 2 === 0 ? ['e2e'] : [])] }] }));
      await settle();
    }
    expect(answers(run)).toEqual([Array.from({ length: 8 }, () => null)]);
    build.complete('success');
    scenario.policy(CHECKED);
    await settle();
    expect(answers(run)[0]?.at(-1)).toBe('approved');
  });

  test('that the delivery was lost of is found by the sweep, and by the next process', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, github, hold, settle, sweep, restart } = scenario;
    hold();
    const first = startRun(scenario);
    await settle();
    github.held.splice(0);
    await sweep();
    expect(answers(first)).toEqual([[null]]);
    await restart();
    expect(answers(first)).toEqual([[null]]);
    shop.setCommitStatus({ context: 'build', state: 'success' });
    await settle();
    expect(answers(first)).toEqual([[null, 'approved']]);
  });

  describe.each([
    ['a policy without gates', 'version: 1\n'],
    ['no policy', null],
  ])('where there is %s', (_name, policy) => {
    test.each(['the sweep', 'the next process'])(
      'and that the delivery was lost of is approved by %s, once, though it goes on waiting for somebody else',
      async (who) => {
        const scenario = await startScenario(policy === null ? {} : { policy });
        const { shop, github, hold, settle, sweep, restart } = scenario;
        await sweep();
        hold();
        const run = startRun(scenario);
        for (let i = 0; i < 40; i += 1) {
          github.clock.advance(1000);
          shop.createDeployment({ ref: 'main', environment: 'other' }).setStatus('success');
        }
        // Only a policy has the deployments listed that are not among the newest.
        if (policy === null) run.startNextJob('production');
        await settle();
        github.held.splice(0);
        github.clock.advance(HOUR);
        if (who === 'the sweep') await sweep();
        else await restart();
        expect(answers(run)).toEqual([['approved']]);
        run.waitForOthers('production');
        await expectNoWrite(scenario, sweep);
      },
    );
  });

  test('and that the delivery was lost of goes first where a younger one asks, in a process that knows of neither', async () => {
    const policy = production({ gates: [{ max_in_progress: 1 }] });
    const scenario = await startScenario({ policy, environment: { SWEEP_INTERVAL: '0' } });
    const { shop, github, hold, settle } = scenario;
    hold();
    const older = startRun(scenario);
    github.held.splice(0);
    github.clock.advance(MINUTE);
    const younger = startRun(scenario, { sha: shop.push({ files: { a: 'b' } }).sha });
    await github.release(github.held.filter(({ event }) => event === 'deployment_protection_rule'));
    await settle();
    expect(answers(older, younger)).toEqual([['approved'], [null]]);
  });

  test('is decided once, however often and late it asks', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, github, hold, settle } = scenario;
    shop.setCommitStatus({ context: 'build', state: 'success' });
    hold();
    const run = startRun(scenario);
    const held = github.held.filter(({ event }) => event === 'deployment_protection_rule');
    await github.release([...held, ...held]);
    await settle();
    expect(answers(run)).toEqual([['approved']]);
    run.complete();
    await expectNoWrite(scenario, () => github.release(held));
    expect(scenario.findings()).toEqual([]);
  });

  test('and is cancelled while it waits, is forgotten', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { shop, settle } = scenario;
    const run = startRun(scenario);
    await settle();
    run.complete('cancelled');
    await settle();
    await expectNoWrite(scenario, () => {
      shop.setCommitStatus({ context: 'build', state: 'success' });
    });
    expect(answers(run)).toEqual([[null]]);
    expect(scenario.findings()).toEqual([]);
  });

  test('and gets no answer because GitHub says 422, holds nothing up', async () => {
    const scenario = await startScenario({ policy: CHECKED, unchecked: true });
    const { shop, github, settle } = scenario;
    shop.setCommitStatus({ context: 'build', state: 'success' });
    shop.environment('production').protect({ rules: ['lockkeeper'] });
    const run = startRun(scenario);
    run.raw.pending.clear();
    await settle();
    expect(github.requests.count({ method: 'POST', status: 404 })).toBe(1);
    await expectNoWrite(scenario, scenario.sweep);
    expect(scenario.findings()).toEqual([]);
  });
});

describe('what an outage kept from somebody who waits', () => {
  const RULE = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule';
  const STATUS = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  const WRITTEN = 'POST /repos/{owner}/{repo}/check-runs';
  const REWRITTEN = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';

  /** There are more reasons to wait. */
  const REVIEWED = production({ gates: [{ checks: ['build'] }, { pull_request: { approvals: 1 } }] });

  test.each([
    ['500', RULE],
    ['503', RULE],
    ['drop-before', RULE],
    ['secondary-limit', RULE],
    ['500', WRITTEN],
    ['drop-before', WRITTEN],
    ['drop-after-apply', WRITTEN],
  ] as const)('is told by the next try, once (%s, %s)', async (action, match) => {
    const scenario = await startScenario({ policy: CHECKED });
    scenario.github.faults.add({ match, action });
    const run = startRun(scenario);
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    expect(told(scenario).conclusion).toBe('neutral');
    await expectNoWrite(scenario, scenario.sweep);
    await scenario.restart();
    await expectNoWrite(scenario, scenario.sweep);
    expect(answers(run)).toEqual([[null]]);
  });

  test.each(['the sweep', 'the next process'])('for longer than anybody tries is told by %s, once', async (who) => {
    const scenario = await startScenario({ policy: CHECKED });
    const { github, shop, sweep, settle, restart } = scenario;
    github.faults.add({ match: RULE, action: '502', times: 1_000 });
    const run = startRun(scenario);
    await settle();
    for (let i = 0; i < 3; i += 1) await sweep();
    expect(answers(run)).toEqual([[]]);
    github.faults.clear();
    await (who === 'the sweep' ? sweep : restart)();
    expect(answers(run)).toEqual([[null]]);
    await expectNoWrite(scenario, sweep);
    shop.setCommitStatus({ context: 'build', state: 'success' });
    await settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });

  test('is told as it is by then, and what had arrived is not repeated', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { github, settle, policy, sweep } = scenario;
    const run = startRun(scenario);
    await settle();
    github.faults.add({ match: RULE, action: '500', times: 1_000 });
    policy(REVIEWED);
    await settle();
    expect(answers(run)).toEqual([[null]]);
    policy(CHECKED);
    await settle();
    github.faults.clear();
    await sweep();
    expect(answers(run)).toEqual([[null]]);
  });

  test('is told no more than eight times, though no answer comes and all of it arrives', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    const { github, shop, settle, sweep } = scenario;
    github.faults.add({ match: RULE, action: 'drop-after-apply', times: 1_000 });
    const run = startRun(scenario);
    await settle();
    for (let i = 0; i < 3; i += 1) await sweep();
    expect(answers(run)).toEqual([Array.from({ length: 8 }, () => null)]);
    github.faults.clear();
    shop.setCommitStatus({ context: 'build', state: 'success' });
    await settle();
    expect(answers(run)[0]?.at(-1)).toBe('approved');
  });

  test.each(['500', 'drop-before', 'drop-after-apply'] as const)(
    'of the API is told by the next look, once (%s)',
    async (action) => {
      const scenario = await startScenario({ policy: CHECKED });
      const { github, shop, settle, sweep } = scenario;
      github.clock.advance(MINUTE);
      github.faults.add({ match: STATUS, action, times: action === 'drop-after-apply' ? 1 : 1_000 });
      const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
      await settle();
      github.faults.clear();
      await sweep();
      expect(deployment.statuses.map(({ state }) => state)).toEqual(['pending']);
      await sweep();
      await expectNoWrite(scenario, sweep);
    },
  );

  test.each(['500', 'drop-before', 'drop-after-apply'] as const)(
    'because its check run could not be written over is told by the next try, once (%s)',
    async (action) => {
      const scenario = await startScenario({ policy: CHECKED });
      const { github, settle, policy } = scenario;
      const run = startRun(scenario);
      await settle();
      github.faults.add({ match: REWRITTEN, action });
      policy(REVIEWED);
      await settle();
      expect(told(scenario).output.summary).toContain('pull_request');
      expect(answers(run)).toEqual([[null, null]]);
    },
  );
});

describe('a newer run', () => {
  const LATEST = production({ gates: [{ ref: ['main'] }, { latest_only: true }, { checks: ['build'] }] });

  test('that has not asked so far and is rejected in the end kills no older one', async () => {
    const scenario = await startScenario({ policy: LATEST });
    const { shop, github, settle } = scenario;
    const older = startRun(scenario);
    await settle();
    scenario.hold();
    github.clock.advance(MINUTE);
    const { sha } = shop.push({ branch: 'feature', files: { a: '1' } });
    const newer = startRun(scenario, { branch: 'feature', sha });
    shop.setCommitStatus({ sha: older.sha, context: 'build', state: 'success' });
    await github.release(github.held.filter(({ event }) => event === 'status'));
    await settle();
    expect(older.reports.at(-1)).toMatchObject({ state: null, comment: expect.stringContaining('newer_undecided') });
    await github.release();
    await settle();
    expect([newer, older].map(({ reports }) => reports.at(-1)?.state)).toEqual(['rejected', 'approved']);
  });

  test('that was cancelled without a word of its deployment stands in nobody’s way', async () => {
    const scenario = await startScenario({ policy: LATEST });
    const { shop, github, settle } = scenario;
    await settle();
    scenario.hold();
    const older = startRun(scenario);
    github.clock.advance(MINUTE);
    startRun(scenario, { sha: shop.push({ files: { a: '1' } }).sha }).cancelQuietly();
    shop.setCommitStatus({ sha: older.sha, context: 'build', state: 'success' });
    await github.release();
    await settle();
    expect(answers(older)).toEqual([['approved']]);
  });
});

test('a run of a branch that its merge deleted meanwhile is approved by the pattern that it matches', async () => {
  const scenario = await startScenario({
    policy: production({ gates: [{ ref: ['feature/*'] }, { checks: ['build'] }] }),
  });
  const { shop, settle } = scenario;
  const pull = shop.openPullRequest({ head: 'feature/1' });
  const sha = pull.headSha;
  const run = startRun(scenario, { branch: 'feature/1' });
  await settle();
  pull.merge({ method: 'squash' });
  shop.deleteBranch('feature/1');
  await settle();
  shop.setCommitStatus({ sha, context: 'build', state: 'success' });
  await settle();
  expect(run.reports.at(-1)?.state).toBe('approved');
});

describe('a policy that does not parse', () => {
  test('lets the newest version that does serve the gates', async () => {
    const scenario = await startScenario({ policy: CHECKED });
    scenario.policy('version: 1\nenvironments: nonsense\n');
    await scenario.settle();
    const run = startRun(scenario);
    await scenario.settle();
    expect(run.reports).toMatchObject([{ state: null, comment: expect.stringContaining('checks_missing') }]);
  });

  test('lets everything wait where there is none, until it is mended', async () => {
    const scenario = await startScenario({ policy: 'nonsense: true\n' });
    const run = startRun(scenario);
    await scenario.settle();
    expect(run.reports).toMatchObject([{ state: null, comment: expect.stringContaining('policy_not_usable') }]);
    scenario.policy('version: 1\n');
    await scenario.settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });
});

describe('the clock', () => {
  const office = { name: 'office', time_zone: 'Europe/Berlin', days: ['tue'], from: '09:00', to: '16:00' };

  test('opens a window to the second', async () => {
    const policy = production({ gates: [{ windows: ['office'] }] }, { windows: [office] });
    const scenario = await startScenario({ policy });
    const run = startRun(scenario);
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    // Monday, 10:00 in Berlin.
    await scenario.pass(23 * HOUR - MINUTE);
    expect(answers(run)).toEqual([[null]]);
    await scenario.pass(MINUTE);
    expect(answers(run)).toEqual([[null, 'approved']]);
  });

  test('ends a freeze of an environment without gates', async () => {
    const freeze = { name: 'audit', environments: ['production'], to: '2026-03-02T12:00', reason: 'Audit' };
    const scenario = await startScenario({ policy: JSON.stringify({ version: 1, freezes: [freeze] }) });
    const run = startRun(scenario);
    await scenario.settle();
    expect(run.reports).toMatchObject([{ state: null, comment: expect.stringContaining('freeze_in_force') }]);
    await scenario.pass(3 * HOUR);
    expect(answers(run)).toEqual([[null, 'approved']]);
  });

  test('releases twenty runs one after the other when a freeze ends, with max_in_progress: 1', async () => {
    const freeze = { name: 'audit', to: '2026-03-02T12:00' };
    const policy = production({ gates: [{ max_in_progress: 1 }] }, { freezes: [freeze] });
    const scenario = await startScenario({ policy });
    const { shop, settle } = scenario;
    const runs = Array.from({ length: 20 }, (_, i) => {
      scenario.github.clock.advance(1000);
      return startRun(scenario, { sha: shop.push({ files: { a: String(i) } }).sha });
    });
    await settle();
    await scenario.pass(3 * HOUR);
    for (const [i, run] of runs.entries()) {
      const approved = runs.filter(({ reports }) => reports.at(-1)?.state === 'approved');
      expect(approved).toEqual(runs.slice(0, i + 1));
      run.complete();
      await settle();
    }
  });
});
