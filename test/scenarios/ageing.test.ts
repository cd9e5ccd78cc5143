import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, started, states } from './deployed.ts';
import { DAY, HOUR, MINUTE, startScenario } from './harness.ts';

describe('inactivate_after', () => {
  const FORTNIGHT = policyFor('review/*', { transient: true, inactivate_after: '14d', keep_label: 'keep-preview' });

  test('ends what has had no status for longer than that', async () => {
    const { github, shop, sweep } = await startScenario({ policy: FORTNIGHT });
    const old = deployed(shop, { ref: 'main', environment: 'review/old' });
    const renewed = deployed(shop, { ref: 'main', environment: 'review/renewed' });
    const stuck = started(shop, { ref: 'main', environment: 'review/stuck' });
    github.clock.advance(13 * DAY);
    renewed.setStatus('success', { autoInactive: false });
    github.clock.advance(DAY);
    await sweep();
    expect(states(old, renewed, stuck)).toEqual(['success', 'success', 'pending']);
    github.clock.advance(MINUTE);
    await sweep();
    expect(states(old, renewed, stuck)).toEqual(['inactive', 'success', 'inactive']);
  });

  test('leaves what a pull request with the label keeps, until the label goes', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: FORTNIGHT });
    const kept = shop.openPullRequest({ head: 'kept', labels: ['Keep-Preview'] });
    shop.openPullRequest({ head: 'other', labels: ['keep'] });
    const byName = deployed(shop, { ref: 'kept' });
    const byCommit = deployed(shop, { ref: kept.headSha, environment: 'review/commit' });
    const other = deployed(shop, { ref: 'other' });
    github.clock.advance(15 * DAY);
    await sweep();
    expect(states(byName, byCommit, other)).toEqual(['success', 'success', 'inactive']);
    kept.unlabel('Keep-Preview');
    await settle();
    expect(states(byName, byCommit)).toEqual(['inactive', 'inactive']);
  });

  test('is not kept from ending with its pull request by the label', async () => {
    const { shop, settle } = await startScenario({
      policy: policyFor('review/*', {
        transient: true,
        inactivate_on: ['pull_request_closed'],
        inactivate_after: '14d',
        keep_label: 'keep-preview',
      }),
    });
    const pull = shop.openPullRequest({ head: 'feature', labels: ['keep-preview'] });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.state).toBe('inactive');
  });
});

describe('fail_stuck_after', () => {
  test('fails what stays in flight, unless it waits for a gate', async () => {
    const { github, shop, sweep } = await startScenario({
      policy: policyFor('review/*', { transient: true, fail_stuck_after: '2h' }),
    });
    const kinds = ['queued', 'pending', 'in_progress', 'waiting', 'success'] as const;
    const all = kinds.map((state) => {
      const build = started(shop, { ref: 'main', environment: `review/${state}` });
      build.setStatus(state);
      return build;
    });
    const silent = started(shop, { ref: 'main' });
    github.clock.advance(2 * HOUR);
    await sweep();
    expect(states(...all, silent)).toEqual([...kinds, 'pending']);
    github.clock.advance(MINUTE);
    await sweep();
    expect(states(...all, silent)).toEqual(['error', 'error', 'error', 'waiting', 'success', 'error']);
    expect(silent.statuses.at(-1)?.description).toBe('Stuck without a status for more than 2 hours (fail_stuck_after)');
  });

  test('is told of its own status and does nothing about it', async () => {
    const { github, shop, settle, sweep } = await startScenario({
      policy: policyFor('review/*', { transient: true, fail_stuck_after: '2h' }),
    });
    const build = started(shop, { ref: 'main' });
    github.clock.advance(3 * HOUR);
    await sweep();
    await settle();
    expect(build.statuses.map(({ state }) => state)).toEqual(['error']);
    expect(github.deliveries.filter(({ event }) => event === 'deployment_status')).toMatchObject([{ status: 200 }]);
    github.requests.reset();
    await github.release(github.deliveries.slice(-1));
    await settle();
    expect(github.requests.list()).toEqual([]);
  });

  test('is overtaken by a build that succeeds after all', async () => {
    const { github, shop, settle, sweep } = await startScenario({
      policy: policyFor('review/*', { transient: true, fail_stuck_after: '2h' }),
    });
    const build = started(shop, { ref: 'main' });
    github.clock.advance(3 * HOUR);
    await sweep();
    build.setStatus('success');
    await settle();
    await sweep();
    expect(build.state).toBe('success');
  });
});

describe('delete', () => {
  test('removes what ended long ago, but never the newest few of an environment, nor anything active', async () => {
    const { github, shop, sweep } = await startScenario({
      policy: policyFor('review/*', {
        transient: true,
        one_active_per: 'environment',
        delete: { after: '30d', keep: 2 },
      }),
    });
    const environment = 'review/feature';
    const build = () => {
      github.clock.advance(MINUTE);
      return deployed(shop, { ref: 'main', environment });
    };
    const all = [build(), build(), build(), build()];
    all[3]?.setStatus('failure');
    await sweep();
    expect(states(...all)).toEqual(['inactive', 'inactive', 'success', 'failure']);
    github.clock.advance(31 * DAY);
    await sweep();
    expect(states(...all)).toEqual(['deleted', 'deleted', 'success', 'failure']);
    const newer = build();
    await sweep();
    // The two newest are the new one and the failed one; the active one has only just ended.
    expect(states(...all.slice(2), newer)).toEqual(['inactive', 'failure', 'success']);
    github.clock.advance(31 * DAY);
    await sweep();
    expect(states(...all.slice(2), newer)).toEqual(['deleted', 'failure', 'success']);
  });

  test('counts what to keep in each environment by itself', async () => {
    const { github, shop, sweep } = await startScenario({
      policy: policyFor('review/*', { transient: true, delete: { after: '1d', keep: 1 } }),
    });
    const all = ['review/one', 'review/one', 'review/two', 'review/Two'].map((environment) => {
      const build = started(shop, { ref: 'main', environment });
      build.setStatus('failure');
      return build;
    });
    github.clock.advance(2 * DAY);
    await sweep();
    expect(states(...all)).toEqual(['deleted', 'failure', 'deleted', 'failure']);
  });

  test('leaves what is not transient and what is of production', async () => {
    const { github, shop, sweep } = await startScenario({ policy: policyFor('review/*', { delete: { after: '1d' } }) });
    const all = [{ transient: false }, { transient: true, production: true }, { transient: true }].map((given) => {
      const build = started(shop, { ref: 'main', ...given });
      build.setStatus('failure');
      return build;
    });
    github.clock.advance(2 * DAY);
    await sweep();
    expect(states(...all)).toEqual(['failure', 'failure', 'deleted']);
  });
});

describe('limits', () => {
  test('are kept from sweep to sweep, and what is left over is told of', async () => {
    const { github, shop, hold, sweep, findings } = await startScenario({
      policy: policyFor('review/*', { transient: true, one_active_per: 'environment' }, { limits: { inactivate: 3 } }),
    });
    hold();
    const all = Array.from({ length: 9 }, (_, i) =>
      deployed(shop, { ref: 'main', environment: `review/${String(i % 2)}` }),
    );
    const ended = () => states(...all).filter((state) => state === 'inactive').length;
    await sweep();
    expect(ended()).toBe(3);
    expect(findings()).toContain('limit_reached');
    await sweep();
    expect(ended()).toBe(6);
    await sweep();
    await sweep();
    expect(ended()).toBe(7);
    expect(github.requests.writes().length).toBeLessThan(10);
  });

  test('hold for all that happens between two sweeps', async () => {
    const { github, shop, settle, sweep } = await startScenario({
      policy: policyFor('review/*', { transient: true, one_active_per: 'environment' }, { limits: { inactivate: 2 } }),
    });
    const all: ReturnType<typeof deployed>[] = [];
    for (let i = 0; i < 6; i += 1) {
      github.clock.advance(MINUTE);
      all.push(deployed(shop, { ref: 'main' }));
      await settle();
    }
    expect(states(...all).filter((state) => state === 'inactive')).toHaveLength(2);
    await sweep();
    expect(states(...all).filter((state) => state === 'inactive')).toHaveLength(4);
  });

  test('of deletions and of endings are counted apart', async () => {
    const { github, shop, hold, sweep } = await startScenario({
      policy: policyFor(
        'review/*',
        { transient: true, one_active_per: 'environment', delete: { after: '1d' } },
        { limits: { inactivate: 1, delete: 2 } },
      ),
    });
    hold();
    const failed = Array.from({ length: 4 }, () => {
      const build = started(shop, { ref: 'main' });
      build.setStatus('failure');
      return build;
    });
    github.clock.advance(2 * DAY);
    const active = Array.from({ length: 3 }, () => deployed(shop, { ref: 'main' }));
    await sweep();
    expect(states(...failed).filter((state) => state === 'deleted')).toHaveLength(2);
    expect(states(...active)).toEqual(['inactive', 'success', 'success']);
  });
});
