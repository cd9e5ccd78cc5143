import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, started, states } from './deployed.ts';
import { HOUR, MINUTE, startScenario } from './harness.ts';

describe('whatever order things happen in', () => {
  test('a build that succeeds after its pull request closed ends when it succeeds', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = started(shop, { ref: 'feature' });
    build.setStatus('in_progress');
    pull.close();
    await settle();
    expect(build.state).toBe('in_progress');
    build.setStatus('success');
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('a build that fails after its pull request closed stays failed', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = started(shop, { ref: 'feature' });
    pull.close();
    build.setStatus('failure');
    await settle();
    await sweep();
    expect(build.statuses.map(({ state }) => state)).toEqual(['failure']);
  });

  test('a build of a closed pull request that has not been heard of for an hour ends with the next sweep', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const silent = started(shop, { ref: 'feature' });
    const heardOf = started(shop, { ref: 'feature' });
    pull.close();
    github.clock.advance(HOUR - MINUTE);
    heardOf.setStatus('in_progress');
    await settle();
    expect(states(silent, heardOf)).toEqual(['pending', 'in_progress']);
    github.clock.advance(MINUTE);
    await sweep();
    expect(states(silent, heardOf)).toEqual(['inactive', 'in_progress']);
  });

  test('the older of two builds ends though it succeeds last', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    shop.openPullRequest({ head: 'feature' });
    const older = started(shop, { ref: 'feature' });
    github.clock.advance(MINUTE);
    const newer = started(shop, { ref: 'feature' });
    newer.setStatus('success');
    await settle();
    older.setStatus('success');
    await settle();
    expect(states(older, newer)).toEqual(['inactive', 'success']);
  });

  test('of two deployments of the same second the one with the higher number stays', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    shop.openPullRequest({ head: 'feature' });
    const builds = [1, 2, 3].map(() => deployed(shop, { ref: 'feature' }));
    await settle();
    expect(states(...builds)).toEqual(['inactive', 'inactive', 'success']);
  });

  test('a newer build that is not done, or failed, ends nothing', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
    shop.openPullRequest({ head: 'feature' });
    const running = deployed(shop, { ref: 'feature' });
    for (const state of ['queued', 'pending', 'in_progress', 'waiting', 'failure', 'error'] as const) {
      github.clock.advance(MINUTE);
      started(shop, { ref: 'feature' }).setStatus(state);
    }
    await settle();
    await sweep();
    expect(running.state).toBe('success');
  });

  test('a rollback, which is a new deployment of an old commit, ends what was newer', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const good = pull.headSha;
    const environment = 'review/feature';
    const first = deployed(shop, { ref: good, environment });
    github.clock.advance(MINUTE);
    const second = deployed(shop, { ref: pull.push().sha, environment });
    github.clock.advance(MINUTE);
    const rollback = deployed(shop, { ref: good, environment });
    await settle();
    expect(states(first, second, rollback)).toEqual(['inactive', 'inactive', 'success']);
  });

  test('a deployment that succeeds again after it was ended by hand is looked at again', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    shop.openPullRequest({ head: 'feature' });
    const older = deployed(shop, { ref: 'feature' });
    github.clock.advance(MINUTE);
    const newer = deployed(shop, { ref: 'feature' });
    await settle();
    github.clock.advance(MINUTE);
    older.setStatus('success');
    await settle();
    expect(states(older, newer)).toEqual(['inactive', 'success']);
    expect(older.statuses.map(({ state }) => state)).toEqual(['success', 'inactive', 'success', 'inactive']);
  });

  test.each([
    ['ref', ['inactive', 'success', 'success']],
    ['none', ['success', 'success', 'success']],
    ['environment', ['inactive', 'inactive', 'success']],
    ['pull_request', ['inactive', 'inactive', 'success']],
  ])('one_active_per: %s counts what shares that', async (oneActivePer, expected) => {
    const { github, shop, settle } = await startScenario({
      policy: policyFor('review/*', { transient: true, one_active_per: oneActivePer }),
    });
    const pull = shop.openPullRequest({ head: 'feature' });
    const environment = 'review/feature';
    const first = deployed(shop, { ref: 'feature', environment });
    github.clock.advance(MINUTE);
    const second = deployed(shop, { ref: pull.headSha, environment });
    github.clock.advance(MINUTE);
    const third = deployed(shop, { ref: 'feature', environment });
    await settle();
    expect(states(first, second, third)).toEqual(expected);
  });
});
