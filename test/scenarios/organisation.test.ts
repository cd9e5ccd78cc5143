import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, states } from './deployed.ts';
import { DAY, startScenario, type Scenario } from './harness.ts';

const ONE = { transient: true, one_active_per: 'environment' };
const POLICY = '.github/deployments.yml';

/** The owner's own repository, with a policy where one is given. */
function organisation({ github }: Scenario, policy?: string) {
  const repository = github.addRepository({ owner: 'acme', name: '.github' });
  if (policy !== undefined) repository.push({ files: { [POLICY]: policy } });
  return repository;
}

/** Two active deployments of one environment, the older first. */
function twoActive({ github, shop }: Scenario) {
  const older = deployed(shop, { ref: 'main', environment: 'review/a' });
  github.clock.advance(DAY);
  return [older, deployed(shop, { ref: 'main', environment: 'review/a' })] as const;
}

describe('an organisation’s policy', () => {
  test('governs repositories that have none of their own', async () => {
    const scenario = await startScenario();
    organisation(scenario, policyFor('review/*', ONE));
    const all = twoActive(scenario);
    await scenario.sweep();
    expect(states(...all)).toEqual(['inactive', 'success']);
  });

  test('has the repositories that it governs looked at when it changes', async () => {
    const scenario = await startScenario();
    const theirs = organisation(scenario);
    const all = twoActive(scenario);
    await scenario.sweep();
    expect(states(...all)).toEqual(['success', 'success']);
    theirs.push({ files: { [POLICY]: policyFor('review/*', ONE) } });
    await scenario.settle();
    expect(states(...all)).toEqual(['inactive', 'success']);
  });

  test('leaves alone the repositories that it does not name', async () => {
    const scenario = await startScenario();
    organisation(scenario, policyFor('review/*', ONE, { repositories: ['other-*'] }));
    const all = twoActive(scenario);
    await scenario.sweep();
    expect(states(...all)).toEqual(['success', 'success']);
  });

  test('changes nothing anywhere while it does not parse, and says so in each repository', async () => {
    const scenario = await startScenario({ policy: policyFor('review/*', ONE) });
    organisation(scenario, 'version: 1\nmode: enforced\n');
    const all = twoActive(scenario);
    await scenario.sweep();
    expect(states(...all)).toEqual(['success', 'success']);
    const [run] = scenario.shop.checkRuns().filter(({ name }) => name === 'Lockkeeper');
    expect(run).toMatchObject({ conclusion: 'neutral' });
    expect(run?.raw.output.title).toContain('organisation');
  });

  const BROKEN = 'mode: enforced\n';
  const OTHERS = 'repositories: [other-*]\n';
  const FIRST = policyFor('elsewhere', ONE, { repositories: ['other-*'] });

  test.each([
    ['says so itself', [`version: 1\n${BROKEN}${OTHERS}`], true],
    ['said so when it last parsed, and is no YAML now', [FIRST, '{{'], true],
    ['said so when it last parsed, and has it misspelled now', [FIRST, 'version: 1\nrepositoires: [other-*]\n'], true],
    ['says otherwise itself', [FIRST, `version: 1\n${BROKEN}repositories: [sh*]\n`], false],
    ['never parsed', ['{{'], false],
  ])(
    'that does not parse and governs others alone changes nothing elsewhere: it %s',
    async (_name, versions, isFree) => {
      const scenario = await startScenario({ policy: policyFor('review/*', ONE) });
      const theirs = organisation(scenario);
      for (const text of versions) theirs.push({ files: { [POLICY]: text } });
      const all = twoActive(scenario);
      await scenario.sweep();
      expect(states(...all)).toEqual([isFree ? 'inactive' : 'success', 'success']);
      const [run] = scenario.shop.checkRuns().filter(({ name }) => name === 'Lockkeeper');
      expect(run?.conclusion).toBe(isFree ? 'success' : 'neutral');
      if (isFree) expect(run?.raw.output.summary).not.toContain('acme/.github');
    },
  );

  test('that says mode: report holds for all, whatever a repository says', async () => {
    const scenario = await startScenario({ policy: policyFor('review/*', ONE, { mode: 'enforce' }) });
    organisation(scenario, JSON.stringify({ version: 1, mode: 'report' }));
    const all = twoActive(scenario);
    await scenario.sweep();
    expect(states(...all)).toEqual(['success', 'success']);
  });

  test.each([
    ['is not covered by an installation on some repositories', ['shop'], true],
    ['is covered by an installation on some repositories', ['shop', '.github'], false],
    ['would be covered by one on all, and is not there', undefined, false],
  ] as const)('that %s: the report of a governed repository says so, or nothing', async (_, repositories, isTold) => {
    const scenario = await startScenario({ policy: policyFor('review/*', ONE) });
    if (repositories !== undefined) {
      organisation(scenario, JSON.stringify({ version: 1 }));
      scenario.installation.delete();
      scenario.github.install({ owner: 'acme', repositories });
    }
    await scenario.settle();
    await scenario.sweep();
    const [run] = scenario.shop.checkRuns().filter(({ name }) => name === 'Lockkeeper');
    expect(run).toMatchObject({ conclusion: 'success' });
    expect(run?.raw.output.summary?.includes('acme/.github/.github/deployments.yml`: cannot be seen')).toBe(isTold);
  });

  test('that is proposed shows how many repositories would change, and names them', async () => {
    const scenario = await startScenario();
    scenario.github.addRepository({ owner: 'acme', name: 'quiet' });
    const theirs = organisation(scenario);
    twoActive(scenario);
    theirs.branch('policy', theirs.head('main').sha);
    theirs.push({ branch: 'policy', files: { [POLICY]: policyFor('review/*', ONE) } });
    theirs.openPullRequest({ head: 'policy' });
    await scenario.settle();
    const [run] = theirs.checkRuns().filter(({ name }) => name === 'Lockkeeper / policy');
    expect(run?.raw.output.summary).toContain('2 were looked at, and 1 would change');
    expect(run?.raw.output.summary).toContain('`shop`: Plan: 0 to add, 1 to change, 0 to delete.');
  });

  test('does not name private repositories where everybody can read', async () => {
    const scenario = await startScenario();
    const hidden = scenario.github.addRepository({ owner: 'acme', name: 'secret-project', private: true });
    deployed(hidden, { ref: 'main', environment: 'review/a' });
    scenario.github.clock.advance(DAY);
    deployed(hidden, { ref: 'main', environment: 'review/a' });
    const theirs = organisation(scenario);
    theirs.branch('policy', theirs.head('main').sha);
    theirs.push({ branch: 'policy', files: { [POLICY]: policyFor('review/*', ONE) } });
    theirs.openPullRequest({ head: 'policy' });
    await scenario.settle();
    const [run] = theirs.checkRuns().filter(({ name }) => name === 'Lockkeeper / policy');
    expect(run?.raw.output.summary).toContain('a private repository');
    expect(run?.raw.output.summary).not.toContain('secret-project');
  });
});
