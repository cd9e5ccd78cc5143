import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, states } from './deployed.ts';
import { MINUTE, startScenario } from './harness.ts';

const PREVIEW = policyFor('Preview', {
  transient: true,
  one_active_per: 'pull_request',
  inactivate_on: ['pull_request_closed'],
});

describe('an environment that all pull requests share', () => {
  test('keeps the newest deployment of each pull request when they are of branches', async () => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    const one = shop.openPullRequest({ head: 'one' });
    shop.openPullRequest({ head: 'two' });
    const environment = 'Preview';
    const first = deployed(shop, { ref: 'one', environment });
    const other = deployed(shop, { ref: 'two', environment });
    github.clock.advance(MINUTE);
    one.push();
    const second = deployed(shop, { ref: 'one', environment });
    await settle();
    expect(states(first, other, second)).toEqual(['inactive', 'success', 'success']);
  });

  test('keeps the newest deployment of each pull request when they are of commits', async () => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    const one = shop.openPullRequest({ head: 'one' });
    const two = shop.openPullRequest({ head: 'two' });
    const environment = 'Preview';
    const first = deployed(shop, { ref: one.headSha, environment });
    const other = deployed(shop, { ref: two.headSha, environment });
    github.clock.advance(MINUTE);
    one.push();
    const second = deployed(shop, { ref: one.headSha, environment });
    await settle();
    expect(states(first, other, second)).toEqual(['inactive', 'success', 'success']);
  });

  test.each(['branch', 'commit'] as const)(
    'ends only what belongs to the pull request that closed, by %s',
    async (by) => {
      const { shop, settle } = await startScenario({ policy: PREVIEW });
      const pulls = ['one', 'two', 'three'].map((head) => shop.openPullRequest({ head }));
      const previews = pulls.map(({ headBranch, headSha }) =>
        deployed(shop, { ref: by === 'branch' ? headBranch : headSha, environment: 'Preview' }),
      );
      await settle();
      pulls[1]?.close();
      await settle();
      expect(states(...previews)).toEqual(['success', 'inactive', 'success']);
      pulls[0]?.merge({ method: 'squash' });
      await settle();
      expect(states(...previews)).toEqual(['inactive', 'inactive', 'success']);
    },
  );

  test('leaves what belongs to no pull request, such as a preview of the default branch', async () => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const main = deployed(shop, { ref: shop.head().sha, environment: 'Preview' });
    const preview = deployed(shop, { ref: pull.headSha, environment: 'Preview' });
    pull.close();
    await settle();
    expect(states(main, preview)).toEqual(['success', 'inactive']);
  });

  test('keeps a commit that two pull requests have while one of them is open', async () => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const below = shop.openPullRequest({ head: 'below' });
    shop.branch('above', below.headSha);
    const above = shop.openPullRequest({ head: 'above' });
    const preview = deployed(shop, { ref: below.headSha, environment: 'Preview' });
    below.close();
    await settle();
    expect(preview.state).toBe('success');
    above.close();
    await settle();
    expect(preview.state).toBe('inactive');
  });

  test('does not count the commit that a merge made on the default branch among the pull request', async () => {
    const { github, shop, settle } = await startScenario({ policy: PREVIEW });
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      const pull = shop.openPullRequest({ head: `by-${method}` });
      const preview = deployed(shop, { ref: pull.headSha, environment: 'Preview' });
      github.clock.advance(MINUTE);
      const landed = pull.merge({ method });
      const main = deployed(shop, { ref: landed.sha, environment: 'Preview' });
      await settle();
      expect([method, ...states(preview, main)]).toEqual([method, 'inactive', 'success']);
    }
  });

  test('says why, and keeps the address and the log', async () => {
    const { shop, settle } = await startScenario({ policy: PREVIEW });
    const pull = shop.openPullRequest({ head: 'one' });
    const preview = deployed(shop, { ref: pull.headSha, environment: 'Preview' });
    preview.setStatus('success', { environmentUrl: 'https://one.example', logUrl: 'https://log.example' });
    pull.close();
    await settle();
    expect(preview.statuses.at(-1)).toMatchObject({
      state: 'inactive',
      environment: 'Preview',
      environmentUrl: 'https://one.example',
      logUrl: 'https://log.example',
      description: 'Pull request #1 is closed (inactivate_on: pull_request_closed)',
      creator: { login: 'lockkeeper[bot]' },
    });
  });
});
