import { expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/policy/check.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { deployed } from '../scenarios/deployed.ts';
import { useCommandLine } from './command-line.ts';
import { startPlace, type Place } from './github.ts';

const lockkeeper = useCommandLine();
const REPO = ['--repo', 'acme/shop'];
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** A shop with a bit of everything that a policy can say. */
async function furnished(): Promise<Place> {
  const place = await startPlace();
  const { github, shop } = place;
  github.addTeam('acme', 'release-managers', ['mona'], { repositories: { shop: 'write' } });
  github.addApp('datadog', { rule: true });
  shop.environment('production').protect({
    waitTimer: 30,
    reviewers: ['@acme/release-managers', 'mona'],
    preventSelfReview: true,
    branches: ['main', 'release/*', 'tag:v*'],
    rules: ['datadog'],
  });
  for (let i = 0; i < 33; i += 1) shop.environment('production').setVariable(`V${String(i)}`, `yes`);
  shop.environment('staging').protect({ branches: 'protected' });
  shop.environment('plain');
  shop.addDeployKey({ title: 'mirror: "main"', key: KEY });
  for (const ref of ['a', 'feature/b']) {
    shop.openPullRequest({ head: ref });
    deployed(shop, { ref });
    shop.environment(`review/${ref}`);
  }
  shop.createDeployment({ ref: 'main', environment: 'production', production: true }).setStatus('success');
  return place;
}

test('init describes a repository as it is, and planning that at once changes nothing', async () => {
  const { environment, github } = await furnished();
  const { code, stdout, stderr } = await lockkeeper.call(['init', ...REPO], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^# yaml-language-server: \$schema=/);
  const { policy, diagnostics } = parsePolicy(stdout);
  expect(diagnostics).toEqual([]);
  expect(checkPolicy(stdout, { now: Date.now(), level: 'repository' })).toEqual([]);
  const [plain, production, staging, review, ...others] = policy?.environments ?? [];
  expect(others).toEqual([]);
  expect(plain).toMatchObject({ name: 'plain' });
  expect(plain).not.toHaveProperty('protection');
  expect(production).toMatchObject({
    name: 'production',
    protection: {
      wait_timer: 30,
      prevent_self_review: true,
      reviewers: [{ team: 'release-managers' }, { user: 'mona' }],
      deployment_branch_policy: ['main', 'release/*', { tag: 'v*' }],
      custom_rules: ['datadog'],
      variables: { V0: 'yes', V32: 'yes' },
    },
  });
  expect(Object.keys(production?.protection?.variables ?? {})).toHaveLength(33);
  expect(staging).toMatchObject({ name: 'staging', protection: { deployment_branch_policy: 'protected' } });
  expect(review).toMatchObject({ name: 'review/**', lifecycle: { one_active_per: 'pull_request' } });
  expect(policy?.deploy_keys?.allow).toMatchObject([{ title: 'mirror: "main"', key: KEY, read_only: true }]);

  await lockkeeper.write('init.yml', stdout);
  const planned = await lockkeeper.call(['plan', ...REPO, '--policy', 'init.yml', '--exit-code'], environment);
  expect(planned.code).toBe(0);
  expect(planned.stdout).toMatch(/^No changes\./);
  expect(github.requests.writes()).toEqual([]);
});

test('a lifecycle that would end something now is off in what init prints, and that is told', async () => {
  const { shop, environment } = await startPlace();
  const pull = shop.openPullRequest({ head: 'a' });
  deployed(shop, { ref: 'a' });
  deployed(shop, { ref: 'a', environment: 'demo' });
  shop.environment('demo');
  pull.close();
  const { stdout, stderr } = await lockkeeper.call(['init', ...REPO], environment);
  expect(parsePolicy(stdout).policy?.environments).toMatchObject([
    { name: 'demo', lifecycle: { transient: false } },
    { name: 'review/*', lifecycle: { transient: false } },
  ]);
  expect(stderr).toContain('The lifecycle of review/* is off');
  await lockkeeper.write('init.yml', stdout);
  const planned = await lockkeeper.call(['plan', ...REPO, '--policy', 'init.yml', '--exit-code'], environment);
  expect(planned.code).toBe(0);
});

test('what the token may not read is left out, and that is told', async () => {
  const place = await furnished();
  const { stdout, stderr } = await lockkeeper.call(['init', ...REPO], place.as('reader', 'read'));
  expect(parsePolicy(stdout).policy?.deploy_keys).toBeUndefined();
  expect(stderr).toContain('The deploy keys of acme/shop are left out: the token may not read them.');
});

test('of an environment too, what the token may not read is left out', async () => {
  const place = await furnished();
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
  for (const part of ['variables', 'deployment-branch-policies', 'deployment_protection_rules']) {
    place.github.faults.add({ match: `${route}/${part}`, action: '403-permission', times: 100 });
  }
  const { code, stdout, stderr } = await lockkeeper.call(['init', ...REPO], place.environment);
  expect(code).toBe(0);
  const production = parsePolicy(stdout).policy?.environments.find(({ name }) => name === 'production');
  expect(Object.keys(production?.protection ?? {})).toEqual(['wait_timer', 'prevent_self_review', 'reviewers']);
  expect(stderr).toContain(
    'The branch patterns, custom rules, variables of the environment "production" are left out: the token may not read them.',
  );
});

test('what the organisation changes in any case is told', async () => {
  const { github, shop, environment } = await startPlace();
  const pull = shop.openPullRequest({ head: 'a' });
  deployed(shop, { ref: 'a' });
  pull.close();
  const organisation = github.addRepository({ owner: 'acme', name: '.github' });
  organisation.push({
    files: { '.github/deployments.yml': 'version: 1\nenvironments: [{ name: "**", locked: true }]\n' },
  });
  const { code, stdout, stderr } = await lockkeeper.call(['init', ...REPO], environment);
  expect(code).toBe(0);
  expect(parsePolicy(stdout).diagnostics).toEqual([]);
  expect(stderr).toContain('as the organisation’s policy says');
});

test('what a policy cannot say is left out, and that is told', async () => {
  const { shop, environment } = await startPlace();
  shop.environment('eu').protect({ branches: ['{a,b}'], waitTimer: 5 });
  shop.environment('us*').protect({ waitTimer: 5 });
  const { code, stdout, stderr } = await lockkeeper.call(['init', ...REPO], environment);
  expect(code).toBe(0);
  expect(parsePolicy(stdout)).toMatchObject({
    diagnostics: [],
    policy: { environments: [{ name: 'eu', protection: { wait_timer: 5 } }] },
  });
  expect(stderr).toContain('A policy cannot say deployment_branch_policy of eu');
  expect(stderr).toContain('us*');
});

test('the settings apps’ file is read: what has no counterpart, and what differs, is told', async () => {
  const { shop, environment } = await startPlace();
  shop.environment('production').protect({ waitTimer: 30, branches: ['main'] });
  const settings = {
    repository: { description: 'A shop' },
    labels: [],
    environments: [
      {
        name: 'production',
        wait_timer: 60,
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: ['main'] },
        secrets: [],
      },
      { name: 'gone' },
    ],
  };
  shop.push({ files: { '.github/settings.yml': JSON.stringify(settings) } });
  const { stdout, stderr } = await lockkeeper.call(['init', ...REPO, '--json'], environment);
  expect(stderr.trimEnd().split('\n')).toEqual([
    '.github/settings.yml: a policy has no counterpart to repository, labels.',
    '.github/settings.yml: in production, a policy has no counterpart to secrets.',
    '.github/settings.yml: wait_timer of production is not what GitHub has; the policy has GitHub’s.',
    '.github/settings.yml: GitHub has no environment gone; it is left out.',
  ]);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    repository: 'acme/shop',
    policy: expect.stringContaining('wait_timer: 30'),
    notes: stderr.trimEnd().split('\n'),
  });
});

test('an empty repository has the smallest policy', async () => {
  const { environment } = await startPlace();
  const { code, stdout, stderr } = await lockkeeper.call(['init', ...REPO], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').filter((line) => !line.startsWith('#'))).toEqual(['version: 1', '']);
});
