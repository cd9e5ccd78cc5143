import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deploymentId } from '../../src/github/trusted.ts';
import type { Subject } from '../../src/jobs/job.ts';
import type { Outcome } from '../../src/webhooks/outcome.ts';
import { eventLabel, readers, readEvents, type ReadEvent } from '../../src/webhooks/readers.ts';
import { deployment, place, repository } from './payloads.ts';

const APP_ID = 99;

function read(event: ReadEvent, payload: unknown): Outcome {
  return readers[event](payload, { appId: APP_ID, apiUrl: 'https://api.github.com' });
}

function jobs(outcome: Outcome) {
  return outcome.kind === 'jobs' ? outcome.jobs : outcome;
}

function environmentJob(environment: string, reason: string, about?: readonly Subject[]): object {
  const scope = { kind: 'environment', environment };
  return { installation: 5, repository, scope, reason, ...(about === undefined ? {} : { about }) };
}

const aboutDeployment = [{ kind: 'deployment', id: 11, createdAt: '2026-03-02T09:00:00Z' }] as never;

describe('deployment', () => {
  test('a new deployment has its environment looked at', () => {
    const outcome = read('deployment', { ...place, action: 'created', deployment });
    expect(jobs(outcome)).toEqual([environmentJob('review/one', 'deployment.created', aboutDeployment)]);
    expect(outcome).toMatchObject({ environments: ['Review/One'] });
  });
});

describe('deployment_status', () => {
  const status = (more: object = {}, of: object = {}): object => ({
    ...place,
    action: 'created',
    deployment: { ...deployment, ...of },
    deployment_status: { environment: 'Review/One', performed_via_github_app: null, ...more },
  });

  test('a new status has its environment looked at', () => {
    expect(jobs(read('deployment_status', status()))).toEqual([
      environmentJob('review/one', 'deployment_status.created', aboutDeployment),
    ]);
  });

  test('a status that moves its deployment has both environments looked at', () => {
    const outcome = read('deployment_status', status({ environment: 'staging' }, { environment: 'Staging' }));
    expect(jobs(outcome)).toEqual([
      environmentJob('staging', 'deployment_status.created', aboutDeployment),
      environmentJob('review/one', 'deployment_status.created', aboutDeployment),
    ]);
    expect(outcome).toMatchObject({ environments: ['staging', 'Staging', 'Review/One'] });
  });

  test("this app's own status needs no look, another app's does", () => {
    expect(read('deployment_status', status({ performed_via_github_app: { id: APP_ID } }))).toMatchObject({
      kind: 'ignored',
    });
    expect(read('deployment_status', status({ performed_via_github_app: { id: 1 } }))).toMatchObject({ kind: 'jobs' });
  });

  test('an older server that says neither environment nor app is understood', () => {
    const { action, deployment: of } = { action: 'created', deployment };
    expect(read('deployment_status', { ...place, action, deployment: of, deployment_status: {} })).toMatchObject({
      kind: 'jobs',
    });
  });
});

describe('pull_request', () => {
  const pullRequest = (
    action: string,
    head: object = { ref: 'feature', repo: { id: 7 } },
    base = 'release',
  ): object => ({
    ...place,
    action,
    pull_request: { number: 3, head, base: { ref: base } },
  });

  test.each(['closed', 'reopened', 'labeled', 'unlabeled', 'synchronize'])(
    '%s has its deployments looked at',
    (action) => {
      expect(jobs(read('pull_request', pullRequest(action)))).toEqual([
        {
          installation: 5,
          repository,
          scope: { kind: 'repository' },
          reason: `pull_request.${action}`,
          about: [{ kind: 'pull_request', number: 3, headRef: 'feature' }],
        },
      ]);
    },
  );

  test.each(['opened', 'reopened', 'synchronize', 'ready_for_review'])(
    '%s has the policy looked at that it proposes for the default branch',
    (action) => {
      const proposed = jobs(read('pull_request', pullRequest(action, undefined, 'main')));
      expect(proposed).toContainEqual({
        installation: 5,
        repository,
        scope: { kind: 'policy', pullRequest: 3 },
        reason: `pull_request.${action}`,
      });
    },
  );

  test('an edit proposes another policy only where it gives the pull request another base', () => {
    const edited = (changes: object) => ({ ...pullRequest('edited', undefined, 'main'), changes });
    expect(jobs(read('pull_request', edited({ base: { ref: { from: 'release' } } })))).toMatchObject([
      { scope: { kind: 'policy', pullRequest: 3 } },
      { scope: { kind: 'repository' } },
    ]);
    expect(read('pull_request', edited({ title: { from: 'x' } }))).toMatchObject({ kind: 'ignored' });
  });

  test.each(['edited', 'assigned'])('%s against another branch needs no look', (action) => {
    expect(read('pull_request', pullRequest(action))).toMatchObject({ kind: 'ignored' });
  });

  test.each<[string, object]>([
    ['opened', {}],
    ['edited', { changes: { base: { ref: { from: 'release' } } } }],
  ])('%s may be what a gate waits for', (action, more) => {
    expect(jobs(read('pull_request', { ...pullRequest(action), ...more }))).toMatchObject([
      { scope: { kind: 'repository' }, about: [{ kind: 'review', pullRequest: 3 }] },
    ]);
  });

  test.each([
    ['a fork', { ref: 'main', repo: { id: 8 } }],
    ['a fork that has been deleted', { ref: 'main', repo: null }],
  ])('the branch of %s is not taken for one of this repository', (_name, head) => {
    expect(jobs(read('pull_request', pullRequest('closed', head)))).toMatchObject([{ about: [{ headRef: null }] }]);
  });
});

const SHA = 'a'.repeat(40);

describe('check_run', () => {
  const run = (action: string, more: object = {}, app = 1): object => ({
    ...place,
    action,
    check_run: { name: 'build', head_sha: SHA, app: { id: app }, ...more },
    sender: { login: 'alice' },
  });
  const pressed = (identifier: string, name = 'Lockkeeper / Production'): object => ({
    ...run('requested_action', { name, external_id: 'gates:1' }, APP_ID),
    requested_action: { identifier },
  });

  test('a check that has ended wakes what waits for its commit', () => {
    expect(jobs(read('check_run', run('completed')))).toEqual([
      {
        installation: 5,
        repository,
        scope: { kind: 'repository' },
        reason: 'check_run.completed',
        about: [{ kind: 'commit', sha: SHA }],
      },
    ]);
  });

  test.each(['created', 'rerequested', 'requested_action'])("%s of another app's needs no look", (action) => {
    expect(read('check_run', run(action))).toMatchObject({ kind: 'ignored' });
  });

  test.each(['created', 'completed'])("%s of this app's own needs no look", (action) => {
    expect(read('check_run', run(action, { name: 'Lockkeeper / production' }, APP_ID))).toMatchObject({
      kind: 'ignored',
    });
  });

  test.each(['reevaluate', 'bypass'])('the button %s has its environment looked at, with who pressed it', (button) => {
    expect(jobs(read('check_run', pressed(button)))).toEqual([
      {
        ...environmentJob('production', 'check_run.requested_action', [{ kind: 'commit', sha: SHA }]),
        presses: [{ button, by: 'alice', sha: SHA, id: expect.stringMatching(/^[0-9a-f]{16}$/) }],
      },
    ]);
  });

  test('a press is the same in each delivery of it, and another by somebody else or once the run was written again', () => {
    const idOf = (more: object, login = 'alice', button = 'bypass'): unknown => {
      const payload = {
        ...run('requested_action', { name: 'Lockkeeper / production', id: 7, ...more }, APP_ID),
        requested_action: { identifier: button },
        sender: { login },
      };
      const outcome = read('check_run', payload);
      return outcome.kind === 'jobs' ? outcome.jobs[0]?.presses?.[0]?.id : outcome;
    };
    const written = { external_id: 'gates:a', completed_at: '2026-03-02T09:00:00Z' };
    expect(idOf(written)).toBe(idOf(written));
    const all = [
      idOf(written),
      idOf({ ...written, external_id: 'gates:b' }),
      idOf({ ...written, completed_at: '2026-03-02T09:00:01Z' }),
      idOf({ ...written, id: 8 }),
      idOf(written, 'bob'),
      idOf(written, 'alice', 'reevaluate'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('a run of ours that is to be run again is re-evaluated', () => {
    const again = run('rerequested', { name: 'Lockkeeper / production', external_id: 'gates:1' }, APP_ID);
    expect(jobs(read('check_run', again))).toMatchObject([{ presses: [{ button: 'reevaluate', by: 'alice' }] }]);
  });

  test.each<[string, object]>([
    ['of another name', pressed('delete')],
    ['of a run that is about no environment', pressed('bypass', 'Lockkeeper')],
    ['of a report about a policy', run('rerequested', { name: 'Lockkeeper / policy', external_id: '1' }, APP_ID)],
    ['of an environment that cannot be', pressed('bypass', 'Lockkeeper / ..')],
    ['by nobody', { ...pressed('bypass'), sender: null }],
    ['by somebody with an odd login', { ...pressed('bypass'), sender: { login: 'a/../b' } }],
  ])('a button %s is ignored', (_name, payload) => {
    expect(read('check_run', payload)).toMatchObject({ kind: 'ignored' });
  });
});

describe('status, workflow_run and pull_request_review', () => {
  test.each<[ReadEvent, object, Subject]>([
    ['status', { sha: SHA }, { kind: 'commit', sha: SHA }],
    ['workflow_run', { action: 'completed', workflow_run: { head_sha: SHA } }, { kind: 'commit', sha: SHA }],
    ['pull_request_review', { action: 'submitted', pull_request: { number: 3 } }, { kind: 'review', pullRequest: 3 }],
    ['pull_request_review', { action: 'dismissed', pull_request: { number: 3 } }, { kind: 'review', pullRequest: 3 }],
  ])('%s wakes what waits for it', (event, payload, subject) => {
    expect(jobs(read(event, { ...place, ...payload }))).toMatchObject([
      { scope: { kind: 'repository' }, about: [subject] },
    ]);
  });

  test.each<[ReadEvent, object]>([
    ['status', { sha: 'main' }],
    ['workflow_run', { action: 'requested', workflow_run: { head_sha: SHA } }],
    ['pull_request_review', { action: 'edited', pull_request: { number: 3 } }],
  ])('%s that changes nothing for a gate is ignored', (event, payload) => {
    expect(read(event, { ...place, ...payload })).toMatchObject({ kind: 'ignored' });
  });
});

describe('deployment_protection_rule', () => {
  const API = 'https://api.github.com';
  const PATH = '/repos/acme/shop/actions/runs/42/deployment_protection_rule';
  const rule = (more: object = {}): object => ({
    ...place,
    action: 'requested',
    environment: 'Production',
    deployment_callback_url: `${API}${PATH}`,
    deployment: null,
    ...more,
  });

  test('a run that asks has its environment looked at; its deployment may be null', () => {
    const waiting = { kind: 'waiting_run', run: 42, environment: 'Production' } as const;
    const reason = 'deployment_protection_rule.requested';
    expect(jobs(read('deployment_protection_rule', rule()))).toEqual([environmentJob('production', reason, [waiting])]);
    const named = { ...waiting, deployment: deploymentId(deployment.id), createdAt: deployment.created_at };
    expect(jobs(read('deployment_protection_rule', rule({ deployment })))).toEqual([
      environmentJob('production', reason, [named, ...aboutDeployment]),
    ]);
  });

  test.each([
    ['another host', `https://evil.example${PATH}`],
    ['another host behind a user', `https://api.github.com@evil.example${PATH}`],
    ['a user', `https://token@api.github.com${PATH}`],
    ['another scheme', `http://api.github.com${PATH}`],
    ['another port', `https://api.github.com:8443${PATH}`],
    ['another repository', `${API}/repos/acme/other/actions/runs/42/deployment_protection_rule`],
    ['another owner', `${API}/repos/evil/shop/actions/runs/42/deployment_protection_rule`],
    ['another path', `${API}/repos/acme/shop/actions/runs/42/cancel`],
    ['a way back', `${API}/repos/acme/shop/actions/runs/42/deployment_protection_rule/../cancel`],
    ['a longer path', `${API}/x${PATH}`],
    ['a query', `${API}${PATH}?x=1`],
    ['a fragment', `${API}${PATH}#x`],
    ['no number', `${API}/repos/acme/shop/actions/runs/0x2a/deployment_protection_rule`],
    ['run zero', `${API}/repos/acme/shop/actions/runs/0/deployment_protection_rule`],
    ['no address', 'run 42'],
  ])('a callback of %s is ignored', (_name, address) => {
    const outcome = read('deployment_protection_rule', rule({ deployment_callback_url: address }));
    expect(outcome).toEqual({ kind: 'ignored', reason: 'its callback is not one of this repository' });
  });

  test('the callback of an Enterprise Server is known by its API', () => {
    const outcome = readers.deployment_protection_rule(
      rule({ deployment_callback_url: `https://ghe.example/api/v3${PATH}` }),
      { appId: APP_ID, apiUrl: 'https://ghe.example/api/v3' },
    );
    expect(outcome.kind).toBe('jobs');
  });
});

describe('delete', () => {
  test.each(['branch', 'tag'])('a %s that is gone has its deployments looked at', (ref_type) => {
    expect(jobs(read('delete', { ...place, ref: 'feature/x', ref_type }))).toMatchObject([
      { scope: { kind: 'repository' }, reason: 'delete', about: [{ kind: 'ref', ref: 'feature/x' }] },
    ]);
  });
});

describe('push', () => {
  const POLICY = '.github/deployments.yml';
  const commit = (more: object = {}): object => ({ added: [], modified: ['README.md'], removed: [], ...more });
  const push = (more: object): object => ({ ...place, ref: 'refs/heads/main', commits: [commit()], ...more });

  test.each<[string, object]>([
    ['adds the policy', { commits: [commit(), commit({ added: [POLICY] })] }],
    ['changes it', { commits: [commit({ modified: [POLICY] })] }],
    ['takes it away', { commits: [commit({ removed: [POLICY] })] }],
    ['is forced, and may have taken commits away', { forced: true }],
    ['brings more commits than are shown', { commits: Array.from({ length: 20 }, () => commit()) }],
    ['shows no commits', { commits: [] }],
  ])('a push to the default branch that %s has the policy looked at', (_name, more) => {
    expect(jobs(read('push', push(more)))).toEqual([
      { installation: 5, repository, scope: { kind: 'policy' }, reason: 'push' },
    ]);
  });

  test.each<[string, object]>([
    ['leaves the policy alone', {}],
    ['touches a file of a similar name', { commits: [commit({ added: [`docs/${POLICY}`] })] }],
    ['goes to another branch', { ref: 'refs/heads/feature', commits: [commit({ added: [POLICY] })] }],
    ['is of a tag of the same name', { ref: 'refs/tags/main', commits: [commit({ added: [POLICY] })] }],
    ['deletes the branch', { deleted: true, commits: [] }],
  ])('a push that %s needs no look', (_name, more) => {
    expect(read('push', push(more))).toMatchObject({ kind: 'ignored' });
  });
});

describe('installation', () => {
  const { installation } = place;
  const repositories = [{ id: 7, full_name: 'acme/shop', name: 'shop', node_id: 'x', private: true }];

  test.each(['created', 'unsuspend', 'new_permissions_accepted'])('%s has its repositories looked at', (action) => {
    expect(read('installation', { installation, action, repositories })).toEqual({
      kind: 'jobs',
      jobs: [{ installation: 5, repository, scope: { kind: 'repository' }, reason: `installation.${action}` }],
      changed: 5,
    });
  });

  test('one that names no repositories has all of it looked at', () => {
    expect(read('installation', { installation, action: 'unsuspend' })).toEqual({
      kind: 'installation',
      installation: 5,
    });
  });

  test.each(['deleted', 'suspend'])('%s needs no look', (action) => {
    expect(read('installation', { installation, action, repositories })).toMatchObject({ kind: 'ignored' });
  });

  test('repositories that are added are looked at, those taken away are not', () => {
    const event = 'installation_repositories';
    const added = { installation, action: 'added', repositories_added: repositories, repositories_removed: [] };
    expect(jobs(read(event, added))).toMatchObject([{ repository, reason: 'installation_repositories.added' }]);
    expect(read(event, { installation, action: 'removed', repositories_removed: repositories })).toMatchObject({
      kind: 'ignored',
    });
  });
});

describe('repository', () => {
  test.each<[string, object]>([
    ['unarchived', {}],
    ['publicized', {}],
    ['transferred', {}],
    ['renamed', { changes: { repository: { name: { from: 'old' } } } }],
    ['edited', { changes: { default_branch: { from: 'master' } } }],
  ])('%s has it looked at', (action, more) => {
    expect(jobs(read('repository', { ...place, action, ...more }))).toEqual([
      { installation: 5, repository, scope: { kind: 'repository' }, reason: `repository.${action}` },
    ]);
  });

  test.each<[string, object]>([
    ['created', {}],
    ['archived', {}],
    ['edited', { changes: { description: { from: 'x' } } }],
  ])('%s needs no look', (action, more) => {
    expect(read('repository', { ...place, action, ...more })).toMatchObject({ kind: 'ignored' });
  });
});

describe('deploy_key', () => {
  test.each(['created', 'deleted'])('one that was %s has the deploy keys looked at', (action) => {
    expect(jobs(read('deploy_key', { ...place, action, key: { id: 1 } }))).toEqual([
      { installation: 5, repository, scope: { kind: 'deploy-keys' }, reason: `deploy_key.${action}` },
    ]);
  });
});

describe('any event', () => {
  const valid: Readonly<Record<ReadEvent, object>> = {
    check_run: { ...place, action: 'completed', check_run: { name: 'build', head_sha: SHA } },
    delete: { ...place, ref: 'x', ref_type: 'branch' },
    deploy_key: { ...place, action: 'created' },
    deployment: { ...place, action: 'created', deployment },
    deployment_protection_rule: {
      ...place,
      action: 'requested',
      environment: 'production',
      deployment_callback_url: 'https://api.github.com/repos/acme/shop/actions/runs/1/deployment_protection_rule',
    },
    deployment_status: { ...place, action: 'created', deployment, deployment_status: {} },
    installation: { ...place, action: 'created', repositories: [{ id: 1, full_name: 'a/b' }] },
    installation_repositories: { ...place, action: 'added', repositories_added: [{ id: 1, full_name: 'a/b' }] },
    pull_request: {
      ...place,
      action: 'closed',
      pull_request: { number: 1, head: { ref: 'x', repo: null }, base: { ref: 'x' } },
    },
    pull_request_review: { ...place, action: 'submitted', pull_request: { number: 1 } },
    push: { ...place, ref: 'refs/heads/main', commits: [] },
    repository: { ...place, action: 'renamed' },
    status: { ...place, sha: SHA },
    workflow_run: { ...place, action: 'completed', workflow_run: { head_sha: SHA } },
  };

  test('every reader is registered', () => {
    expect([...readEvents].sort()).toEqual(Object.keys(readers).sort());
  });

  test.each(readEvents)('%s asks for a look', (event) => {
    expect(read(event, valid[event])).toMatchObject({ kind: 'jobs' });
  });

  test.each(readEvents)('%s without an installation is ignored, with a reason', (event) => {
    const { installation: _installation, ...rest } = { ...place, ...valid[event] };
    expect(read(event, rest)).toEqual({ kind: 'ignored', reason: 'it names no installation' });
  });

  test.each(readEvents.filter((event) => !event.startsWith('installation')))(
    '%s of an archived repository is ignored',
    (event) => {
      const archived = { ...valid[event], repository: { ...place.repository, archived: true } };
      expect(read(event, archived)).toMatchObject({ kind: 'ignored' });
    },
  );

  test.each([
    ['an owner that is a path', { owner: { login: '../x' } }],
    ['a name that is a path', { name: 'shop/../other' }],
    ['a name of dots', { name: '..' }],
    ['an id that is no number', { id: '7' }],
    ['an id below one', { id: 0 }],
  ])('a repository with %s is not looked at', (_name, wrong) => {
    const payload = { ...valid.delete, repository: { ...place.repository, ...wrong } };
    expect(read('delete', payload)).toMatchObject({ kind: 'ignored' });
  });

  test('whatever arrives, no reader throws, and no reason repeats what was in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...readEvents), fc.anything(), (event, payload) => {
        expect(['ignored', 'jobs', 'installation']).toContain(read(event, payload).kind);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...readEvents), fc.string({ minLength: 8 }), (event, text) => {
        const outcome = read(event, { ...place, action: 'created', repository: { id: text, name: text } });
        if (outcome.kind === 'ignored') expect(outcome.reason).not.toContain(text);
      }),
    );
  });

  test('labels of metrics are bounded', () => {
    expect(['push', 'ping', 'star', 'anything'].map(eventLabel)).toEqual(['push', 'ping', 'other', 'other']);
  });
});
