import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, states } from './deployed.ts';
import { MINUTE, startScenario, type Scenario } from './harness.ts';

const PREVIEW = policyFor('Preview', { transient: true, inactivate_on: ['pull_request_closed'] });
const preview = (shop: Scenario['shop'], ref: string, sha?: string) =>
  deployed(shop, { ref, environment: 'Preview', ...(sha === undefined ? {} : { sha }) });

describe('a deployment of a commit', () => {
  test('ends with the pull request that has the commit, though that is closed without a merge', async () => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const first = preview(shop, pull.headSha);
    github.clock.advance(MINUTE);
    const second = preview(shop, pull.push().sha);
    await settle();
    expect(states(first, second)).toEqual(['success', 'success']);
    pull.close();
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'inactive']);
  });

  test('ends with the pull request that had the commit before a force push', async () => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    const base = shop.head().sha;
    const pull = shop.openPullRequest({ head: 'one' });
    const behind = pull.headSha;
    const replaced = pull.push().sha;
    github.clock.advance(MINUTE);
    const head = pull.forcePush().sha;
    const all = [behind, replaced, head, base].map((sha) => preview(shop, sha));
    await settle();
    expect(states(...all)).toEqual(['success', 'success', 'success', 'success']);
    pull.close();
    await settle();
    // The base branch's own commit lies behind the replaced head as well, and is not the pull request's.
    expect(states(...all)).toEqual(['inactive', 'inactive', 'inactive', 'success']);
  });

  test('stays while the pull request that lost the commit in a force push is open', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const old = preview(shop, pull.headSha);
    pull.forcePush();
    await settle();
    await sweep();
    expect(old.state).toBe('success');
  });

  test('stays where GitHub no longer has the commit and nobody knows whose it was', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const old = preview(shop, pull.headSha);
    const sha = pull.headSha;
    pull.forcePush();
    shop.removeCommit(sha);
    pull.close();
    await settle();
    await sweep();
    expect(old.state).toBe('success');
  });

  test('ends with its pull request, whatever pull requests a fork opened of the same commit', async () => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const fork = shop.fork('mona');
    const pull = shop.openPullRequest({ head: 'one' });
    fork.branch('one', pull.headSha);
    fork.openPullRequest({ head: 'one' });
    const deployment = preview(shop, pull.headSha);
    await settle();
    pull.close();
    await settle();
    expect(deployment.state).toBe('inactive');
  });

  test('ends with a pull request from a fork, whose branch may have the name of the default branch', async () => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: { owner: 'mona', branch: 'main' } });
    pull.push();
    const theirs = preview(shop, pull.headSha, pull.headSha);
    const ours = preview(shop, 'main');
    await settle();
    expect(states(theirs, ours)).toEqual(['success', 'success']);
    pull.close();
    await settle();
    expect(states(theirs, ours)).toEqual(['inactive', 'success']);
  });

  describe('that is pushed onto the branch of a pull request from a fork later on', () => {
    test.each<readonly [string, (shop: Scenario['shop']) => void]>([
      ['while it is the head of a branch here', () => undefined],
      ['when a branch here has gone on from it', (shop) => void shop.push({ branch: 'feature' })],
    ])('stays when that is closed, %s', async (_, then) => {
      const { github, shop, settle, sweep } = await startScenario({ policy: PREVIEW });
      const pull = shop.openPullRequest({ head: { owner: 'mallory', branch: 'patch' } });
      github.clock.advance(MINUTE);
      const { sha } = shop.push({ branch: 'feature' });
      const ours = preview(shop, sha);
      then(shop);
      github.clock.advance(MINUTE);
      shop.fork('mallory').branch('patch', sha);
      expect(pull.headSha).toBe(sha);
      pull.close();
      await settle();
      await sweep();
      expect(ours.state).toBe('success');
    });
  });

  test.each(['merge', 'squash', 'rebase'] as const)('ends when its pull request is landed by %s', async (method) => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const first = preview(shop, pull.headSha);
    const second = preview(shop, pull.push().sha);
    github.clock.advance(MINUTE);
    const landed = preview(shop, pull.merge({ method, deleteBranch: true }).sha);
    await settle();
    expect(states(first, second, landed)).toEqual(['inactive', 'inactive', 'success']);
  });
});

describe('a deployment of a branch', () => {
  test("does not belong to a fork's pull request whose branch has the same name", async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    shop.push({ branch: 'feature' });
    const ours = deployed(shop, { ref: 'feature' });
    shop.openPullRequest({ head: { owner: 'mona', branch: 'feature' } }).close();
    await settle();
    await sweep();
    expect(ours.state).toBe('success');
  });

  test('does not belong to a pull request whose head is a protected branch', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    shop.push({ branch: 'release' });
    shop.protectBranch('release');
    const byName = deployed(shop, { ref: 'release' });
    const byCommit = deployed(shop, { ref: shop.head('release').sha });
    shop.openPullRequest({ head: 'release' }).close();
    await settle();
    await sweep();
    expect(states(byName, byCommit)).toEqual(['success', 'success']);
  });

  test('does not belong to a pull request whose head is the default branch', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    shop.branch('stable', shop.head().sha);
    shop.push();
    const byName = deployed(shop, { ref: 'main' });
    const byCommit = deployed(shop, { ref: shop.head().sha });
    shop.openPullRequest({ head: 'main', base: 'stable' }).close();
    await settle();
    await sweep();
    expect(states(byName, byCommit)).toEqual(['success', 'success']);
  });

  test("stays while one of the branch's pull requests is open", async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    shop.branch('next', shop.head().sha);
    const first = shop.openPullRequest({ head: 'feature' });
    const second = shop.openPullRequest({ head: 'feature', base: 'next' });
    const build = deployed(shop, { ref: 'feature' });
    first.close();
    await settle();
    expect(build.state).toBe('success');
    second.close();
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('stays when the branch has a pull request again', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    shop.openPullRequest({ head: 'feature' }).close();
    shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    await sweep();
    expect(build.state).toBe('success');
  });
});

test.each(['refs/pull/N/head', 'refs/pull/N/merge', 'pull/N/head', 'pull/N/merge'])(
  'a deployment of %s ends with that pull request, from wherever it came',
  async (ref) => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const ours = shop.openPullRequest({ head: 'feature' });
    const theirs = shop.openPullRequest({ head: { owner: 'mona', branch: 'feature' } });
    const [first, second] = [ours, theirs].map(({ number }) => preview(shop, ref.replace('N', String(number))));
    await settle();
    theirs.close();
    await settle();
    expect([first?.state, second?.state]).toEqual(['success', 'inactive']);
    ours.merge();
    await settle();
    expect([first?.state, second?.state]).toEqual(['inactive', 'inactive']);
  },
);

test('a deployment stays whose ref only looks gone', async () => {
  const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
  const pull = shop.openPullRequest({ head: 'feature' });
  const refs = [pull.headSha.toUpperCase(), 'pull/1/head', 'heads/feature', 'HEAD', 'feature~0'];
  const all = refs.map((ref, i) => deployed(shop, { ref, environment: `review/${i}`, sha: pull.headSha }));
  await settle();
  await sweep();
  expect(states(...all)).toEqual(refs.map(() => 'success'));
});

test('a pull request that is reopened keeps what is deployed from then on, and what has ended stays ended', async () => {
  const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
  const pull = shop.openPullRequest({ head: 'feature' });
  const before = deployed(shop, { ref: 'feature' });
  pull.close();
  await settle();
  pull.reopen();
  github.clock.advance(MINUTE);
  const after = deployed(shop, { ref: 'feature' });
  await settle();
  await sweep();
  expect(states(before, after)).toEqual(['inactive', 'success']);
  expect(before.statuses.map(({ state }) => state)).toEqual(['success', 'inactive']);
});

test('a pull request that is reopened before anybody looked loses nothing', async () => {
  const { github, shop, settle } = await startScenario({ policy: REVIEW });
  const pull = shop.openPullRequest({ head: 'feature' });
  const build = deployed(shop, { ref: 'feature' });
  await settle();
  github.faults.add({ match: 'Whereabouts', action: 'delay', delayMs: 50 });
  pull.close();
  pull.reopen();
  await settle();
  expect(build.state).toBe('success');
});
