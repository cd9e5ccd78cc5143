import { matchEntry } from '../../src/policy/match.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { lifecycleOf } from '../../src/policy/schema.ts';
import { idleSections } from '../../src/policy/sections.ts';
import { policyOf } from './policy-of.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test('a file that says its version alone has all defaults', () => {
  expect(policyOf('version: 1')).toEqual({
    version: 1,
    mode: 'enforce',
    check_runs: true,
    environments: [],
    windows: [],
    freezes: [],
    drift: 'revert',
    limits: { inactivate: 500, delete: 100, keys: 5 },
  });
});

test('limits that are left out have their default beside those that are given', () => {
  expect(policyOf('version: 1\nlimits: { keys: 0 }').limits).toEqual({ inactivate: 500, delete: 100, keys: 0 });
});

test('durations become milliseconds, and what an entry leaves out stays out', () => {
  const policy = policyOf(`
version: 1
environments:
  - name: review/*
    lifecycle: { inactivate_after: 14d, fail_stuck_after: 2h, delete: { after: 1w } }
    promote: { from: staging }
    bypass: { users: [octocat] }`);
  expect(policy.environments).toEqual([
    {
      name: 'review/*',
      locked: false,
      lifecycle: {
        one_active_per: 'none',
        inactivate_on: [],
        inactivate_after: 14 * DAY,
        fail_stuck_after: 120 * MINUTE,
        delete: { after: 7 * DAY, keep: 0, environment: false },
      },
      promote: { from: 'staging', after: 0 },
      bypass: { teams: [], users: ['octocat'], freezes: false },
      unusable: [],
      rank: 0,
      own: true,
    },
  ]);
});

test('gates keep their order, and a windows gate holds the windows of its file', () => {
  const policy = policyOf(`
version: 1
environments:
  - name: production
    gates:
      - latest_only: true
      - windows: [hours]
      - forward_only: { rollback_by: { teams: [sre] } }
      - succeeded_in: { environment: staging }
      - pull_request: {}
windows: [{ name: hours, days: [mon], from: "22:00", to: "04:00" }]`);
  expect(policy.environments[0]?.gates).toEqual([
    { latest_only: true },
    {
      windows: [
        { name: 'hours', time_zone: 'UTC', days: ['mon'], from: { hour: 22, minute: 0 }, to: { hour: 4, minute: 0 } },
      ],
    },
    { forward_only: { rollback_by: { teams: ['sre'], users: [], apps: [] } } },
    { succeeded_in: { environment: 'staging', for: 0 } },
    { pull_request: { merged: false, approvals: 0 } },
  ]);
});

test('a window and a freeze that say little are open every day and in force for good', () => {
  const { windows, freezes } = policyOf('version: 1\nwindows: [{ name: w }]\nfreezes: [{}]');
  expect(windows[0]).toMatchObject({ from: { hour: 0, minute: 0 }, to: { hour: 24, minute: 0 } });
  expect(windows[0]?.days).toHaveLength(7);
  expect(freezes).toEqual([{ name: 'freeze', time_zone: 'UTC' }]);
});

test('an entry without a lifecycle has the default one', () => {
  const entry = matchEntry(policyOf('version: 1\nenvironments: [{ name: "**" }]'), 'any');
  expect(entry === null ? null : lifecycleOf(entry)).toEqual({
    one_active_per: 'pull_request',
    inactivate_on: ['pull_request_closed', 'ref_deleted'],
  });
});

test('anchors and aliases are read, and a byte order mark and CRLF are legal', () => {
  const policy = policyOf(
    '\uFEFFversion: 1\r\nenvironments:\r\n  - name: a\r\n    gates: &g [latest_only: true]\r\n  - name: b\r\n    gates: *g\r\n',
  );
  expect(policy.environments.map(({ gates }) => gates)).toEqual([[{ latest_only: true }], [{ latest_only: true }]]);
});

test('bytes are read as UTF-8', () => {
  const { policy } = parsePolicy(new TextEncoder().encode('version: 1\nenvironments: [{ name: Größe }]'));
  expect(policy?.environments[0]?.name).toBe('Größe');
});

describe('a value out of its range', () => {
  const text = `
version: 1
environments:
  - name: production
    protection: { wait_timer: 50000 }
    gates: [{ max_in_progress: 1 }]
    promote: { from: staging }
  - name: staging
    gates: [{ max_in_progress: 1 }]
  - name: "**"`;

  test('leaves the environments of its entry alone, and the others as they are', () => {
    const policy = policyOf(text);
    expect(matchEntry(policy, 'production')).toEqual({
      name: 'production',
      locked: false,
      lifecycle: { transient: false, one_active_per: 'none', inactivate_on: [] },
      unusable: ['`protection.wait_timer`: Write a number of at most 43200.'],
      rank: 0,
      own: true,
    });
    expect(matchEntry(policy, 'staging')).toMatchObject({ gates: [{ max_in_progress: 1 }], unusable: [] });
  });

  test('is an error all the same', () => {
    expect(parsePolicy(text).diagnostics).toMatchObject([{ severity: 'error', code: 'out-of-range', effect: 'entry' }]);
  });

  test.each([
    ['limits: { inactivate: -1 }'],
    ['windows: [{ name: w, time_zone: Nowhere }]'],
    ['freezes: [{ from: 2026-02-30T00:00 }]'],
    ['environments: [{ name: "" }]'],
  ])('outside of the entries’ rules keeps the whole file from being used: %s', (part) => {
    expect(parsePolicy(`version: 1\n${part}`)).toMatchObject({ policy: null, diagnostics: [{ effect: 'file' }] });
  });

  test('beside a wrong type does not save the file', () => {
    expect(parsePolicy(`${text}\n    gate: []`).policy).toBeNull();
  });
});

describe('the place of a value', () => {
  const { locate } = parsePolicy('version: 1\nenvironments:\n  - name: "a b"\n    gates: [latest_only: true]\n');
  test.each([
    [['environments', 0, 'name'], 'value', { line: 3, column: 11, endLine: 3, endColumn: 16 }],
    [['environments', 0, 'name'], 'key', { line: 3, column: 5, endLine: 3, endColumn: 9 }],
    [['environments', 0, 'gates', 0, 'latest_only'], 'value', { line: 4, column: 26, endLine: 4, endColumn: 30 }],
    [['environments', 0, 'gates'], 'value', { line: 4, column: 12, endLine: 4, endColumn: 31 }],
    [['environments', 1], 'value', null],
    [['mode'], 'key', null],
  ] as const)('%j (%s) is found where it is written', (path, at, expected) => {
    expect(locate(path, at)).toEqual(expected);
  });
});

test('what a build does not act on is named by its path', () => {
  const policy = policyOf(`
version: 1
environments: [{ name: a, lifecycle: {}, gates: [] }, { name: b, promote: { from: a } }]
freezes: [{}]
deploy_keys: {}`);
  const paths = idleSections(policy, new Set(['lifecycle', 'freezes'])).map(({ path }) => path.join('.'));
  expect(paths).toEqual(['environments.0.gates', 'environments.1.promote', 'deploy_keys']);
  expect(idleSections(policyOf('version: 1'), new Set())).toEqual([]);
});
