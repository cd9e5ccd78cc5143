import { describe, expect, test } from '@jest/globals';
import type { DeploymentState } from '../../src/changes/change.ts';
import { decideLifecycle } from '../../src/lifecycle/decide.ts';
import type { GovernedBy } from '../../src/lifecycle/governed-by.ts';
import type { LifecycleSnapshot } from '../../src/lifecycle/snapshot.ts';
import { DAY, HOUR, MINUTE, NOW, OFF, deployment, pullRequest, snapshot, type Given } from './case.ts';

/** `id rule→state` a change, in order. */
function decided(deployments: readonly Given[], by: Partial<GovernedBy>, more: Partial<LifecycleSnapshot> = {}) {
  const decision = decideLifecycle({
    snapshot: snapshot(
      deployments.map((given, i) => deployment({ id: i + 1, ...given })),
      more,
    ),
    by: { ...OFF, ...by },
    now: NOW,
  });
  return decision.changes.map((change) => {
    switch (change.kind) {
      case 'deployment_status':
        return `${change.deployment.id} ${change.rule}→${change.state}`;
      case 'delete_deployment':
        return `${change.deployment.id} deleted`;
      case 'delete_environment':
        return `${change.environment} deleted`;
      case 'check_run':
        return change.run.name;
      default:
        return change.kind;
    }
  });
}

type Case = readonly [
  title: string,
  deployments: readonly Given[],
  by: Partial<GovernedBy>,
  expected: readonly string[],
];

const closed = [pullRequest(7, 'closed')];
const open = [pullRequest(7, 'open')];
const gone = { kind: 'named', name: 'feature', gone: true } as const;

const TABLES: Readonly<Record<string, readonly Case[]>> = {
  'inactivate_on: pull_request_closed': [
    [
      'ends what is active',
      [{ pullRequests: closed }],
      { onPullRequestClosed: true },
      ['1 pull_request_closed→inactive'],
    ],
    ['is off unless it is named', [{ pullRequests: closed }], {}, []],
    ['leaves what has an open pull request', [{ pullRequests: open }], { onPullRequestClosed: true }, []],
    [
      'leaves what has an open one among closed ones',
      [{ pullRequests: [...closed, pullRequest(8, 'open')] }],
      { onPullRequestClosed: true },
      [],
    ],
    ['leaves what belongs to no pull request', [{ pullRequests: [] }], { onPullRequestClosed: true }, []],
    ['leaves what could not be read', [{ pullRequests: null }], { onPullRequestClosed: true }, []],
    [
      'ends a build that succeeded after the closing',
      [{ pullRequests: closed, status: 0 }],
      { onPullRequestClosed: true },
      ['1 pull_request_closed→inactive'],
    ],
    ...(['queued', 'pending', 'in_progress', 'waiting'] as const).flatMap((state): readonly Case[] => [
      [
        `leaves what is ${state} and was heard of within the hour`,
        [{ state, pullRequests: closed, status: 59 * MINUTE }],
        { onPullRequestClosed: true },
        [],
      ],
      [
        `ends what is ${state} and silent for an hour`,
        [{ state, pullRequests: closed, status: HOUR }],
        { onPullRequestClosed: true },
        ['1 pull_request_closed→inactive'],
      ],
    ]),
    [
      'counts silence from the creation where there is no status',
      [{ state: 'pending', pullRequests: closed, created: 2 * HOUR, status: null }],
      { onPullRequestClosed: true },
      ['1 pull_request_closed→inactive'],
    ],
  ],
  'inactivate_on: ref_deleted': [
    ['ends what is active', [{ ref: gone }], { onRefDeleted: true }, ['1 ref_deleted→inactive']],
    ['is off unless it is named', [{ ref: gone }], {}, []],
    ['leaves what has its branch', [{}], { onRefDeleted: true }, []],
    ['leaves what GitHub was not asked about', [{ ref: { ...gone, gone: null } }], { onRefDeleted: true }, []],
    ['never speaks of commits', [{ ref: { kind: 'commit', name: 'a'.repeat(40) } }], { onRefDeleted: true }, []],
    [
      'never speaks of refs/pull',
      [{ ref: { kind: 'pull_request', name: 'refs/pull/7/merge', number: 7 } }],
      { onRefDeleted: true },
      [],
    ],
    [
      'ends what is in flight and silent for an hour',
      [{ state: 'in_progress', ref: gone, status: HOUR }],
      { onRefDeleted: true },
      ['1 ref_deleted→inactive'],
    ],
  ],
  inactivate_after: [
    ['ends what is older', [{ status: 15 * DAY }], { inactivateAfter: 14 * DAY }, ['1 inactivate_after→inactive']],
    ['leaves what is exactly as old', [{ status: 14 * DAY }], { inactivateAfter: 14 * DAY }, []],
    [
      'counts from the newest status, not from the creation',
      [{ created: 90 * DAY, status: 2 * DAY }],
      { inactivateAfter: 14 * DAY },
      [],
    ],
    [
      'a label on its pull request keeps it, in whatever case',
      [{ status: 15 * DAY, pullRequests: [pullRequest(7, 'open', ['Keep-Preview'])] }],
      { inactivateAfter: 14 * DAY, keepLabel: 'keep-preview' },
      [],
    ],
    [
      'another label does not',
      [{ status: 15 * DAY, pullRequests: [pullRequest(7, 'open', ['bug'])] }],
      { inactivateAfter: 14 * DAY, keepLabel: 'keep-preview' },
      ['1 inactivate_after→inactive'],
    ],
    [
      'labels that could not be read keep it',
      [{ status: 15 * DAY, pullRequests: [{ number: 7, open: true, labels: null }] }],
      { inactivateAfter: 14 * DAY, keepLabel: 'keep-preview' },
      [],
    ],
    [
      'the label keeps it from this rule alone',
      [{ status: 15 * DAY, pullRequests: [pullRequest(7, 'closed', ['keep-preview'])] }],
      { inactivateAfter: 14 * DAY, keepLabel: 'keep-preview', onPullRequestClosed: true },
      ['1 pull_request_closed→inactive'],
    ],
    [
      'takes what is in flight for so long',
      [{ state: 'queued', status: 15 * DAY }],
      { inactivateAfter: 14 * DAY },
      ['1 inactivate_after→inactive'],
    ],
  ],
  'one_active_per: environment': [
    [
      'ends what is older than the newest active one',
      [{ created: 3 * HOUR }, { created: 2 * HOUR }, { created: HOUR }],
      { oneActivePer: 'environment' },
      ['1 one_active_per→inactive', '2 one_active_per→inactive'],
    ],
    [
      'the newest is the newest by creation, not by status',
      [
        { created: 3 * HOUR, status: 0 },
        { created: 2 * HOUR, status: HOUR },
      ],
      { oneActivePer: 'environment' },
      ['1 one_active_per→inactive'],
    ],
    [
      'of the same second, the higher id is newer',
      [{ id: 9 }, { id: 10 }],
      { oneActivePer: 'environment' },
      ['9 one_active_per→inactive'],
    ],
    [
      'a newer one that has not succeeded ends nothing',
      [{ created: 2 * HOUR }, { created: HOUR, state: 'in_progress' }],
      { oneActivePer: 'environment' },
      [],
    ],
    [
      'a newer one that failed ends nothing',
      [{ created: 2 * HOUR }, { created: HOUR, state: 'failure' }],
      { oneActivePer: 'environment' },
      [],
    ],
    [
      'what is in flight is not superseded',
      [{ created: 2 * HOUR, state: 'in_progress', status: 2 * HOUR }, { created: HOUR }],
      { oneActivePer: 'environment' },
      [],
    ],
    [
      'the newest is found before any rule is applied: one that ends itself still supersedes',
      [{ created: 2 * HOUR }, { created: HOUR, pullRequests: closed }],
      { oneActivePer: 'environment', onPullRequestClosed: true },
      ['1 one_active_per→inactive', '2 pull_request_closed→inactive'],
    ],
    [
      'a deployment that is not transient supersedes nobody',
      [{ created: 2 * HOUR }, { created: HOUR, transient: false }],
      { oneActivePer: 'environment' },
      [],
    ],
  ],
  'one_active_per: ref': [
    [
      'each ref keeps its newest',
      [
        { created: 3 * HOUR },
        { created: 2 * HOUR, ref: { kind: 'named', name: 'other', gone: false } },
        { created: HOUR },
      ],
      { oneActivePer: 'ref' },
      ['1 one_active_per→inactive'],
    ],
  ],
  'one_active_per: pull_request': [
    [
      'each pull request keeps its newest, whatever it was deployed from',
      [
        { created: 4 * HOUR, pullRequests: open },
        { created: 3 * HOUR, pullRequests: [pullRequest(8, 'open')] },
        { created: 2 * HOUR, pullRequests: open, ref: { kind: 'commit', name: 'b'.repeat(40) } },
      ],
      { oneActivePer: 'pull_request' },
      ['1 one_active_per→inactive'],
    ],
    [
      'where there is no pull request, each ref keeps its newest',
      [{ created: 2 * HOUR }, { created: HOUR }, { created: MINUTE, pullRequests: open }],
      { oneActivePer: 'pull_request' },
      ['1 one_active_per→inactive'],
    ],
    [
      'one of two pull requests is enough',
      [
        { created: 2 * HOUR, pullRequests: [pullRequest(7, 'open'), pullRequest(8, 'open')] },
        { created: HOUR, pullRequests: [pullRequest(8, 'open')] },
      ],
      { oneActivePer: 'pull_request' },
      ['1 one_active_per→inactive'],
    ],
    [
      'what could not be read is in nobody’s way',
      [
        { created: 2 * HOUR, pullRequests: null },
        { created: HOUR, pullRequests: null },
      ],
      { oneActivePer: 'pull_request' },
      [],
    ],
  ],
  fail_stuck_after: [
    ...(['queued', 'pending', 'in_progress'] as const).map((state): Case => [
      `fails what is ${state} for longer`,
      [{ state, status: 3 * HOUR }],
      { failStuckAfter: 2 * HOUR },
      ['1 fail_stuck_after→error'],
    ]),
    ['leaves what is not so long', [{ state: 'queued', status: 2 * HOUR }], { failStuckAfter: 2 * HOUR }, []],
    ['leaves what waits for a gate', [{ state: 'waiting', status: DAY }], { failStuckAfter: 2 * HOUR }, []],
    [
      'leaves what waits for one though it says otherwise',
      [{ state: 'pending', status: DAY, waitsForGate: true }],
      { failStuckAfter: 2 * HOUR },
      [],
    ],
    [
      'leaves what may wait for one',
      [{ state: 'pending', status: DAY, waitsForGate: null }],
      { failStuckAfter: 2 * HOUR },
      [],
    ],
    ['leaves what is active', [{ status: DAY }], { failStuckAfter: 2 * HOUR }, []],
    [
      'a rule before it speaks first',
      [{ state: 'queued', status: 3 * HOUR, ref: gone }],
      { failStuckAfter: 2 * HOUR, onRefDeleted: true },
      ['1 ref_deleted→inactive'],
    ],
  ],
  'what is transient': [
    ['what its creator said', [{ ref: gone, transient: false }], { onRefDeleted: true }, []],
    [
      'or what the entry says',
      [{ ref: gone, transient: false }],
      { onRefDeleted: true, transient: true },
      ['1 ref_deleted→inactive'],
    ],
    [
      'a production deployment is not, though its creator and a pattern say so',
      [{ ref: gone, production: true }],
      { onRefDeleted: true, transient: true },
      [],
    ],
    [
      'a production deployment is, where the entry of that exact name says so',
      [{ ref: gone, production: true, transient: false }],
      { onRefDeleted: true, transient: true, exact: true },
      ['1 ref_deleted→inactive'],
    ],
    [
      'an exact name without transient: true is not enough',
      [{ ref: gone, production: true, transient: true }],
      { onRefDeleted: true, exact: true },
      [],
    ],
    [
      'what is not known is left alone',
      [{ ref: gone, production: null, transient: null }],
      { onRefDeleted: true, transient: true },
      [],
    ],
  ],
  delete: [
    [
      'deletes what ended longer ago',
      [
        { state: 'inactive', status: 31 * DAY },
        { state: 'failure', status: 31 * DAY },
        { state: 'error', status: 31 * DAY },
      ],
      { deleteAfter: 30 * DAY },
      ['1 deleted', '2 deleted', '3 deleted'],
    ],
    [
      'leaves what ended lately',
      [{ created: 90 * DAY, state: 'inactive', status: 30 * DAY }],
      { deleteAfter: 30 * DAY },
      [],
    ],
    [
      'leaves what has not ended',
      [{ status: 31 * DAY }, { state: 'queued', status: 31 * DAY }],
      { deleteAfter: 30 * DAY },
      [],
    ],
    [
      'keeps the newest, whatever their state',
      [
        { state: 'inactive', created: 40 * DAY },
        { state: 'inactive', created: 39 * DAY },
        { state: 'success', created: 38 * DAY },
      ],
      { deleteAfter: 30 * DAY, keep: 2 },
      ['1 deleted'],
    ],
    [
      'leaves what is not transient',
      [{ state: 'inactive', status: 31 * DAY, transient: false }],
      { deleteAfter: 30 * DAY },
      [],
    ],
    [
      'what ends now is not deleted in the same breath',
      [{ status: 31 * DAY, ref: gone }],
      { deleteAfter: 30 * DAY, onRefDeleted: true },
      ['1 ref_deleted→inactive'],
    ],
  ],
};

for (const [rule, cases] of Object.entries(TABLES)) {
  describe(rule, () => {
    test.each(cases)('%s', (_title, deployments, by, expected) => {
      expect(decided(deployments, by)).toEqual(expected);
    });
  });
}

describe('what has ended', () => {
  const everything: Partial<GovernedBy> = {
    transient: true,
    exact: true,
    oneActivePer: 'environment',
    onPullRequestClosed: true,
    onRefDeleted: true,
    inactivateAfter: HOUR,
    failStuckAfter: HOUR,
  };
  test.each<DeploymentState>(['inactive', 'failure', 'error'])('a deployment that is %s gets no status', (state) => {
    const old = { state, ref: gone, pullRequests: closed, status: 90 * DAY } as const;
    expect(decided([old, { created: HOUR }], everything)).not.toContainEqual(expect.stringMatching(/^1 /));
  });
});

describe('the environment itself', () => {
  const over: Given = { state: 'inactive', pullRequests: closed };
  const by = { deleteEnvironment: true };

  test('goes once all its deployments have ended and their pull request is gone', () => {
    expect(decided([over, over], by)).toEqual(['review/feature deleted']);
  });

  test('goes once its ref is gone', () => {
    expect(decided([{ state: 'failure', ref: gone }], by)).toEqual(['review/feature deleted']);
  });

  test.each<readonly [string, Parameters<typeof decided>]>([
    ['one deployment is active', [[over, { pullRequests: closed }], by]],
    ['one deployment is in flight', [[over, { state: 'queued', pullRequests: closed }], by]],
    ['the pull request of one is open', [[over, { state: 'inactive', pullRequests: open }], by]],
    ['nobody knows about one', [[over, { state: 'inactive', pullRequests: null }], by]],
    ['one is not transient', [[over, { ...over, transient: false }], by]],
    ['one is a production deployment', [[over, { ...over, production: true }], by]],
    ['it has no deployments', [[], by]],
    ['the entry is no pattern', [[over], { ...by, exact: true }]],
    ['the policy does not say so', [[over], {}]],
    ['it does not exist', [[over], by, { environmentName: null }]],
    ['not all deployments were listed', [[over], by, { complete: false }]],
    ['it has a secret', [[over], by, { guards: ['secrets'] }]],
    ['its guards could not be read', [[over], by, { guards: null }]],
  ])('stays while %s', (_title, args) => {
    expect(decided(...args)).toEqual([]);
  });

  test('says why it stays, where something guards it', () => {
    const guarded = snapshot([deployment(over)], { guards: ['secrets', 'variables'] });
    const { findings } = decideLifecycle({ snapshot: guarded, by: { ...OFF, ...by }, now: NOW });
    expect(findings).toMatchObject([
      { code: 'environment_guarded', message: expect.stringContaining('secrets, variables') as unknown as string },
    ]);
  });
});

describe('a status change', () => {
  const [change] = decideLifecycle({
    snapshot: snapshot([deployment({ id: 5, pullRequests: closed })]),
    by: { ...OFF, onPullRequestClosed: true, teardownWorkflow: 'teardown.yml' },
    now: NOW,
  }).changes;

  test('keeps the environment’s URL and names the rule', () => {
    expect(change).toMatchObject({
      state: 'inactive',
      environmentUrl: 'https://preview.example',
      logUrl: null,
      description: 'Pull request #7 is closed (inactivate_on: pull_request_closed)',
    });
  });

  test('expects the deployment as it was seen', () => {
    expect(change).toMatchObject({ expect: { state: 'success', status: 'DS_5' } });
  });

  test('asks for the teardown on the default branch, with what the workflow needs to know', () => {
    expect(change).toMatchObject({
      teardown: {
        workflow: 'teardown.yml',
        ref: 'main',
        inputs: {
          environment: 'review/feature',
          deployment_id: '5',
          ref: 'feature',
          sha: 'a'.repeat(40),
          reason: 'pull_request_closed',
        },
      },
    });
  });

  test('to error asks for no teardown', () => {
    const stuck = decideLifecycle({
      snapshot: snapshot([deployment({ state: 'queued', status: DAY })]),
      by: { ...OFF, failStuckAfter: HOUR, teardownWorkflow: 'teardown.yml' },
      now: NOW,
    });
    expect(stuck.changes).toMatchObject([{ state: 'error', teardown: null }]);
  });
});

test('what is not known about an open deployment is reported, not guessed', () => {
  const unknown = deployment({ id: 3, transient: null, production: null });
  const { changes, findings } = decideLifecycle({
    snapshot: snapshot([unknown]),
    by: { ...OFF, inactivateAfter: HOUR },
    now: NOW,
  });
  expect(changes).toEqual([]);
  expect(findings).toMatchObject([{ code: 'facts_missing', deployment: 3 }]);
});
