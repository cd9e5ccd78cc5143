import { describe, expect, test } from '@jest/globals';
import type { DeploymentHandle } from '../simulator/index.ts';
import { deployed, policyFor } from '../scenarios/deployed.ts';
import { useCommandLine } from './command-line.ts';
import { startPlace, type Place } from './github.ts';

const lockkeeper = useCommandLine();

/** Previews end with their pull request, and their environment goes with them. */
const PREVIEWS = policyFor('review/*', {
  transient: true,
  inactivate_on: ['pull_request_closed'],
  delete: { environment: true },
});
const REPO = ['--repo', 'acme/shop'];

/** A preview whose pull request is closed. */
function leftOver({ shop }: Place, ref: string): DeploymentHandle {
  const pull = shop.openPullRequest({ head: ref });
  const deployment = deployed(shop, { ref });
  shop.environment(deployment.environment);
  pull.close();
  return deployment;
}

const documentOf = (stdout: string) => JSON.parse(stdout) as Readonly<Record<string, unknown>>;

describe('plan', () => {
  test('shows what apply would change, what follows from it included, and changes nothing', async () => {
    const place = await startPlace({ policy: PREVIEWS });
    const { github, environment } = place;
    const { id } = leftOver(place, 'a');
    const told = await lockkeeper.call(['plan', ...REPO], environment);
    expect(told).toEqual({
      code: 0,
      stdout: [
        `~ deployment ${id} review/a (a): success → inactive  # Pull request #1 is closed.`,
        '- environment review/a  # All its deployments have ended, and their pull requests or refs are gone.',
        '',
        'Plan: 0 to add, 1 to change, 1 to delete.',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(github.requests.writes()).toEqual([]);
  });

  test('ends with 3 for --exit-code where something would change, and with 0 where nothing would', async () => {
    const place = await startPlace({ policy: PREVIEWS });
    const plan = () => lockkeeper.call(['plan', ...REPO, '--exit-code'], place.environment);
    const nothing = await plan();
    expect(nothing).toEqual({ code: 0, stdout: 'No changes. Everything is as the policy says.\n', stderr: '' });
    leftOver(place, 'a');
    expect((await plan()).code).toBe(3);
  });

  test('is one JSON document with --json', async () => {
    const place = await startPlace({ policy: PREVIEWS });
    const { id } = leftOver(place, 'a');
    const { code, stdout, stderr } = await lockkeeper.call(['plan', ...REPO, '--json'], place.environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(documentOf(stdout)).toEqual({
      version: 1,
      repository: 'acme/shop',
      mode: 'enforce',
      changes: [
        {
          action: 'change',
          kind: 'deployment_status',
          what: `deployment ${id}`,
          name: 'review/a (a)',
          difference: 'success → inactive',
          environment: 'review/a',
          deployment: id,
          rule: 'pull_request_closed',
          reason: 'Pull request #1 is closed.',
        },
        expect.objectContaining({ action: 'delete', kind: 'delete_environment', environment: 'review/a' }),
      ],
      summary: { add: 0, change: 1, delete: 1 },
      later: { inactivate: 0, delete: 0, keys: 0 },
      findings: [],
      overruled: [],
      diagnostics: [],
    });
  });

  test('tries a file out in the place of the repository’s own, beside the organisation’s', async () => {
    const place = await startPlace();
    const { github, environment } = place;
    leftOver(place, 'a');
    await lockkeeper.write('mine.yml', PREVIEWS);
    const plan = () => lockkeeper.call(['plan', ...REPO, '--policy', 'mine.yml', '--exit-code'], environment);
    expect((await plan()).code).toBe(3);
    const organisation = github.addRepository({ owner: 'acme', name: '.github' });
    organisation.push({
      files: {
        '.github/deployments.yml':
          'version: 1\nenvironments: [{ name: "**", locked: true, lifecycle: { transient: false } }]\n',
      },
    });
    expect((await plan()).code).toBe(0);
  });

  test('says what the organisation overrules', async () => {
    const place = await startPlace({ policy: policyFor('review/*') });
    const organisation = place.github.addRepository({ owner: 'acme', name: '.github' });
    organisation.push({
      files: { '.github/deployments.yml': policyFor('**', undefined, {}).replace('"name"', '"locked": true, "name"') },
    });
    const { stdout } = await lockkeeper.call(['plan', ...REPO], place.environment);
    expect(stdout).toMatch(/^Overruled by the organisation:\n! .*"review\/\*" does not count/m);
  });

  test('says of mode: report that nothing of it would be done', async () => {
    const place = await startPlace({ policy: policyFor('review/*', undefined, { mode: 'report' }) });
    leftOver(place, 'a');
    const { code, stdout } = await lockkeeper.call(['plan', ...REPO, '--exit-code'], place.environment);
    expect(code).toBe(0);
    expect(stdout).toContain('success → inactive');
    expect(stdout).toContain('mode: report');
  });

  test('leaves what is over the policy’s limits for later', async () => {
    const place = await startPlace({ policy: policyFor('review/*', undefined, { limits: { inactivate: 1 } }) });
    for (const ref of ['a', 'b', 'c']) leftOver(place, ref);
    const { stdout } = await lockkeeper.call(['plan', ...REPO], place.environment);
    expect(stdout).toContain('Plan: 0 to add, 1 to change, 0 to delete.');
    expect(stdout).toContain('2 endings and 0 deletions are over the policy’s limits');
  });

  test('shows what somebody else wrote as plain text', async () => {
    const place = await startPlace({ policy: policyFor('**', { one_active_per: 'environment' }) });
    const { shop, environment } = place;
    const name = 'review/\u001B[31mred';
    shop.branch('a', shop.head().sha);
    for (let i = 0; i < 2; i += 1) deployed(shop, { ref: 'a', environment: name });
    const { stdout } = await lockkeeper.call(['plan', ...REPO], environment);
    expect(stdout).toContain('review/\\u{1b}[31mred');
    expect(stdout).not.toContain('\u001B');
  });

  test.each<[string, Parameters<typeof startPlace>[0], (place: Place) => void, string]>([
    ['without a policy', {}, () => undefined, 'No policy governs acme/shop: nothing is done there.\n'],
    [
      'that is archived',
      { policy: PREVIEWS },
      ({ shop }) => {
        shop.archive();
      },
      'acme/shop is archived: it is left alone until it is unarchived.\n',
    ],
  ])('leaves a repository alone %s', async (_, options, prepare, told) => {
    const place = await startPlace(options);
    leftOver(place, 'a');
    prepare(place);
    for (const command of ['plan', 'apply']) {
      const called = await lockkeeper.call([command, ...REPO], place.environment);
      expect(called).toEqual({ code: 0, stdout: told, stderr: '' });
    }
    const { stdout } = await lockkeeper.call(['plan', ...REPO, '--json'], place.environment);
    expect(documentOf(stdout)).toMatchObject({ version: 1, mode: null, changes: [] });
  });

  test('finds a repository by a name that it had', async () => {
    const place = await startPlace({ policy: PREVIEWS });
    place.shop.rename('store');
    const { stdout } = await lockkeeper.call(['plan', ...REPO, '--json'], place.environment);
    expect(documentOf(stdout)).toMatchObject({ repository: 'acme/store' });
  });
});

describe('a policy with errors ends every command with 1, and nothing is done', () => {
  const BROKEN = 'version: 1\nenvironments:\n  - name: review/*\n    lifcycle: {}\n';

  test('the repository’s own', async () => {
    const { environment, github } = await startPlace({ policy: BROKEN });
    for (const command of ['plan', 'apply']) {
      const { code, stdout, stderr } = await lockkeeper.call([command, ...REPO], environment);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^\.github\/deployments\.yml:4:5 error unknown-key .+`lifecycle`\?\n$/);
      expect(stderr).toBe('error: The policy has errors: nothing is done until they are mended.\n');
    }
    const { stdout } = await lockkeeper.call(['plan', ...REPO, '--json'], environment);
    expect(documentOf(stdout)).toMatchObject({
      version: 1,
      changes: [],
      diagnostics: [
        { file: '.github/deployments.yml', severity: 'error', code: 'unknown-key', line: 4, column: 5, endLine: 4 },
      ],
    });
    expect(github.requests.writes()).toEqual([]);
  });

  test('one that is tried out', async () => {
    const { environment } = await startPlace();
    await lockkeeper.write('broken.yml', BROKEN);
    const { code, stdout } = await lockkeeper.call(['plan', ...REPO, '--policy', 'broken.yml'], environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^broken\.yml:4:5 error /);
  });

  test('the organisation’s', async () => {
    const { environment, github } = await startPlace({ policy: PREVIEWS });
    const organisation = github.addRepository({ owner: 'acme', name: '.github' });
    organisation.push({ files: { '.github/deployments.yml': BROKEN } });
    const { code, stdout } = await lockkeeper.call(['plan', ...REPO], environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^acme\/\.github\/\.github\/deployments\.yml:4:5 error /);
  });
});
