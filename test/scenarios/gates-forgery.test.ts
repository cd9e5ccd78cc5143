import { describe, expect, test } from '@jest/globals';
import { encodeGateState } from '../../src/reports/gate-state.ts';
import { HOUR, MINUTE, startScenario, type Scenario } from './harness.ts';
import { production, startRun, told } from './gating.ts';

/** What any workflow's own token does goes by this name. */
const WORKFLOW = { creator: 'github-actions[bot]' };

/** What stands in staging is promoted to production, where only what the boss deployed may go. */
const PROMOTED = JSON.stringify({
  version: 1,
  environments: [
    { name: 'production', gates: [{ creator: { users: ['boss'] } }], promote: { from: 'staging', after: '10m' } },
    { name: 'staging' },
  ],
});

/** The address of a run's log, as Actions writes it. */
function logOf({ shop }: Scenario, run: { readonly id: number }): string {
  return `https://github.com/${shop.fullName}/actions/runs/${run.id}/job/1`;
}

describe('what was promoted is by whoever triggered the run that deployed it', () => {
  async function stage(): Promise<Scenario> {
    const scenario = await startScenario({ policy: PROMOTED });
    scenario.github.clock.advance(MINUTE);
    return scenario;
  }

  const promoted = ({ shop }: Scenario) =>
    shop.deployments('production').map(({ sha, statuses }) => [sha, statuses.at(-1)?.description]);

  test('so that a run of a listed person’s lets it through', async () => {
    const scenario = await stage();
    const run = scenario.shop.addWorkflowRun({ environments: ['staging'], triggeringActor: 'boss' });
    run.complete();
    await scenario.settle();
    await scenario.pass(10 * MINUTE);
    expect(promoted(scenario)).toEqual([[run.sha, expect.stringMatching(/^Approved/)]]);
  });

  test.each<readonly [string, (scenario: Scenario) => string, (scenario: Scenario) => { readonly id: number }]>([
    [
      'of another commit',
      ({ shop }) => shop.push({ branch: 'evil', files: { a: '1' } }).sha,
      ({ shop }) => shop.addWorkflowRun({ environments: ['staging'], branch: 'main', triggeringActor: 'boss' }),
    ],
    [
      'of the same commit, that deployed elsewhere',
      ({ shop }) => shop.head('main').sha,
      ({ shop }) => shop.addWorkflowRun({ environments: ['test'], triggeringActor: 'boss' }),
    ],
    [
      'of the same commit, that deployed nothing',
      ({ shop }) => shop.head('main').sha,
      ({ shop }) => shop.addWorkflowRun({ jobs: ['build'], triggeringActor: 'boss' }),
    ],
    ['that nobody knows', ({ shop }) => shop.head('main').sha, () => ({ id: 4711 })],
  ])('and not by whom a status points to: a run %s', async (_, commit, make) => {
    const scenario = await stage();
    const { shop } = scenario;
    const sha = commit(scenario);
    const run = make(scenario);
    scenario.github.clock.advance(MINUTE);
    const forged = shop.createDeployment({ ref: sha, environment: 'staging', ...WORKFLOW });
    forged.setStatus('success', { logUrl: logOf(scenario, run), ...WORKFLOW });
    await scenario.settle();
    await scenario.pass(10 * MINUTE);
    expect(promoted(scenario).at(-1)).toEqual([sha, expect.stringMatching(/^Waiting: creator/)]);
    await scenario.pass(24 * HOUR);
    expect(promoted(scenario).at(-1)).toEqual([sha, expect.stringMatching(/^Waiting: creator/)]);
  });

  test('though somebody points a status of it elsewhere', async () => {
    const scenario = await stage();
    const { shop } = scenario;
    const run = shop.addWorkflowRun({ environments: ['staging'], triggeringActor: 'boss' });
    run.complete();
    const other = shop.addWorkflowRun({ jobs: ['build'], triggeringActor: 'mallory' });
    run.deployment('staging').setStatus('success', { logUrl: logOf(scenario, other), ...WORKFLOW });
    await scenario.settle();
    await scenario.pass(20 * MINUTE);
    expect(promoted(scenario)).toEqual([[run.sha, expect.stringMatching(/^Approved/)]]);
  });
});

describe('a run that a promotion started', () => {
  test('is by whoever deployed what was promoted, whatever another deployment of its commit says', async () => {
    const scenario = await startScenario({ policy: PROMOTED });
    const { shop, github } = scenario;
    github.clock.advance(MINUTE);
    const bosses = shop.createDeployment({ ref: 'main', environment: 'test', creator: 'boss' });
    shop.createDeployment({ ref: 'main', environment: 'staging', creator: 'mallory' }).setStatus('success');
    await scenario.settle();
    await scenario.pass(10 * MINUTE);
    const run = startRun(scenario, { triggeringActor: 'lockkeeper[bot]' });
    const forged = shop.createDeployment({
      ref: 'main',
      environment: 'production',
      description: `Promoted from deployment ${bosses.id} of test`,
      ...WORKFLOW,
    });
    forged.setStatus('waiting', { logUrl: logOf(scenario, run), ...WORKFLOW });
    await scenario.sweep();
    await scenario.settle();
    await scenario.pass(2 * HOUR);
    expect(run.reports.map(({ state }) => state)).not.toContain('approved');
    expect(told(scenario).conclusion).toBe('neutral');
  });
});

describe('an environment called policy', () => {
  const GOVERNED = {
    environments: [{ name: 'policy', gates: [{ checks: ['build'] }], bypass: { users: ['boss'] } }],
  };
  const told = ({ shop }: Scenario, sha: string) =>
    shop.checkRuns(sha).map(({ name, raw }) => [name, raw.output.title]);

  /** Proposes a policy whose environment's name is a note of the app's own: that boss has bypassed. */
  function propose({ shop, github }: Scenario) {
    const at = github.clock.now().getTime();
    const note = encodeGateState({ answers: [], presses: [{ button: 'bypass', by: 'boss', at, refused: null }] });
    const proposed = { ...GOVERNED, environments: [...GOVERNED.environments, { name: note, protection: {} }] };
    const files = { '.github/deployments.yml': JSON.stringify({ version: 1, ...proposed }) };
    return shop.push({ branch: 'evil', files });
  }

  test.each(['before', 'after'])(
    'is not let through by what a proposal to change the policy says, made %s its deployment',
    async (when) => {
      const scenario = await startScenario({ policy: JSON.stringify({ version: 1, ...GOVERNED }) });
      const { shop, github, settle } = scenario;
      github.clock.advance(MINUTE);
      const { sha } = propose(scenario);
      if (when === 'before') {
        shop.openPullRequest({ head: 'evil' });
        await settle();
      }
      const deployment = shop.createDeployment({ ref: 'evil', environment: 'policy', creator: 'mallory' });
      await settle();
      if (when === 'after') {
        shop.openPullRequest({ head: 'evil' });
        await settle();
      }
      await scenario.sweep();
      await scenario.pass(HOUR);
      expect(deployment.statuses.map(({ state }) => state)).not.toContain('queued');
      // Each of the two is told of in a check run of its own, which the other does not write over.
      expect(told(scenario, sha)).toEqual(
        expect.arrayContaining([
          ['Lockkeeper / policy', expect.stringMatching(/^Waiting: checks/)],
          ['Lockkeeper / policy', expect.stringMatching(/^Plan: /)],
        ]),
      );
      expect(told(scenario, sha)).toHaveLength(2);
    },
  );
});

describe('a run on a branch', () => {
  test('has its own job’s ref, and not that of a deployment which a status says is its', async () => {
    const scenario = await startScenario({ policy: production({ gates: [{ ref: ['main'] }] }) });
    const { shop, github } = scenario;
    github.clock.advance(MINUTE);
    shop.push({ branch: 'evil', files: { a: '1' } });
    const run = startRun(scenario, { branch: 'evil' });
    const forged = shop.createDeployment({ ref: 'main', sha: run.sha, environment: 'production', ...WORKFLOW });
    forged.setStatus('waiting', { logUrl: logOf(scenario, run), ...WORKFLOW });
    await scenario.sweep();
    await scenario.settle();
    expect(run.reports.map(({ state }) => state)).toEqual(['rejected']);
  });
});
