import { describe, expect, test } from '@jest/globals';
import { useCommandLine } from './command-line.ts';
import { startPlace, type Place } from './github.ts';

const lockkeeper = useCommandLine();
const REPO = ['--repo', 'acme/shop'];

function policyOf(gates: readonly object[], more: object = {}): string {
  return JSON.stringify({ version: 1, environments: [{ name: 'production', gates }], ...more });
}

const DOCUMENT = (stdout: string) => JSON.parse(stdout) as Readonly<Record<string, unknown>>;

describe('explain', () => {
  const explain = (place: Place, ...more: readonly string[]) =>
    lockkeeper.call(['explain', ...REPO, '--environment', 'production', '--ref', 'main', ...more], place.environment);

  test('is a table of the gates with what blocks first, and changes nothing', async () => {
    const place = await startPlace({ policy: policyOf([{ ref: ['main'] }, { checks: ['build'] }]) });
    const { code, stdout, stderr } = await explain(place);
    expect([code, stderr]).toEqual([5, '']);
    expect(stdout).toBe(
      [
        'Waiting: checks',
        '',
        'gate            required     seen',
        'checks  waits   build        build: no such check yet',
        '    unblocked by the checks, by running',
        'ref     passes  branch main  branch main',
        '',
      ].join('\n'),
    );
    expect(place.github.requests.writes()).toEqual([]);
  });

  test.each<readonly [string, number, readonly object[], readonly string[]]>([
    ['approved', 0, [{ ref: ['main'] }], []],
    ['waiting', 5, [{ checks: ['build'] }], []],
    ['rejected', 6, [{ ref: ['release/*'] }], []],
    ['rejected for somebody else', 6, [{ creator: { users: ['mona'] } }], ['--creator', 'alice']],
    ['approved for whoever the token belongs to', 0, [{ creator: { users: ['mona'] } }], []],
  ])('ends with its own code where it would be %s', async (_, expected, gates, more) => {
    const place = await startPlace({ policy: policyOf(gates) });
    expect((await explain(place, ...more)).code).toBe(expected);
  });

  test('hides nothing in its JSON, which says the same to who reads it', async () => {
    const name = `pro${String.fromCodePoint(0x202e, 0x2028, 0x9b, 0xe0041)}duction`;
    const place = await startPlace({ policy: 'version: 1\nenvironments: [{ name: review/* }]\n' });
    const args = ['explain', ...REPO, '--environment', name, '--ref', 'main', '--json'];
    const { stdout } = await lockkeeper.call(args, place.environment);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(stdout)).toMatchObject({ environment: name });
  });

  test('explains another time and another policy', async () => {
    const place = await startPlace({ policy: policyOf([]) });
    const windows = [{ name: 'noon', days: ['mon'], from: '12:00', to: '13:00' }];
    await lockkeeper.write('p.yml', policyOf([{ windows: ['noon'] }], { windows }));
    const at = (time: string) => explain(place, '--policy', 'p.yml', '--at', time);
    expect((await explain(place)).code).toBe(0);
    expect((await at('2026-03-02T12:30')).code).toBe(0);
    expect((await at('2026-03-02T12:30+02:00')).code).toBe(5);
  });

  test('is one JSON document with --json', async () => {
    const place = await startPlace({ policy: policyOf([{ ref: ['release/*'] }]) });
    const { code, stdout, stderr } = await explain(place, '--json', '--at', '2026-03-02T12:30');
    expect([code, stderr]).toEqual([6, '']);
    expect(DOCUMENT(stdout)).toMatchObject({
      version: 1,
      repository: 'acme/shop',
      mode: 'enforce',
      environment: 'production',
      ref: 'main',
      sha: place.shop.head('main').sha,
      creator: 'mona',
      at: '2026-03-02T12:30:00.000Z',
      decision: { verdict: 'rejected', results: [{ gate: 'ref', verdict: 'fails', code: 'ref_does_not_match' }] },
      diagnostics: [],
    });
  });

  test.each<readonly [string, number, string | undefined, readonly string[]]>([
    ['a ref that is not there', 2, policyOf([]), ['--ref', 'nothing']],
    ['a time that is none', 2, policyOf([]), ['--at', 'noon']],
    ['a policy with errors', 1, 'version: 2\n', []],
    ['no policy at all', 0, undefined, []],
  ])('ends with %s: %i', async (_, expected, policy, more) => {
    const place = await startPlace(policy === undefined ? {} : { policy });
    expect((await explain(place, ...more)).code).toBe(expected);
  });
});

describe('replay', () => {
  const replay = (place: Place, ...more: readonly string[]) =>
    lockkeeper.call(['replay', ...REPO, ...more], place.environment);

  /** A build that fails, and one that passes; both were deployed, the second by hand later. */
  async function history(policy?: string) {
    const place = await startPlace(policy === undefined ? {} : { policy });
    const { shop } = place;
    const deploy = (sha: string) => {
      const deployment = shop.createDeployment({ ref: 'main', sha, environment: 'production' });
      deployment.setStatus('in_progress');
      deployment.setStatus('success');
      return deployment;
    };
    const first = shop.push({ files: { a: '1' } });
    shop.addCheckRun({ name: 'build', sha: first.sha, conclusion: 'failure' });
    const bad = deploy(first.sha);
    const second = shop.push({ files: { a: '2' } });
    shop.addCheckRun({ name: 'build', sha: second.sha, conclusion: 'success' });
    const good = deploy(second.sha);
    return { place, bad, good };
  }

  test('shows what a policy would have decided differently, and why', async () => {
    const { place, bad } = await history(policyOf([{ ref: ['main'] }]));
    await lockkeeper.write('p.yml', policyOf([{ ref: ['main'] }, { checks: ['build'] }]));
    const { code, stdout, stderr } = await replay(place, '--policy', 'p.yml', '--exit-code');
    expect([code, stderr]).toEqual([3, '']);
    const [line, why, , count] = stdout.split('\n');
    expect(line).toMatch(new RegExp(`^~ deployment ${bad.id} production \\(main, .*\\): approved → rejected$`));
    expect(why).toBe('    checks asks for build; there was build: failure');
    expect(count).toBe('Of the last 2 deployments of gated environments, 1 would have been decided differently.');
    expect(place.github.requests.writes()).toEqual([]);
  });

  test('compares the policy in force with what happened where no other is given', async () => {
    const { place, bad, good } = await history(policyOf([{ checks: ['build'] }]));
    const { code, stdout } = await replay(place, '--json');
    expect(code).toBe(0);
    expect(DOCUMENT(stdout)).toMatchObject({
      version: 1,
      repository: 'acme/shop',
      compared: 'happened',
      deployments: [
        { id: good.id, wentAhead: true, differs: false, today: { verdict: 'approved' }, given: null },
        { id: bad.id, wentAhead: true, differs: true, today: { verdict: 'rejected' }, given: null },
      ],
      summary: { deployments: 2, differ: 1 },
    });
  });

  test('decides by what there was then: a check that passed later does not count', async () => {
    const place = await startPlace({ policy: policyOf([{ checks: ['build'] }]), simulator: { realTime: false } });
    const { shop, github } = place;
    const check = shop.addCheckRun({ name: 'build', status: 'in_progress' });
    github.clock.advance(1000);
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    deployment.setStatus('success');
    github.clock.advance(60_000);
    check.complete('success');
    const { stdout } = await replay(place, '--json');
    expect(DOCUMENT(stdout)['deployments']).toMatchObject([
      { differs: true, today: { verdict: 'waiting', results: [{ code: 'checks_unfinished' }] } },
    ]);
  });

  test('knows no pull requests but the repository’s own', async () => {
    const place = await startPlace({
      policy: policyOf([{ pull_request: { merged: true } }]),
      simulator: { realTime: false },
    });
    const { shop } = place;
    const fork = shop.fork('mallory');
    const { sha } = shop.push({ branch: 'feature', files: { a: '1' } });
    fork.branch('feature', sha);
    fork.openPullRequest({ head: 'feature' }).merge();
    shop.createDeployment({ ref: 'feature', environment: 'production' }).setStatus('success');
    const { stdout } = await replay(place, '--json');
    expect(DOCUMENT(stdout)['deployments']).toMatchObject([
      { today: { verdict: 'waiting', results: [{ code: 'pull_request_missing' }] } },
    ]);
  });

  test.each<readonly [string, readonly object[]]>([
    ['ref', [{ ref: ['main'] }]],
    ['creator', [{ creator: { users: ['octocat'], teams: ['deployers'] } }]],
    ['pull_request', [{ pull_request: { base: 'main', merged: true, approvals: 1 } }]],
    ['succeeded_in', [{ succeeded_in: { environment: 'staging', for: '1m' } }]],
    ['max_in_progress', [{ max_in_progress: 1 }, { latest_only: true }]],
    ['forward_only', [{ forward_only: { rollback_by: { users: ['nobody'] } } }]],
  ])('knows what %s asks for, of runs of Actions too', async (_, gates) => {
    const place = await startPlace({ policy: policyOf(gates), simulator: { realTime: false } });
    const { shop, github } = place;
    github.addTeam('acme', 'deployers', ['octocat']);
    shop.addCollaborator('alice', 'write');
    const flow = (file: string): void => {
      const pull = shop.openPullRequest({ head: file });
      pull.review({ user: 'alice', state: 'APPROVED' });
      const { sha } = pull.merge();
      github.clock.advance(60_000);
      shop.createDeployment({ ref: 'main', sha, environment: 'staging' }).setStatus('success');
      github.clock.advance(120_000);
      shop.addWorkflowRun({ environments: ['production'] }).complete();
      github.clock.advance(60_000);
      shop.createDeployment({ ref: 'main', sha, environment: 'production' }).setStatus('success');
      github.clock.advance(60_000);
    };
    flow('one');
    flow('two');
    const { code, stdout } = await replay(place, '--exit-code');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'Of the last 4 deployments of gated environments, 0 went ahead that this policy would not have let through.',
    ]);
  });

  test.each<readonly [string, number, string | undefined, readonly string[]]>([
    ['a policy with errors', 1, policyOf([]), ['--policy', 'broken.yml']],
    ['a number that is none', 2, policyOf([]), ['--last', 'many']],
    ['no policy at all', 0, undefined, []],
  ])('ends with %s: %i', async (_, expected, policy, more) => {
    await lockkeeper.write('broken.yml', 'version: 2\n');
    const place = await startPlace(policy === undefined ? {} : { policy });
    expect((await replay(place, ...more)).code).toBe(expected);
  });
});
