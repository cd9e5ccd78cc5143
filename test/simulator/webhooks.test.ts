import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { installationClient } from './client.ts';
import {
  startSimulator,
  type Delivery,
  type InstallationHandle,
  type RepositoryHandle,
  type Simulator,
} from './index.ts';

let github: Simulator;
let shop: RepositoryHandle;
let installation: InstallationHandle;

beforeAll(async () => {
  github = await startSimulator();
  shop = github.addRepository({ owner: 'acme', name: 'shop' });
  shop.branch('a2');
  github.addRepository({ owner: 'acme', name: 'other' });
  installation = github.install({ owner: 'acme', repositories: ['shop'] });
  github.deliverTo('http://127.0.0.1:1/', { mode: 'hold' });
});
beforeEach(() => {
  github.held.length = 0;
});
afterAll(() => github.stop());

const told = () => github.held.map(({ event, action }) => (action === null ? event : `${event}.${action}`));

describe('webhooks', () => {
  const cases: readonly (readonly [string, () => unknown, readonly string[]])[] = [
    ['a push to a new branch', () => shop.push({ branch: 'a' }), ['create', 'push']],
    [
      'a pull request',
      () => shop.openPullRequest({ head: 'a', labels: ['x'] }),
      ['pull_request.opened', 'pull_request.labeled'],
    ],
    ['a push to its head', () => shop.pullRequest(1).push(), ['push', 'pull_request.synchronize']],
    ['a review', () => shop.pullRequest(1).review({ user: 'bob' }), ['pull_request_review.submitted']],
    [
      'closing it',
      () => {
        shop.pullRequest(1).close();
      },
      ['pull_request.closed'],
    ],
    [
      'opening it again',
      () => {
        shop.pullRequest(1).reopen();
      },
      ['pull_request.reopened'],
    ],
    [
      'merging it',
      () => shop.pullRequest(1).merge({ deleteBranch: true }),
      ['push', 'pull_request.closed', 'delete', 'push'],
    ],
    ['a deployment', () => shop.createDeployment({ ref: 'main', environment: 'qa' }), ['deployment.created']],
    ['its success', () => shop.deployments()[0]?.setStatus('success'), ['deployment_status.created']],
    ['its end, of which GitHub says nothing', () => shop.deployments()[0]?.setStatus('inactive'), []],
    ['a status of a commit', () => shop.setCommitStatus({ context: 'ci', state: 'success' }), ['status']],
    [
      'a check run that is done',
      () => shop.addCheckRun({ name: 'ci', conclusion: 'success' }),
      ['check_run.created', 'check_run.completed', 'check_suite.completed'],
    ],
    ['a deploy key', () => shop.addDeployKey({ title: 'x', key: 'ssh-ed25519 AAAA' }), ['deploy_key.created']],
    [
      'archiving',
      () => {
        shop.archive();
      },
      ['repository.archived'],
    ],
    [
      'unarchiving',
      () => {
        shop.unarchive();
      },
      ['repository.unarchived'],
    ],
    [
      'another default branch',
      () => {
        shop.setDefaultBranch('a2');
      },
      ['repository.edited'],
    ],
    [
      'being made private',
      () => {
        shop.setPrivate(true);
      },
      ['repository.privatized'],
    ],
    [
      'a new name',
      () => {
        shop.rename('store');
      },
      ['repository.renamed'],
    ],
    [
      'more repositories',
      () => {
        installation.add('other');
      },
      ['installation_repositories.added'],
    ],
    [
      'more permissions',
      () => {
        installation.grant(installation.permissions);
      },
      ['installation.new_permissions_accepted'],
    ],
    ['an environment, of which GitHub says nothing', () => shop.environment('lab'), []],
  ];
  test.each(cases)('tell of %s', (_name, act, expected) => {
    act();
    expect(told()).toEqual(expected);
    for (const { payload } of github.held) {
      expect(payload).toMatchObject({ installation: { id: installation.id }, sender: { id: expect.any(Number) } });
    }
  });

  test('tell of what the app itself writes, and name it', async () => {
    const deployment = shop.createDeployment({ ref: 'main', environment: 'qa' });
    github.held.length = 0;
    const client = await installationClient(github, installation.id);
    await client.send('POST', `/repos/${shop.fullName}/deployments/${deployment.id}/statuses`, { state: 'queued' });
    expect(github.held[0]?.payload).toMatchObject({
      deployment_status: { state: 'queued', performed_via_github_app: { slug: 'lockkeeper' } },
      sender: { login: 'lockkeeper[bot]', type: 'Bot' },
    });
  });

  test('say nothing of repositories outside of the installation', () => {
    github.addRepository({ owner: 'acme', name: 'third' }).push();
    github.addRepository({ owner: 'globex', name: 'fourth' }).push();
    expect(told()).toEqual([]);
  });

  test('that are held can be dropped, doubled and sent in another order', async () => {
    shop.push({ branch: 'b' });
    const [first, second] = github.held as [Delivery, Delivery];
    await github.release([second, first, second]);
    expect([first.sent, second.sent, github.held.length]).toEqual([1, 2, 0]);
    // Nobody listens there: a delivery that fails is not sent again.
    expect(second.status).toBeNull();
  });
});
