import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, started, states } from './deployed.ts';
import { MINUTE, startScenario } from './harness.ts';

const ONE_EACH = policyFor('**', { transient: true, one_active_per: 'environment' });

describe('names of environments', () => {
  test('are one environment whatever their case', async () => {
    const { github, shop, settle } = await startScenario({
      policy: policyFor('PREVIEW', { transient: true, one_active_per: 'environment' }),
    });
    const builds = ['Preview', 'preview', 'PREVIEW'].map((environment) => {
      github.clock.advance(MINUTE);
      return deployed(shop, { ref: 'main', environment });
    });
    await settle();
    expect(states(...builds)).toEqual(['inactive', 'inactive', 'success']);
  });

  test('are one environment whatever their case, also for a process that has seen none of them', async () => {
    const { github, shop, restart } = await startScenario({ policy: ONE_EACH });
    github.deliverTo(null);
    const builds = ['Preview', 'preview', 'PREVIEW'].map((environment) => {
      github.clock.advance(MINUTE);
      return deployed(shop, { ref: 'main', environment });
    });
    await restart();
    expect(states(...builds)).toEqual(['inactive', 'inactive', 'success']);
  });

  test.each([
    'review/a/b/c',
    'vorschau/größe',
    'プレビュー/1',
    'a b+c%2Fd?e#f&g',
    'Preview – "shop"',
    'review/%',
    'x'.repeat(255),
  ])('may be %j', async (environment) => {
    const { github, shop, settle } = await startScenario({ policy: ONE_EACH });
    const first = deployed(shop, { ref: 'main', environment });
    github.clock.advance(MINUTE);
    const second = deployed(shop, { ref: 'main', environment });
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'success']);
    expect(first.environment).toBe(environment);
  });

  test.each(['feature/ümlaut', 'dependabot/npm_and_yarn/left-pad-1.3.0', 'a#b', '日本'])(
    'and of branches may be %j',
    async (ref) => {
      const { shop, settle } = await startScenario({
        policy: policyFor('review/**', { transient: true, inactivate_on: ['ref_deleted', 'pull_request_closed'] }),
      });
      const pull = shop.openPullRequest({ head: ref });
      const build = deployed(shop, { ref });
      await settle();
      expect(build.state).toBe('success');
      pull.close();
      await settle();
      expect(build.state).toBe('inactive');
    },
  );
});

describe('a deployment that a status moves to another environment', () => {
  test('counts where it is now', async () => {
    const { github, shop, settle } = await startScenario({ policy: ONE_EACH });
    const here = deployed(shop, { ref: 'main', environment: 'here' });
    const there = deployed(shop, { ref: 'main', environment: 'there' });
    github.clock.advance(MINUTE);
    const moved = started(shop, { ref: 'main', environment: 'there' });
    moved.setStatus('success', { environment: 'here' });
    await settle();
    expect(states(here, there, moved)).toEqual(['inactive', 'success', 'success']);
    expect(moved.environment).toBe('here');
  });

  test('stays there when it ends', async () => {
    const { github, shop, settle } = await startScenario({ policy: ONE_EACH });
    const moved = started(shop, { ref: 'main', environment: 'there' });
    moved.setStatus('success', { environment: 'here' });
    github.clock.advance(MINUTE);
    deployed(shop, { ref: 'main', environment: 'here' });
    await settle();
    expect([moved.state, moved.environment]).toEqual(['inactive', 'here']);
  });

  test('is found there when its pull request closes', async () => {
    const { shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = started(shop, { ref: 'feature', environment: 'staging' });
    build.setStatus('success', { environment: 'review/feature' });
    pull.close();
    await settle();
    expect([build.state, build.environment]).toEqual(['inactive', 'review/feature']);
  });

  test('is out of reach where the policy governs only what it left', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = started(shop, { ref: 'feature' });
    build.setStatus('success', { environment: 'staging' });
    pull.close();
    await settle();
    await sweep();
    expect([build.state, build.environment]).toEqual(['success', 'staging']);
  });
});

describe('what the lifecycle speaks of', () => {
  const OVER = {
    one_active_per: 'environment',
    inactivate_on: ['ref_deleted'],
    inactivate_after: '1h',
    fail_stuck_after: '1h',
  };

  test.each([
    ['a transient deployment', { transient: true }, 'review/*', {}, 'inactive'],
    ['a deployment that is not transient', { transient: false }, 'review/*', {}, 'success'],
    ['one that the entry calls transient', { transient: false }, 'review/*', { transient: true }, 'inactive'],
    ['one whose entry says transient: false', { transient: true }, 'review/*', { transient: false }, 'success'],
    ['a production deployment', { transient: true, production: true }, 'review/*', {}, 'success'],
    ['one that a pattern calls transient', { production: true }, 'review/*', { transient: true }, 'success'],
    ['one whose exact entry does', { production: true }, 'review/feature', { transient: true }, 'inactive'],
    [
      'one whose exact entry says nothing of it',
      { transient: true, production: true },
      'review/feature',
      {},
      'success',
    ],
    ['one that no entry matches', { transient: true }, 'preview/*', { transient: true }, 'success'],
  ])('%s', async (...[, given, entry, lifecycle, expected]) => {
    const { github, shop, settle, sweep } = await startScenario({
      policy: policyFor(entry, { ...OVER, ...lifecycle }),
    });
    shop.push({ branch: 'feature' });
    const older = deployed(shop, { ref: 'feature', ...given });
    const newer = deployed(shop, { ref: 'feature', ...given });
    shop.deleteBranch('feature');
    github.clock.advance(2 * 60 * MINUTE);
    await settle();
    await sweep();
    expect(states(older, newer)).toEqual([expected, expected]);
  });

  test('is transient without a word in the policy, with the default rules', async () => {
    const { github, shop, settle } = await startScenario({ policy: policyFor('review/*') });
    const pull = shop.openPullRequest({ head: 'feature' });
    const lasting = deployed(shop, { ref: 'feature', transient: false });
    const first = deployed(shop, { ref: 'feature' });
    github.clock.advance(MINUTE);
    const second = deployed(shop, { ref: 'feature' });
    await settle();
    expect(states(lasting, first, second)).toEqual(['success', 'inactive', 'success']);
    pull.close();
    await settle();
    expect(states(lasting, first, second)).toEqual(['success', 'inactive', 'inactive']);
  });

  test('is the entry of the exact name before any pattern, else the first pattern', async () => {
    const off = { transient: false };
    const on = { transient: true, one_active_per: 'environment' };
    const { shop, settle } = await startScenario({
      policy: JSON.stringify({
        version: 1,
        environments: [
          { name: 'review/s*', lifecycle: off },
          { name: 'review/*', lifecycle: on },
          { name: 'review/shared', lifecycle: on },
        ],
      }),
    });
    const names = ['review/special', 'review/shared', 'review/other'];
    const olders = names.map((environment) => deployed(shop, { ref: 'main', environment }));
    for (const environment of names) deployed(shop, { ref: 'main', environment });
    await settle();
    expect(states(...olders)).toEqual(['success', 'inactive', 'inactive']);
  });
});
