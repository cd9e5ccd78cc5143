import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, started, states } from './deployed.ts';
import { MINUTE, startScenario } from './harness.ts';

describe('what a closed pull request concerns is found', () => {
  test('among several environments, though only the test merge was deployed', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    shop.openPullRequest({ head: 'other' });
    const other = deployed(shop, { ref: 'other' });
    const merge = deployed(shop, { ref: `refs/pull/${pull.number}/merge`, environment: 'review/feature' });
    await settle();
    pull.close();
    await settle();
    expect(states(merge, other)).toEqual(['inactive', 'success']);
  });

  test('among several environments, though the branch was deployed before it had a commit of its own', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    shop.branch('feature');
    const early = deployed(shop, { ref: 'feature' });
    shop.openPullRequest({ head: 'other' });
    const other = deployed(shop, { ref: 'other' });
    shop.push({ branch: 'feature' });
    const pull = shop.openPullRequest({ head: 'feature' });
    await settle();
    pull.close();
    await settle();
    expect(states(early, other)).toEqual(['inactive', 'success']);
  });

  test('where the environment itself has been deleted', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const merge = deployed(shop, { ref: `refs/pull/${pull.number}/merge`, environment: 'review/feature' });
    await settle();
    shop.raw.environments.clear();
    pull.close();
    await settle();
    expect(merge.state).toBe('inactive');
  });

  test('in an environment of more deployments than one request lists', async () => {
    const policy = policyFor('Preview', { transient: true, inactivate_on: ['pull_request_closed'] });
    const { github, shop, settle, restart } = await startScenario({ policy });
    const pulls = ['one', 'two'].map((head) => shop.openPullRequest({ head }));
    github.deliverTo(null);
    const all = Array.from({ length: 330 }, (_, i) =>
      deployed(shop, { ref: i % 10 === 0 ? 'one' : 'two', environment: 'Preview' }),
    );
    await restart();
    pulls[0]?.close();
    await settle();
    expect(all.filter(({ state }) => state === 'inactive').map(({ ref }) => ref)).toEqual(Array(33).fill('one'));
  });
});

describe('a branch that is deleted', () => {
  test('right after its pull request closed needs no second look', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    pull.close();
    await settle();
    expect(build.state).toBe('inactive');
    github.requests.reset();
    shop.deleteBranch('feature');
    await settle();
    expect(github.requests.list()).toEqual([]);
  });

  test('gets one where only its deletion ends what was deployed from it', async () => {
    const policy = policyFor('review/*', { transient: true, inactivate_on: ['ref_deleted'] });
    const { shop, settle } = await startScenario({ policy });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    pull.close();
    await settle();
    expect(build.state).toBe('success');
    shop.deleteBranch('feature');
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('gets one where it was deployed once more in between', async () => {
    const policy = policyFor('review/*', { transient: true, inactivate_on: ['ref_deleted'] });
    const { github, shop, settle } = await startScenario({ policy });
    const pull = shop.openPullRequest({ head: 'feature' });
    const first = deployed(shop, { ref: 'feature', environment: 'review/first' });
    pull.close();
    await settle();
    github.clock.advance(MINUTE / 2);
    const second = deployed(shop, { ref: 'feature', environment: 'review/second' });
    const building = started(shop, { ref: 'feature', environment: 'review/first' });
    await settle();
    shop.deleteBranch('feature');
    building.setStatus('success');
    await settle();
    expect(states(first, second, building)).toEqual(['inactive', 'inactive', 'inactive']);
  });
});
