import { describe, expect, test } from '@jest/globals';
import { deployed, policyFor, REVIEW, started, states } from './deployed.ts';
import { landPolicy, MINUTE, startScenario } from './harness.ts';

describe('deliveries', () => {
  test('that are all lost are made up for by one sweep', async () => {
    const { github, shop, sweep } = await startScenario({ policy: REVIEW });
    github.deliverTo(null);
    const closed = shop.openPullRequest({ head: 'closed' });
    shop.openPullRequest({ head: 'open' });
    shop.push({ branch: 'gone' });
    const all = ['closed', 'open', 'open', 'gone'].map((ref) => {
      github.clock.advance(MINUTE);
      return deployed(shop, { ref });
    });
    closed.close();
    shop.deleteBranch('gone');
    await sweep();
    expect(states(...all)).toEqual(['inactive', 'inactive', 'success', 'inactive']);
  });

  test('that come twice make one status', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    pull.close();
    await settle();
    await github.release([...github.deliveries, ...github.deliveries]);
    await settle();
    expect(build.statuses.map(({ state }) => state)).toEqual(['success', 'inactive']);
  });

  test('that come in another order end in the same state', async () => {
    const { github, shop, hold, settle } = await startScenario({ policy: REVIEW });
    hold();
    const pull = shop.openPullRequest({ head: 'feature' });
    const first = deployed(shop, { ref: 'feature' });
    github.clock.advance(MINUTE);
    const second = deployed(shop, { ref: 'feature' });
    pull.close();
    await github.release([...github.held].reverse());
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'inactive']);
    expect(first.statuses).toHaveLength(2);
  });

  test('of what concerns no deployment ask GitHub nothing', async () => {
    const { github, shop, settle } = await startScenario({ policy: REVIEW });
    github.requests.reset();
    shop.push({ files: { 'README.md': 'new' } });
    shop.push({ branch: 'other', files: { '.github/deployments.yml': REVIEW } });
    await settle();
    expect(github.requests.list()).toEqual([]);
    // A pull request may propose another policy, and nothing else is asked of a new one.
    shop.openPullRequest({ head: 'feature' });
    await settle();
    expect(github.requests.list().map(({ operation }) => operation)).toEqual(['ProposedPolicy']);
  });

  test('of a closed pull request reach what it deployed by its branch, its commits and its merge', async () => {
    const { github, shop, settle } = await startScenario({
      policy: policyFor('**', { transient: true, inactivate_on: ['pull_request_closed'] }),
    });
    const pull = shop.openPullRequest({ head: 'feature' });
    const before = pull.headSha;
    const all = [
      deployed(shop, { ref: 'feature', environment: 'by branch' }),
      deployed(shop, { ref: before, environment: 'by commit' }),
      deployed(shop, { ref: `refs/pull/${String(pull.number)}/merge`, environment: 'by merge' }),
      deployed(shop, { ref: `refs/pull/${String(pull.number)}/head`, environment: 'by head' }),
    ];
    pull.push();
    const replaced = pull.headSha;
    all.push(deployed(shop, { ref: replaced, environment: 'by replaced commit' }));
    pull.forcePush();
    await settle();
    github.clock.advance(MINUTE);
    pull.close();
    await settle();
    expect(states(...all)).toEqual(all.map(() => 'inactive'));
  });
});

describe('a branch that is deleted', () => {
  const GONE = policyFor('review/*', { transient: true, inactivate_on: ['ref_deleted'] });

  test('ends what was deployed from it, and a tag likewise', async () => {
    const { shop, settle } = await startScenario({ policy: GONE });
    shop.push({ branch: 'feature' });
    shop.tag('v1');
    shop.push({ branch: 'other' });
    const all = ['feature', 'v1', 'other'].map((ref) => deployed(shop, { ref }));
    await settle();
    shop.deleteBranch('feature');
    shop.deleteTag('v1');
    await settle();
    expect(states(...all)).toEqual(['inactive', 'inactive', 'success']);
  });

  test('ends nothing that was deployed as a commit or as refs/pull', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: GONE });
    const pull = shop.openPullRequest({ head: 'feature' });
    const all = [pull.headSha, 'refs/pull/1/head', 'refs/pull/1/merge'].map((ref, i) =>
      deployed(shop, { ref, environment: `review/${String(i)}` }),
    );
    await settle();
    shop.deleteBranch('feature');
    await settle();
    await sweep();
    expect(states(...all)).toEqual(['success', 'success', 'success']);
  });

  test('ends nothing while a tag or branch of that name is left', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: GONE });
    shop.push({ branch: 'v1' });
    shop.tag('v1');
    const build = deployed(shop, { ref: 'v1' });
    shop.deleteBranch('v1');
    await settle();
    await sweep();
    expect(build.state).toBe('success');
    shop.deleteTag('v1');
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('that is there again when somebody looks ends nothing', async () => {
    const { github, shop, settle } = await startScenario({ policy: GONE });
    shop.push({ branch: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    const sha = shop.head('feature').sha;
    github.faults.add({ match: 'GET /repos/{owner}/{repo}/deployments', action: 'delay', delayMs: 50 });
    shop.deleteBranch('feature');
    shop.branch('feature', sha);
    await settle();
    expect(build.state).toBe('success');
  });
});

describe('an installation', () => {
  test('that is new is looked at as a whole', async () => {
    const { github, settle } = await startScenario();
    github.addOwner('globex');
    const site = github.addRepository({ owner: 'globex', name: 'site' });
    landPolicy(site, REVIEW);
    const pull = site.openPullRequest({ head: 'feature' });
    const build = deployed(site, { ref: 'feature' });
    pull.close();
    await settle();
    expect(build.state).toBe('success');
    github.install({ owner: 'globex' });
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('looks at a repository that is added to it, and never at one that is not in it', async () => {
    const { github, settle, sweep } = await startScenario();
    github.addOwner('globex');
    const [inside, outside] = ['inside', 'outside'].map((name) => {
      const repository = github.addRepository({ owner: 'globex', name });
      landPolicy(repository, REVIEW);
      const pull = repository.openPullRequest({ head: 'feature' });
      const build = deployed(repository, { ref: 'feature' });
      pull.close();
      return { repository, build };
    });
    github.addRepository({ owner: 'globex', name: 'first' });
    const installation = github.install({ owner: 'globex', repositories: ['first'] });
    await settle();
    expect([inside?.build.state, outside?.build.state]).toEqual(['success', 'success']);
    installation.add('inside');
    await settle();
    await sweep();
    expect([inside?.build.state, outside?.build.state]).toEqual(['inactive', 'success']);
  });

  test('that is suspended is left alone until it is not', async () => {
    const { shop, installation, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    installation.suspend();
    pull.close();
    await sweep();
    expect(build.state).toBe('success');
    installation.unsuspend();
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('that may write deployments only later does then what it could not', async () => {
    const { shop, installation, settle } = await startScenario({ policy: REVIEW });
    const { permissions } = installation;
    installation.grant({ ...permissions, deployments: 'read' });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    pull.close();
    await settle();
    expect(build.state).toBe('success');
    installation.grant(permissions);
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('of another owner cannot be made to change anything here', async () => {
    const { github, shop, hold, settle } = await startScenario({ policy: REVIEW });
    github.addOwner('globex');
    github.addRepository({ owner: 'globex', name: 'site' });
    const theirs = github.install({ owner: 'globex' });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    hold();
    pull.close();
    const body = (payload: object) => ({ payload: { ...payload }, body: JSON.stringify(payload) });
    await github.release(
      github.held.map((delivery) => ({
        ...delivery,
        ...body({ ...delivery.payload, installation: { id: theirs.id, node_id: '' } }),
      })),
    );
    await settle();
    expect(build.state).toBe('success');
  });

  test('and repository that do not belong together change nothing, whatever the event and whichever of them is wrong', async () => {
    const { github, shop, installation, hold, settle } = await startScenario({ policy: REVIEW });
    github.addOwner('globex');
    const site = github.addRepository({ owner: 'globex', name: 'site' });
    landPolicy(site, REVIEW);
    const theirs = github.install({ owner: 'globex' });
    const builds = [shop, site].map((repository) => deployed(repository, { ref: 'main', environment: 'review/a' }));
    await settle();
    hold();
    for (const repository of [shop, site]) {
      const pull = repository.openPullRequest({ head: 'feature' });
      builds.push(deployed(repository, { ref: 'feature', environment: 'review/b' }));
      pull.close();
      repository.deleteBranch('feature');
      landPolicy(repository, `${REVIEW}\n`);
      repository.addCheckRun({ sha: repository.head('main').sha, name: 'build' }).complete('success');
    }
    const named = ({ payload }: (typeof github.held)[number]) =>
      payload['repository'] as { readonly id: number } | undefined;
    const [ofShop, ofSite] = [shop, site].map(({ id }) => github.held.map(named).find((one) => one?.id === id));
    const forged = github.held.flatMap((delivery) => {
      const repository = named(delivery);
      const isOurs = repository?.id === shop.id;
      const other = isOurs ? ofSite : ofShop;
      return [
        { installation: { id: isOurs ? theirs.id : installation.id } },
        { repository: other },
        { repository: { ...repository, id: other?.id } },
        { repository: { ...other, id: repository?.id } },
      ].map((more) => {
        const payload = { ...delivery.payload, ...more };
        return { ...delivery, payload, body: JSON.stringify(payload) };
      });
    });
    expect(new Set(forged.map(({ event }) => event)).size).toBeGreaterThan(4);
    github.requests.reset();
    await github.release(forged);
    await settle();
    expect(states(...builds)).toEqual(builds.map(() => 'success'));
    expect(github.requests.writes()).toEqual([]);
  });
});

describe('a repository', () => {
  test('that is archived is left alone until it is unarchived', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    github.requests.reset();
    shop.archive();
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
    expect(github.requests.writes()).toEqual([]);
    shop.unarchive();
    await settle();
    expect(build.state).toBe('inactive');
  });

  test('that is renamed stays governed', async () => {
    const { shop, settle, sweep } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const first = deployed(shop, { ref: 'feature' });
    await settle();
    shop.rename('store');
    const second = deployed(shop, { ref: 'feature' });
    await settle();
    expect(states(first, second)).toEqual(['inactive', 'success']);
    pull.close();
    await settle();
    await sweep();
    expect(states(first, second)).toEqual(['inactive', 'inactive']);
  });

  test('whose name another one has taken is not mistaken for it', async () => {
    const { github, shop, hold, settle } = await startScenario({ policy: REVIEW });
    const pull = shop.openPullRequest({ head: 'feature' });
    const ours = deployed(shop, { ref: 'feature' });
    await settle();
    hold();
    pull.close();
    const fromBefore = [...github.held];
    shop.rename('store');
    const other = github.addRepository({ owner: 'acme', name: 'shop' });
    landPolicy(other, REVIEW);
    const theirs = [1, 2].map(() => deployed(other, { ref: 'main', environment: 'review/feature' }));
    github.requests.reset();
    await github.release(fromBefore);
    await settle();
    expect(states(ours, ...theirs)).toEqual(['success', 'success', 'success']);
    expect(github.requests.writes()).toEqual([]);
  });

  test('that is transferred is governed by the installation of its new owner', async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
    github.addOwner('globex');
    const theirs = github.install({ owner: 'globex' });
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    shop.transfer('globex');
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('inactive');
    const statuses = github.requests.list({ operation: 'CreateDeploymentStatuses' });
    expect(statuses.map(({ installation }) => installation)).toEqual([theirs.id]);
  });

  test("that leaves the installations' reach is not looked at", async () => {
    const { github, shop, settle, sweep } = await startScenario({ policy: REVIEW });
    github.addOwner('globex');
    const pull = shop.openPullRequest({ head: 'feature' });
    const build = deployed(shop, { ref: 'feature' });
    await settle();
    shop.transfer('globex');
    pull.close();
    await settle();
    await sweep();
    expect(build.state).toBe('success');
  });
});

test('a process that starts anew goes on where the other one ended', async () => {
  const { github, shop, settle, restart } = await startScenario({ policy: REVIEW });
  const pull = shop.openPullRequest({ head: 'feature' });
  const first = deployed(shop, { ref: 'feature' });
  github.clock.advance(MINUTE);
  const second = started(shop, { ref: 'feature' });
  await settle();
  await restart();
  second.setStatus('success');
  await settle();
  expect(states(first, second)).toEqual(['inactive', 'success']);
  github.deliverTo(null);
  pull.close();
  await restart();
  expect(states(first, second)).toEqual(['inactive', 'inactive']);
});
