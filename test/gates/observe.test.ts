import { describe, expect, test } from '@jest/globals';
import type { AskedCandidate } from '../../src/gates/asked.ts';
import { decideGates } from '../../src/gates/decide.ts';
import { neededFacts } from '../../src/gates/gates-policy.ts';
import { NO_FACTS, type NeededFacts } from '../../src/gates/needed-facts.ts';
import { observeGates, type GatesQuestion, type ObservedGates } from '../../src/gates/observe.ts';
import { describePromotion } from '../../src/gates/promotion-mark.ts';
import type { Candidate, Fact } from '../../src/gates/snapshot.ts';
import { GitHubError } from '../../src/github/port.ts';
import { commitSha, deploymentId } from '../../src/github/trusted.ts';
import { startWorkbench, type Workbench } from '../changes/workbench.ts';
import { policy } from './case.ts';
import type { DeploymentHandle } from '../simulator/index.ts';

const EVERYTHING: NeededFacts = {
  standing: true,
  creator: true,
  teams: ['deployers', 'sre'],
  branches: [['main', 'release/*']],
  checks: true,
  pullRequests: true,
  approvals: true,
  elsewhere: ['staging'],
  ancestry: true,
  succeededHere: true,
};

async function observe(bench: Workbench, given: Partial<GatesQuestion>): Promise<ObservedGates> {
  const { github, repository, client } = bench;
  const observed = await observeGates(client, {
    repository,
    environment: 'production',
    spellings: ['production'],
    now: github.clock.now().getTime(),
    needs: EVERYTHING,
    candidates: [],
    appId: github.app.id,
    checkName: 'Lockkeeper / production',
    recall: () => ({ answered: new Map(), bypasses: [] }),
    settledBefore: null,
    ...given,
  });
  if (observed === null) throw new Error('Nothing may be decided');
  return observed;
}

async function observeOne(
  bench: Workbench,
  asked: AskedCandidate,
  given: Partial<GatesQuestion> = {},
): Promise<Candidate> {
  const { snapshot } = await observe(bench, { candidates: [asked], ...given });
  const [candidate] = snapshot.candidates;
  if (candidate === undefined) throw new Error('It waits no longer');
  return candidate;
}

function about({ id, sha }: DeploymentHandle): AskedCandidate {
  return { kind: 'deployment', id: deploymentId(id), sha: commitSha(sha) };
}

/** A team and the environment with this app's rule: whatever all nine gates ask for. */
async function stage(): Promise<Workbench> {
  const bench = await startWorkbench();
  bench.github.addTeam('acme', 'deployers', ['octocat', 'alice']);
  bench.github.addTeam('acme', 'sre', ['bob']);
  bench.shop.environment('production').protect({ rules: [bench.github.app.slug] });
  return bench;
}

function value<T>(fact: Fact<T>): T | string {
  return fact.kind === 'known' ? fact.value : fact.why;
}

describe('a run of Actions that waits', () => {
  test('is told by its deployment, its branch and who triggered its latest attempt', async () => {
    const bench = await stage();
    const run = bench.shop.addWorkflowRun({
      environments: ['production'],
      actor: 'bob',
      triggeringActor: 'alice',
      attempt: 2,
    });
    const candidate = await observeOne(bench, { kind: 'run', run: run.id });
    expect(candidate).toMatchObject({
      key: `run/${run.id}/2/${run.deployment('production').id}`,
      deployment: run.deployment('production').id,
      run: { id: run.id, attempt: 2 },
      sha: run.sha,
      ref: { kind: 'branch', name: 'main' },
      createdAt: run.deployment('production').createdAt.getTime(),
      creator: { kind: 'known', value: { login: 'alice', app: null } },
    });
    expect(value(candidate.facts.creatorTeams)).toEqual(new Set(['deployers']));
  });

  test('with all nine gates takes at most six requests, however many environments there are', async () => {
    const bench = await stage();
    const { shop, github } = bench;
    shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
    const { sha } = shop.push({ files: { a: '1' } });
    for (let i = 0; i < 30; i += 1) shop.createDeployment({ ref: sha, environment: `env-${i}` });
    // Of a branch that is gone the commit is left, which has to be looked for in branches.
    shop.branch('gone', sha);
    const run = shop.addWorkflowRun({ branch: 'gone', environments: ['production'], jobs: ['build'] });
    shop.deleteBranch('gone');
    shop.push({ files: { b: '1' } });
    github.requests.reset();
    const { facts } = await observeOne(bench, { kind: 'run', run: run.id });
    expect(JSON.stringify(facts)).not.toContain('unreadable');
    expect(github.requests.list().map(({ route, operation }) => operation ?? route)).toEqual([
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
      'GateFacts',
      'GET /repos/{owner}/{repo}/pulls',
      'GateFollowUp',
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      'GET /repos/{owner}/{repo}/compare/{basehead}',
    ]);
  });

  test.each<readonly [string, (bench: Workbench) => AskedCandidate]>([
    [
      'is over',
      ({ shop }) => {
        const run = shop.addWorkflowRun({ environments: ['production'] });
        run.complete('cancelled');
        return { kind: 'run', run: run.id };
      },
    ],
    ['is gone', () => ({ kind: 'run', run: 4711 })],
  ])('and %s is not asked about', async (_, make) => {
    const bench = await stage();
    const asked = make(bench);
    const { snapshot, over } = await observe(bench, { candidates: [asked] });
    expect([snapshot.candidates, over]).toEqual([[], [asked]]);
  });

  test.each<readonly [string, (bench: Workbench) => number, object]>([
    [
      'a tag',
      ({ shop }) => {
        shop.tag('v1');
        return shop.addWorkflowRun({ branch: 'v1', environments: ['production'] }).id;
      },
      { kind: 'tag', name: 'v1' },
    ],
    [
      'a branch that has been deleted since',
      ({ shop }) => {
        shop.push({ branch: 'gone', files: { a: '1' } });
        const { id } = shop.addWorkflowRun({ branch: 'gone', environments: ['production'] });
        shop.deleteBranch('gone');
        return id;
      },
      { kind: 'commit', name: expect.any(String), of: 'gone' },
    ],
    [
      'a branch that was deleted with the merge of its pull request',
      ({ shop }) => {
        const pull = shop.openPullRequest({ head: 'feature/1' });
        const { id } = shop.addWorkflowRun({ branch: 'feature/1', environments: ['production'] });
        pull.merge({ method: 'squash' });
        shop.deleteBranch('feature/1');
        return id;
      },
      { kind: 'branch', name: 'feature/1' },
    ],
    [
      'a tag that is gone, of the name of a branch that a pull request had',
      ({ shop }) => {
        shop.openPullRequest({ head: 'feature/1' }).close();
        shop.deleteBranch('feature/1');
        const { sha } = shop.push({ branch: 'other', files: { a: '1' } });
        shop.tag('feature/1', sha);
        const { id } = shop.addWorkflowRun({ branch: 'feature/1', environments: ['production'] });
        shop.deleteTag('feature/1');
        return id;
      },
      { kind: 'commit', name: expect.any(String), of: 'feature/1' },
    ],
    [
      'what a pull request has',
      ({ shop }) => shop.addWorkflowRun({ event: 'pull_request_target', environments: ['production'] }).id,
      { kind: 'commit', name: expect.any(String) },
    ],
  ])('on %s has that ref', async (_, make, ref) => {
    const bench = await stage();
    const candidate = await observeOne(bench, { kind: 'run', run: make(bench) });
    expect(candidate.ref).toEqual(ref);
  });

  test('names its environment as GitHub does, also where that may not be seen', async () => {
    const bench = await stage();
    const run = bench.shop.addWorkflowRun({ environments: ['production'] });
    const spelled = async () => {
      const { snapshot } = await observe(bench, {
        candidates: [{ kind: 'run', run: run.id, environment: 'PRODUCTION' }],
      });
      return snapshot.environment;
    };
    expect(await spelled()).toBe('production');
    bench.shop.environment('production').delete();
    expect(await spelled()).toBe('PRODUCTION');
  });

  test('is as old as its deployment, of which the delivery tells before GitHub lists it', async () => {
    const bench = await stage();
    const { shop, github } = bench;
    const run = shop.addWorkflowRun({ environments: ['production'] });
    // Its job comes late, long after the run began.
    github.clock.advance(3_600_000);
    const createdAt = github.clock.now().getTime();
    const hint = deploymentId(run.deployment('production').id + 1);
    run.deployment('production').delete();
    const seen = async (more: object) => (await observeOne(bench, { kind: 'run', run: run.id, ...more })).createdAt;
    expect(await seen({ deployment: hint, createdAt })).toBe(createdAt);
    expect(await seen({ deployment: hint })).toBeNull();
    expect(await seen({})).toBeNull();
  });

  test('is one of the standing deployments, beside those of other commits', async () => {
    const bench = await stage();
    const { shop, github } = bench;
    const ended = shop.createDeployment({ ref: 'main', environment: 'production' });
    ended.setStatus('failure');
    const active = shop.createDeployment({ ref: 'main', environment: 'Production' });
    active.setStatus('success');
    shop.createDeployment({ ref: 'main', environment: 'elsewhere' });
    github.clock.advance(1000);
    shop.push({ files: { a: '1' } });
    const run = shop.addWorkflowRun({ environments: ['production'] });
    const { snapshot } = await observe(bench, {
      candidates: [{ kind: 'run', run: run.id }],
      spellings: ['Production'],
    });
    const mine = run.deployment('production').id;
    expect(snapshot.environment).toBe('production');
    expect(value(snapshot.standing)).toEqual([
      expect.objectContaining({ id: mine, state: 'waiting', candidate: `run/${run.id}/1/${mine}` }),
      expect.objectContaining({ id: active.id, state: 'success', candidate: null, answered: null }),
    ]);
  });
});

describe('a deployment of the API', () => {
  test('is told by its own creator, ref and time', async () => {
    const bench = await stage();
    const deployment = bench.shop.createDeployment({
      ref: 'main',
      environment: 'production',
      creator: 'datadog[bot]',
    });
    const candidate = await observeOne(bench, about(deployment));
    expect(candidate).toMatchObject({
      key: `deployment/${deployment.id}`,
      deployment: deployment.id,
      run: null,
      ref: { kind: 'branch', name: 'main' },
      creator: { kind: 'known', value: { login: 'datadog[bot]', app: 'datadog' } },
      facts: { creatorTeams: { kind: 'known', value: new Set() } },
    });
  });

  test('that has been deleted or moved is not asked about', async () => {
    const bench = await stage();
    const deleted = bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    const moved = bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    deleted.delete();
    moved.setStatus('queued', { environment: 'elsewhere' });
    const { snapshot, over } = await observe(bench, { candidates: [about(deleted), about(moved)] });
    expect([snapshot.candidates, over.length]).toEqual([[], 2]);
  });

  test('is asked about while no newer one of its environment exists', async () => {
    const bench = await stage();
    const { shop } = bench;
    const older = shop.createDeployment({ ref: 'main', environment: 'production' });
    // What a workflow makes of it, `on: deployment`, is not another one.
    shop.addWorkflowRun({ environments: ['production'] });
    expect((await observeOne(bench, about(older))).deployment).toBe(older.id);
    const newer = shop.createDeployment({
      ref: shop.push({ files: { a: '1' } }).sha,
      environment: 'production',
    });
    const { snapshot, over } = await observe(bench, { candidates: [about(older), about(newer)] });
    expect([snapshot.candidates.map(({ deployment }) => deployment), over]).toEqual([[newer.id], [about(older)]]);
  });

  test('that this app promoted has the creator of what it was promoted from', async () => {
    const bench = await stage();
    const { shop } = bench;
    const first = shop.createDeployment({ ref: 'main', environment: 'test', creator: 'alice' });
    const promote = (source: { readonly id: number }, environment: string, viaApp = true): DeploymentHandle => {
      bench.github.clock.advance(1000);
      const description = describePromotion(deploymentId(source.id), 'somewhere');
      const by = viaApp ? { viaApp } : { creator: 'datadog[bot]' };
      return shop.createDeployment({ ref: 'main', environment, description, ...by });
    };
    const creatorOf = async (asked: AskedCandidate) => value((await observeOne(bench, asked)).creator);
    const second = promote(first, 'staging');
    expect(await creatorOf(about(promote(second, 'production')))).toEqual({ login: 'alice', app: null });
    // A run that the promotion started is nobody else's.
    const started = shop.addWorkflowRun({
      environments: ['production'],
      triggeringActor: `${bench.github.app.slug}[bot]`,
    });
    expect(await creatorOf({ kind: 'run', run: started.id })).toEqual({ login: 'alice', app: null });
    // What another app says of its own deployment proves nothing.
    expect(await creatorOf(about(promote(first, 'production', false)))).toMatchObject({ app: 'datadog' });
    // A deployment of Actions' is whose run it was.
    const run = shop.addWorkflowRun({ environments: ['test'], triggeringActor: 'bob' });
    const ofRun = promote(run.deployment('test'), 'production');
    expect(await creatorOf(about(ofRun))).toEqual({ login: 'bob', app: null });
    first.delete();
    expect(await creatorOf(about(promote(second, 'production')))).toBe('what it was promoted from is not there');
  });

  test('that this app has let through counts as approved', async () => {
    const bench = await stage();
    const { shop } = bench;
    const queue = (viaApp: boolean): void => {
      shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('queued', { viaApp });
    };
    queue(true);
    queue(false);
    const { snapshot } = await observe(bench, {});
    const standing = snapshot.standing.kind === 'known' ? snapshot.standing.value : [];
    expect(standing.map(({ answered }) => answered)).toEqual([null, 'approved']);
  });
});

describe('what was said before', () => {
  test('is read from the check run on the commit, also of other commits whose runs wait', async () => {
    const bench = await stage();
    const { shop, github } = bench;
    const waiting = shop.addWorkflowRun({ environments: ['production'] });
    const write = (summary: string, app = github.app.slug): number =>
      shop.addCheckRun({ name: 'Lockkeeper / production', app, externalId: 'gates:1', conclusion: 'neutral' }).raw.id +
      summary.length * 0;
    write('older');
    const id = write('newer');
    write('another app’s', 'somebody');
    const other = shop.push({ files: { a: '1' } });
    const asked = shop.createDeployment({ ref: other.sha, environment: 'production' });
    const recalled: number[] = [];
    const { snapshot, ownRuns } = await observe(bench, {
      candidates: [about(asked)],
      recall: (run) => {
        recalled.push(run.id);
        return { answered: new Map([[`run/${waiting.id}/1`, 'approved']]), bypasses: [] };
      },
    });
    expect(recalled).toEqual([id]);
    expect(ownRuns.get(commitSha(asked.sha))).toEqual({ kind: 'known', value: null });
    const standing = snapshot.standing.kind === 'known' ? snapshot.standing.value : [];
    expect(standing.map(({ id: number, answered }) => [Number(number), answered])).toEqual([
      [asked.id, null],
      [waiting.deployment('production').id, 'approved'],
    ]);
  });

  /** What stands approved on as many other commits, as their check runs alone remember it. */
  async function approvedElsewhere(count: number, approve: (bench: Workbench) => string) {
    const bench = await stage();
    const { shop, github } = bench;
    const answered = new Map<string, 'approved'>();
    for (let i = 0; i < count; i += 1) {
      const { sha } = shop.push({ files: { n: String(i) } });
      answered.set(approve(bench), 'approved');
      shop.addCheckRun({
        name: 'Lockkeeper / production',
        app: github.app.slug,
        externalId: 'gates:1',
        sha,
        conclusion: 'success',
      });
    }
    const asked = shop.createDeployment({ ref: shop.push({ files: { asked: '1' } }).sha, environment: 'production' });
    const look = () =>
      observe(bench, { candidates: [about(asked)], recall: () => ({ answered, bypasses: [] }) }).then(({ snapshot }) =>
        value(snapshot.standing),
      );
    return { bench, look };
  }
  const startRun = ({ shop }: Workbench) => `run/${shop.addWorkflowRun({ environments: ['production'] }).id}/1`;
  const startOfApi = ({ shop, github }: Workbench) => {
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    deployment.setStatus('queued', { viaApp: true });
    github.clock.advance(1000);
    deployment.setStatus('pending');
    return `deployment/${deployment.id}`;
  };

  test.each([
    ['of more commits than one request asks about', 17, startRun],
    ['of a deployment whose deploy system says that it is pending', 1, startOfApi],
  ])('is read %s', async (_, count, approve) => {
    const { look } = await approvedElsewhere(count, approve);
    const standing = await look();
    if (typeof standing === 'string') throw new Error(standing);
    expect(standing.filter(({ answered }) => answered === 'approved')).toHaveLength(count);
  });

  test('counts no longer once its run was cancelled, of which the deployment says nothing', async () => {
    const runs: { cancelQuietly: () => void }[] = [];
    const { bench, look } = await approvedElsewhere(2, ({ shop }) => {
      const run = shop.addWorkflowRun({ environments: ['production'] });
      runs.push(run);
      return `run/${run.id}/1`;
    });
    runs[0]?.cancelQuietly();
    const standing = await look();
    expect(typeof standing === 'string' ? standing : standing.map(({ answered }) => answered)).toEqual([
      null,
      'approved',
    ]);
    // What cannot be read is not over.
    bench.github.faults.add({ match: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}', action: '503', times: 10 });
    expect(await look()).toHaveLength(3);
  });

  test('and cannot be read, never counts as if nothing had been approved', async () => {
    const { bench, look } = await approvedElsewhere(1, startRun);
    bench.github.faults.add({ match: 'GateFollowUp', action: '403-permission', times: 10 });
    expect(await look()).toEqual(expect.any(String));
  });

  test.each(['production', 'Production'])(
    'is found among hundreds of check runs of this app, spelled %s',
    async (name) => {
      const bench = await stage();
      const { shop, github } = bench;
      const write = (environment: string): number => {
        const about = `Lockkeeper / ${environment}`;
        const { raw } = shop.addCheckRun({ name: about, app: github.app.slug, conclusion: 'neutral' });
        raw.externalId = 'gates:written to its end';
        return raw.id;
      };
      const many = (from: number): void => {
        for (let i = 0; i < 120; i += 1) write(`review/${from + i}`);
      };
      many(0);
      const id = write(name);
      many(200);
      const asked = shop.createDeployment({ ref: 'main', environment: 'production' });
      const { ownRuns } = await observe(bench, {
        candidates: [about(asked)],
        spellings: ['production', 'Production'],
      });
      const found = ownRuns.get(commitSha(asked.sha));
      expect(found).toMatchObject({ kind: 'known', value: { id, name: `Lockkeeper / ${name}` } });
    },
  );

  test('gives a candidate the bypasses of its commit', async () => {
    const bench = await stage();
    const deployment = bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    bench.shop.addCheckRun({
      name: 'Lockkeeper / Production',
      app: bench.github.app.slug,
      externalId: 'gates:1',
      conclusion: 'neutral',
    });
    const bypasses = [{ by: 'bob', at: 1 }];
    const candidate = await observeOne(bench, about(deployment), {
      recall: () => ({ answered: new Map(), bypasses }),
    });
    expect(candidate.bypasses).toEqual(bypasses);
  });
});

describe('the facts of a commit', () => {
  test('checks are check runs and statuses, with the run that they are jobs of', async () => {
    const bench = await stage();
    const { shop, github } = bench;
    shop.addCheckRun({ name: 'build', conclusion: 'success' });
    shop.addCheckRun({ name: 'Lockkeeper', app: github.app.slug, conclusion: 'neutral' });
    shop.setCommitStatus({ state: 'pending', context: 'lint' });
    const run = shop.addWorkflowRun({ environments: ['production'], jobs: ['e2e'] });
    const { facts } = await observeOne(bench, { kind: 'run', run: run.id });
    const checks = facts.checks.kind === 'known' ? facts.checks.value : [];
    expect(checks.map((one) => [one.kind, one.app, one.name, one.state, one.own, one.run]).sort()).toEqual([
      ['check_run', 'ci', 'build', 'success', false, null],
      ['check_run', 'github-actions', 'deploy (production)', 'waiting', false, run.id],
      ['check_run', 'github-actions', 'e2e', 'in_progress', false, run.id],
      ['check_run', github.app.slug, 'Lockkeeper', 'neutral', true, null],
      ['status', 'octocat', 'lint', 'pending', false, null],
    ]);
  });

  test('more checks than fit on a page are read on', async () => {
    const bench = await stage();
    for (let i = 0; i < 230; i += 1) bench.shop.addCheckRun({ name: `check ${i}`, conclusion: 'success' });
    const deployment = bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    const { facts } = await observeOne(bench, about(deployment));
    expect(facts.checks.kind === 'known' && facts.checks.value.length).toBe(230);
    expect(bench.github.requests.count({ operation: 'CommitChecks' })).toBe(2);
  });

  test('pull requests are the open, the merged and the closed ones, with approvals of people who can write', async () => {
    const bench = await stage();
    const { shop } = bench;
    for (const login of ['alice', 'bob']) shop.addCollaborator(login, 'write');
    shop.addCollaborator('carol', 'read');
    const pull = shop.openPullRequest({ head: 'feature' });
    for (const user of ['alice', 'bob', 'carol']) pull.review({ user, state: 'APPROVED' });
    pull.review({ user: 'bob', state: 'CHANGES_REQUESTED' });
    const open = shop.createDeployment({ ref: 'feature', environment: 'production' });
    const closed = shop.openPullRequest({ head: 'other', base: 'main' });
    const abandoned = shop.createDeployment({ ref: 'other', environment: 'production' });
    closed.close();
    const seen = async ({ sha }: DeploymentHandle) => {
      const again = shop.createDeployment({ ref: sha, environment: 'production' });
      return value((await observeOne(bench, about(again))).facts.pullRequests);
    };
    expect(await seen(open)).toEqual([{ number: pull.number, state: 'open', base: 'main', approvals: 1 }]);
    expect(await seen(abandoned)).toEqual([{ number: closed.number, state: 'closed', base: 'main', approvals: 0 }]);
    pull.merge();
    expect(await seen(open)).toEqual([{ number: pull.number, state: 'merged', base: 'main', approvals: 1 }]);
  });

  test.each([false, true])('pull requests of a fork are none of the repository’s (private: %s)', async (isPrivate) => {
    const bench = await stage();
    const { shop } = bench;
    const fork = shop.fork('mallory');
    fork.setPrivate(isPrivate);
    const { sha } = shop.push({ branch: 'feature', files: { a: '1' } });
    fork.branch('feature', sha);
    const pull = fork.openPullRequest({ head: 'feature' });
    for (let i = 0; i < 101; i += 1) pull.review({ user: i === 0 ? 'mallory' : `friend-${i}`, state: 'APPROVED' });
    pull.merge();
    const deployment = shop.createDeployment({ ref: 'feature', environment: 'production' });
    expect(value((await observeOne(bench, about(deployment))).facts.pullRequests)).toEqual([]);
  });

  test.each<readonly [string, readonly (readonly [string, number])[], object | null]>([
    ['none', [], null],
    ['one without a status', [['none', 0]], { state: 'pending', succeededAt: null }],
    [
      'one that succeeded',
      [
        ['in_progress', 1],
        ['success', 2],
      ],
      { state: 'success', succeededAt: 2 },
    ],
    [
      'one that has said so twice',
      [
        ['success', 1],
        ['success', 5],
      ],
      { state: 'success', succeededAt: 1 },
    ],
    [
      'one that was made inactive since',
      [
        ['success', 1],
        ['inactive', 9],
      ],
      { state: 'inactive', succeededAt: 1 },
    ],
    [
      'one that failed',
      [
        ['in_progress', 1],
        ['failure', 2],
      ],
      { state: 'failure', succeededAt: null },
    ],
    [
      'one that failed after it had succeeded',
      [
        ['success', 1],
        ['failure', 2],
      ],
      { state: 'failure', succeededAt: null },
    ],
    [
      'one that is deployed again',
      [
        ['success', 1],
        ['in_progress', 2],
      ],
      { state: 'in_progress', succeededAt: null },
    ],
  ])('elsewhere there is %s', async (_, statuses, expected) => {
    const bench = await stage();
    const { shop, github } = bench;
    const start = github.clock.now().getTime();
    if (statuses.length > 0) {
      shop.createDeployment({ ref: 'main', environment: 'staging' }).setStatus('failure');
      const there = shop.createDeployment({ ref: 'main', environment: 'Staging' });
      for (const [state, at] of statuses) {
        if (state === 'none') continue;
        github.clock.advance(start + at * 1000 - github.clock.now().getTime());
        there.setStatus(state as 'success', { autoInactive: false });
      }
    }
    const deployment = shop.createDeployment({ ref: 'main', environment: 'production' });
    const { facts } = await observeOne(bench, about(deployment));
    const fact = facts.elsewhere.get('staging');
    const seen = fact?.kind === 'known' ? fact.value : fact;
    const relative =
      seen && 'succeededAt' in seen
        ? { state: seen.state, succeededAt: seen.succeededAt === null ? null : (seen.succeededAt - start) / 1000 }
        : seen;
    expect(relative).toEqual(expected);
  });

  test.each<readonly [string, (bench: Workbench) => string]>([
    ['nothing_active', ({ shop }) => shop.head('main').sha],
    [
      'same',
      ({ shop }) => {
        shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
        return shop.head('main').sha;
      },
    ],
    [
      'descendant',
      ({ shop }) => {
        shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
        return shop.push({ files: { a: '1' } }).sha;
      },
    ],
    [
      'ancestor',
      ({ shop }) => {
        const sha = shop.head('main').sha;
        shop.push({ files: { a: '1' } });
        shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
        return sha;
      },
    ],
    [
      'diverged',
      ({ shop }) => {
        const { sha } = shop.push({ branch: 'aside', files: { b: '1' } });
        shop.push({ files: { a: '1' } });
        shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
        return sha;
      },
    ],
    [
      'active_gone',
      ({ shop }) => {
        const { sha } = shop.push({ branch: 'aside', files: { b: '1' } });
        shop.createDeployment({ ref: 'aside', environment: 'production' }).setStatus('success');
        shop.deleteBranch('aside');
        shop.removeCommit(sha);
        return shop.head('main').sha;
      },
    ],
  ])('its commit may be %s to the active one', async (expected, make) => {
    const bench = await stage();
    const sha = make(bench);
    const deployment = bench.shop.createDeployment({ ref: sha, environment: 'production' });
    const { facts } = await observeOne(bench, about(deployment));
    expect(value(facts.ancestry)).toBe(expected);
  });

  test('it has succeeded here before, or it has not', async () => {
    const bench = await stage();
    const { shop } = bench;
    const first = shop.createDeployment({ ref: 'main', environment: 'production' });
    expect(value((await observeOne(bench, about(first))).facts.succeededHere)).toBe(false);
    first.setStatus('success');
    first.setStatus('inactive');
    const second = shop.createDeployment({ ref: 'main', environment: 'production' });
    expect(value((await observeOne(bench, about(second))).facts.succeededHere)).toBe(true);
  });

  test.each<readonly [string, (bench: Workbench) => string, readonly string[]]>([
    ['the head of a branch that matches', ({ shop }) => shop.head('main').sha, ['main']],
    [
      'a commit behind it',
      ({ shop }) => {
        const sha = shop.head('main').sha;
        shop.push({ files: { a: '1' } });
        return sha;
      },
      ['main'],
    ],
    [
      'one that only a branch of a pattern has',
      ({ shop }) => shop.push({ branch: 'release/1', files: { a: '1' } }).sha,
      ['release/1'],
    ],
    ['one that only another branch has', ({ shop }) => shop.push({ branch: 'feature', files: { a: '1' } }).sha, []],
  ])('a bare commit may be %s', async (_, make, expected) => {
    const bench = await stage();
    const deployment = bench.shop.createDeployment({ ref: make(bench), environment: 'production' });
    const { facts, ref } = await observeOne(bench, about(deployment));
    expect([ref.kind, value(facts.containedIn)]).toEqual(['commit', expected]);
  });

  test('a bare commit is looked for in a branch for each gate', async () => {
    const bench = await stage();
    const { sha } = bench.shop.push({ files: { a: '1' } });
    bench.shop.branch('release/1', sha);
    const asked = about(bench.shop.createDeployment({ ref: sha, environment: 'production' }));
    const needs = { ...EVERYTHING, branches: [['main'], ['release/*']] };
    const { facts } = await observeOne(bench, asked, { needs });
    expect(value(facts.containedIn)).toEqual(['main', 'release/1']);
  });

  test('members of teams are told apart from people whose logins only begin alike', async () => {
    const bench = await stage();
    bench.github.addTeam('acme', 'platform', ['bo'], {});
    const { sha } = bench.shop.push({ files: { a: '1' } });
    const by = async (creator: string) => {
      const deployment = bench.shop.createDeployment({ ref: sha, environment: 'production', creator });
      return value(
        (await observeOne(bench, about(deployment), { needs: { ...EVERYTHING, teams: ['sre', 'platform'] } })).facts
          .creatorTeams,
      );
    };
    expect(await by('bo')).toEqual(new Set(['platform']));
    expect(await by('bob')).toEqual(new Set(['sre']));
    expect(await by('octocat')).toEqual(new Set());
  });

  test('what no gate asks for is not asked', async () => {
    const bench = await stage();
    const deployment = bench.shop.createDeployment({ ref: 'main', environment: 'production' });
    bench.github.requests.reset();
    await observeOne(bench, about(deployment), { needs: NO_FACTS });
    expect(bench.github.requests.list().map(({ operation }) => operation)).toEqual(['GateFacts']);
  });
});

describe('what cannot be read', () => {
  type Break = (bench: Workbench) => void;
  const without =
    (permission: string): Break =>
    ({ installation }) => {
      const { [permission]: _gone, ...rest } = installation.permissions;
      installation.grant(rest);
    };
  const failing =
    (match: string): Break =>
    ({ github }) => {
      github.faults.add({ match, action: '403-permission', times: 10 });
    };
  const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}';

  /** Everything that a gate could ask for is there, and good. */
  async function allGood() {
    const bench = await stage();
    const { shop, github } = bench;
    shop.addCollaborator('bob', 'write');
    const pull = shop.openPullRequest({ head: 'feature' });
    pull.review({ user: 'bob', state: 'APPROVED' });
    const active = shop.createDeployment({ ref: 'main', environment: 'production' });
    active.setStatus('success');
    const { sha } = pull.merge();
    shop.addCheckRun({ name: 'build', sha, conclusion: 'success' });
    shop.createDeployment({ ref: 'main', sha, environment: 'staging' }).setStatus('success');
    shop.push({ files: { later: '1' } });
    github.clock.advance(60_000);
    const asked = shop.createDeployment({ ref: sha, environment: 'production', creator: 'alice' });
    return { bench, asked: about(asked) };
  }

  async function verdicts({ bench, asked }: Awaited<ReturnType<typeof allGood>>, gate: string): Promise<string> {
    const by = policy(`gates: [${gate}]`);
    const { snapshot } = await observe(bench, { candidates: [asked], needs: neededFacts(by) });
    const now = bench.github.clock.now().getTime();
    return [...decideGates({ snapshot, policy: by, now }).values()].map(({ verdict }) => verdict).join();
  }

  test.each<readonly [string, string, Break]>([
    ['{ checks: [build] }', 'checks', without('checks')],
    ['{ checks: [build] }', 'statuses', without('statuses')],
    ['{ pull_request: { approvals: 1 } }', 'pull requests', without('pull_requests')],
    ['{ creator: { teams: [deployers] } }', 'members', without('members')],
    ['{ creator: { teams: [deployers] } }', 'the second request', failing('GateFollowUp')],
    ['{ ref: [main] }', 'branches', failing('GateFollowUp')],
    ['{ ref: [main] }', 'comparisons', failing(COMPARE)],
    ['{ forward_only: true }', 'comparisons', failing(COMPARE)],
    ['{ forward_only: true }', 'contents', without('contents')],
    ['{ succeeded_in: { environment: staging } }', 'contents', without('contents')],
    ['{ checks: [build] }', 'contents', without('contents')],
    ['{ pull_request: { base: main } }', 'contents', without('contents')],
  ])('makes %s wait: without %s nothing is let through, and nothing rejected', async (gate, _, breakIt) => {
    const good = await allGood();
    expect(await verdicts(good, gate)).toBe('approved');
    breakIt(good.bench);
    expect(await verdicts(good, gate)).toBe('waiting');
  });

  test.each<readonly [string, Break]>([
    ['deployments', without('deployments')],
    [
      'the repository, for a moment',
      ({ github }) =>
        void github.faults.add({
          match: 'GateFacts',
          action: 'graphql-partial',
          fails: (alias) => alias === 'repository',
          times: 10,
        }),
    ],
    ['anything', failing('GateFacts')],
  ])('lets nobody through where %s cannot be read', async (_, breakIt) => {
    const good = await allGood();
    breakIt(good.bench);
    const seen = await verdicts(good, '{ max_in_progress: 1 }').catch((error: unknown) => error);
    expect(seen instanceof GitHubError ? 'nothing' : seen).toMatch(/^(?:|nothing|waiting)$/);
  });

  test('is never taken for a repository or a deployment that is gone', async () => {
    const good = await allGood();
    without('deployments')(good.bench);
    await expect(observe(good.bench, { candidates: [good.asked] })).rejects.toThrow(GitHubError);
  });
});

describe('an environment with a long past', () => {
  async function long(count: number, days: number): Promise<Workbench> {
    const bench = await stage();
    const { shop, github } = bench;
    shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('in_progress');
    for (let i = 0; i < count; i += 1) {
      github.clock.advance((days * 86_400_000) / count);
      shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success', { autoInactive: false });
    }
    return bench;
  }
  const standing = ({ snapshot }: ObservedGates) =>
    snapshot.standing.kind === 'known' ? snapshot.standing.value.length : -1;

  test.each([
    ['is read as far back as anything may stand', { count: 250, days: 10 }, [251, 3]],
    ['is not read back to what was abandoned long ago', { count: 250, days: 250 }, [100, 1]],
  ])('%s', async (_, { count, days }, expected) => {
    const bench = await long(count, days);
    bench.github.requests.reset();
    const stood = standing(await observe(bench, {}));
    expect([stood, bench.github.requests.count({ operation: 'GateFacts' })]).toEqual(expected);
  });

  test('is not read beyond where everything is known to have ended', async () => {
    const bench = await long(150, 5);
    for (const one of bench.shop.deployments()) one.setStatus('inactive');
    bench.github.clock.advance(60_000);
    const { settledBefore } = await observe(bench, {});
    bench.github.requests.reset();
    await observe(bench, { settledBefore });
    expect(bench.github.requests.count({ operation: 'GateFacts' })).toBe(1);
  });
});
