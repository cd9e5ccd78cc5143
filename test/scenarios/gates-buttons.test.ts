import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, startScenario, type Scenario } from './harness.ts';
import { answers, expectNoWrite, press, production, startRun, told } from './gating.ts';

const BYPASSABLE = production({ gates: [{ checks: ['build'] }], bypass: { teams: ['sre'], users: ['carol'] } });

async function start(policy = BYPASSABLE): Promise<Scenario> {
  const scenario = await startScenario({ policy });
  scenario.github.addTeam('acme', 'sre', ['bob', 'octocat']);
  for (const login of ['alice', 'bob', 'carol', 'octocat']) scenario.shop.addCollaborator(login, 'write');
  return scenario;
}

describe('Bypass', () => {
  test.each(['bob', 'carol'])(
    'by somebody whom the policy names (%s) lets the run through, and is written down',
    async (by) => {
      const scenario = await start();
      const run = startRun(scenario);
      await scenario.settle();
      press(scenario, { button: 'bypass', by });
      await scenario.settle();
      expect(answers(run)).toEqual([[null, 'approved']]);
      expect(run.reports.at(-1)?.comment).toContain(by);
      expect(told(scenario).output.summary).toContain(`\`${by}\` pressed Bypass at 2026-03-02 09:00`);
      expect(told(scenario).conclusion).toBe('success');
    },
  );

  test.each([
    ['somebody whom the policy does not name', 'alice', 'does not name them'],
    ['a stranger', 'mallory', 'does not name them'],
    ['who created the deployment', 'octocat', 'nobody bypasses a deployment that they created'],
  ])('by %s changes nothing and says so', async (_name, by, why) => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'bypass', by });
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    expect(told(scenario).output.summary).toContain(why);
    expect(told(scenario).conclusion).toBe('neutral');
  });

  test('covers freezes only where the policy says so', async () => {
    const freeze = { name: 'audit', to: '2026-03-05T00:00' };
    const scenario = await start(production({ bypass: { users: ['carol'] } }, { freezes: [freeze] }));
    const run = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'bypass', by: 'carol' });
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    scenario.policy(production({ bypass: { users: ['carol'], freezes: true } }, { freezes: [freeze] }));
    await scenario.settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });

  test('keeps what fails from being rejected for an hour', async () => {
    const scenario = await start();
    scenario.shop.setCommitStatus({ context: 'build', state: 'failure' });
    const [first, second] = [startRun(scenario), startRun(scenario, { branch: 'main' })];
    await scenario.settle();
    expect(answers(first, second)).toEqual([[null], [null]]);
    await scenario.pass(HOUR - MINUTE);
    expect(answers(first, second)).toEqual([[null], [null]]);
    await scenario.pass(2 * MINUTE);
    expect(answers(first, second)).toEqual([
      [null, 'rejected'],
      [null, 'rejected'],
    ]);
    // A rejection is final; the same commit deployed again is covered by a bypass given since.
    press(scenario, { button: 'bypass', by: 'carol' });
    await scenario.settle();
    expect(told(scenario).output.summary).toContain('`carol` pressed Bypass');
    const third = startRun(scenario);
    await scenario.settle();
    expect(answers(third)).toEqual([['approved']]);
    await scenario.pass(25 * HOUR);
    const fourth = startRun(scenario);
    await scenario.settle();
    expect(answers(fourth)).toEqual([[null]]);
  });

  test('is remembered by the next process, and covers this commit alone', async () => {
    const scenario = await start();
    const { shop, settle } = scenario;
    const first = startRun(scenario);
    await settle();
    press(scenario, { button: 'bypass', by: 'carol' });
    await settle();
    await scenario.restart();
    const again = startRun(scenario, { sha: first.sha });
    const other = startRun(scenario, { sha: shop.push({ files: { a: 'b' } }).sha });
    await settle();
    expect(answers(again, other)).toEqual([['approved'], [null]]);
  });

  test('and every report are remembered on a commit with the check runs of many environments', async () => {
    const scenario = await start();
    const { shop, settle, sweep, restart } = scenario;
    const other = startRun(scenario, { environments: ['Production'] });
    await settle();
    for (let i = 0; i < 60; i += 1) {
      shop.addCheckRun({ name: `Lockkeeper / review/${i}`, app: 'lockkeeper', conclusion: 'neutral' });
    }
    await restart();
    await expectNoWrite(scenario, sweep);
    expect(answers(other)).toEqual([[null]]);
    press(scenario, { button: 'bypass', by: 'carol', environment: 'Production' });
    await settle();
    await restart();
    const again = startRun(scenario, { environments: ['Production'] });
    await settle();
    expect(answers(other, again)).toEqual([[null, 'approved'], ['approved']]);
    expect(told(scenario, 'Production').conclusion).toBe('success');
  });

  test('stays in force, and is told, however often others press in vain', async () => {
    const scenario = await start();
    const first = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'bypass', by: 'carol' });
    await scenario.settle();
    for (let i = 0; i < 60; i += 1) {
      press(scenario, { button: 'bypass', by: 'mallory' });
      await scenario.settle();
    }
    expect(told(scenario).output.summary).toContain('`mallory` pressed Bypass');
    expect(told(scenario).output.summary).toContain('`carol` pressed Bypass');
    await scenario.restart();
    const again = startRun(scenario, { sha: first.sha });
    await scenario.settle();
    expect(answers(again)).toEqual([['approved']]);
  });

  test('is not offered without check runs', async () => {
    const policy = production({ gates: [{ checks: ['build'] }], bypass: { users: ['carol'] } }, { check_runs: false });
    const scenario = await start(policy);
    const run = startRun(scenario);
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    expect(
      scenario.shop
        .checkRuns()
        .filter(({ app }) => app === 'lockkeeper')
        .map(({ name }) => name),
    ).not.toContain('Lockkeeper / production');
    scenario.shop.setCommitStatus({ context: 'build', state: 'success' });
    await scenario.settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });
});

describe('a press that is delivered again', () => {
  /** The delivery of the last press, once more. */
  async function deliverAgain({ github, settle }: Scenario): Promise<void> {
    const press = github.deliveries.findLast(({ payload }) => payload['action'] === 'requested_action');
    if (press === undefined) throw new Error('Nobody has pressed a button');
    await github.release([press]);
    await settle();
  }

  test.each([
    ['while its bypass is in force', 23],
    ['after its bypass', 25],
  ])('%s does not renew it, and one that is made again does', async (_when, hours) => {
    const scenario = await start();
    const { sha } = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'bypass', by: 'carol' });
    await scenario.settle();
    await scenario.pass(hours * HOUR);
    await expectNoWrite(scenario, () => deliverAgain(scenario));
    await scenario.restart();
    await expectNoWrite(scenario, () => deliverAgain(scenario));
    await scenario.pass(2 * HOUR);
    const later = startRun(scenario, { sha });
    await scenario.settle();
    expect(answers(later)).toEqual([[null]]);
    await deliverAgain(scenario);
    expect(answers(later)).toEqual([[null]]);
    press(scenario, { button: 'bypass', by: 'carol' });
    await scenario.settle();
    expect(answers(later)).toEqual([[null, 'approved']]);
  });

  test('does not count by then where it did not count at first', async () => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'bypass', by: 'alice' });
    await scenario.settle();
    scenario.policy(production({ gates: [{ checks: ['build'] }], bypass: { users: ['alice'] } }));
    await scenario.settle();
    await deliverAgain(scenario);
    expect(answers(run)).toEqual([[null]]);
    press(scenario, { button: 'bypass', by: 'alice' });
    await scenario.settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });
});

describe('Re-evaluate', () => {
  test('by somebody who can write looks again', async () => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    scenario.hold();
    scenario.shop.setCommitStatus({ context: 'build', state: 'success' });
    scenario.github.held.splice(0);
    press(scenario, { button: 'reevaluate', by: 'alice' });
    await scenario.github.release(scenario.github.held.splice(0));
    await scenario.settle();
    expect(answers(run)).toEqual([[null, 'approved']]);
  });

  test('by anybody else changes nothing and says so', async () => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    press(scenario, { button: 'reevaluate', by: 'mallory' });
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    expect(told(scenario).output.summary).toContain('only people who can write');
  });

  test('of what was cancelled meanwhile changes nothing and says so', async () => {
    const scenario = await start();
    const run = startRun(scenario);
    await scenario.settle();
    run.complete('cancelled');
    await scenario.settle();
    press(scenario, { button: 'reevaluate', by: 'alice' });
    await scenario.settle();
    expect(answers(run)).toEqual([[null]]);
    expect(told(scenario).output.summary).toContain('nothing of this commit waits here any more');
  });

  test('that changes nothing of what waits writes nothing', async () => {
    const scenario = await start();
    startRun(scenario);
    await scenario.settle();
    await expectNoWrite(scenario, () => {
      press(scenario, { button: 'reevaluate', by: 'alice' });
    });
  });
});

describe.each([
  ['approved', 'success', 'success'],
  ['rejected', 'failure', 'neutral'],
] as const)('on a commit that is %s', (decision, build, conclusion) => {
  describe.each(['is over', 'goes on waiting for somebody else'])('whose run %s', (then) => {
    test.each([
      ['Re-evaluate', 'reevaluate', 'alice', 'what was decided is final'],
      ['Re-evaluate by a stranger', 'reevaluate', 'mallory', 'only people who can write'],
      ['Bypass', 'bypass', 'carol', 'it covers what is deployed of this commit from then on'],
      ['Bypass by a stranger', 'bypass', 'mallory', 'does not name them'],
    ] as const)('%s leaves the decision as it is and says so', async (_name, button, by, why) => {
      const scenario = await start();
      const { shop, settle } = scenario;
      shop.setCommitStatus({ context: 'build', state: build });
      const run = startRun(scenario);
      await settle();
      await scenario.pass(2 * HOUR);
      const before = answers(run);
      expect(before[0]?.at(-1)).toBe(decision);
      if (then === 'goes on waiting for somebody else') run.waitForOthers('production');
      else run.complete();
      await settle();
      const { title } = told(scenario).output;
      press(scenario, { button, by });
      await settle();
      expect(told(scenario).output.summary).toContain(`\`${by}\` pressed`);
      expect(told(scenario).output.summary).toContain(why);
      expect([told(scenario).conclusion, told(scenario).output.title]).toEqual([conclusion, title]);
      await expectNoWrite(scenario, scenario.sweep);
      expect(answers(run)).toEqual(before);
    });
  });
});
