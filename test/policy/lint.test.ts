import { lintPolicy } from '../../src/policy/lint.ts';
import type { PolicyLevel } from '../../src/policy/lint/rule.ts';
import { sourceOf } from './source-of.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

/** The codes of the warnings, each with what it stands at. */
function warningsOf(text: string, level: PolicyLevel = null): readonly string[] {
  const { policy, locate } = sourceOf('deployments.yml', `version: 1\n${text}`);
  const lines = ['version: 1', ...text.split('\n')];
  return lintPolicy({ policy, locate, now: NOW, level }).map(({ severity, effect, code, line, column, endColumn }) => {
    expect([severity, effect]).toEqual(['warning', 'none']);
    return `${code} at ${lines[line - 1]?.slice(column - 1, endColumn - 1) ?? ''}`;
  });
}

describe('an entry', () => {
  test.each([
    [
      'after a pattern that matches all of it is unreachable',
      '[{ name: "*" }, { name: "pr-*" }]',
      'entry-unreachable at "pr-*"',
    ],
    [
      'after one that differs in case alone but is wider, too',
      '[{ name: "Review/**" }, { name: "review/pr-?" }]',
      'entry-unreachable at "review/pr-?"',
    ],
    ['before the wider pattern counts', '[{ name: "pr-*" }, { name: "*" }]', null],
    ['of an exact name counts, wherever it stands', '[{ name: "*" }, { name: production }]', null],
    ['that only overlaps counts', '[{ name: "a*" }, { name: "*b" }]', null],
  ])('%s', (_title, entries, odd) => {
    expect(warningsOf(`environments: ${entries}`)).toEqual(odd === null ? [] : [odd]);
  });
});

describe('a window', () => {
  const used = 'environments: [{ name: a, gates: [{ windows: [w] }] }]';
  test.each([
    ['without days never opens', `windows: [{ name: w, days: [] }]\n${used}`, 'window-never-opens at []'],
    ['that no gate names is unused', 'windows: [{ name: w }]', 'window-unused at w'],
  ])('%s', (_title, text, expected) => {
    expect(warningsOf(text)).toEqual([expected]);
  });

  test.each([
    ['that is used is fine', `windows: [{ name: w, from: "22:00", to: "04:00" }]\n${used}`],
    [
      'beside an unusable entry is not said to be unused',
      'windows: [{ name: w }]\nenvironments: [{ name: a, protection: { wait_timer: -1 } }]',
    ],
  ])('%s', (_title, text) => {
    expect(warningsOf(text)).toEqual([]);
  });
});

describe('a freeze', () => {
  test.each([
    ['that is over', '[{ to: 2026-06-01T12:00 }]', 'freeze-past at 2026-06-01T12:00'],
    [
      'that is over in its zone',
      '[{ to: 2026-06-01T13:00, time_zone: Europe/Berlin }]',
      'freeze-past at 2026-06-01T13:00',
    ],
    [
      'that ends before it begins',
      '[{ from: 2027-01-02T00:00, to: 2027-01-01T00:00 }]',
      'freeze-empty at 2027-01-01T00:00',
    ],
    ['that covers nothing', '[{ environments: [] }]', 'freeze-empty at []'],
  ])('%s is odd', (_title, freezes, expected) => {
    expect(warningsOf(`freezes: ${freezes}`)).toEqual([expected]);
  });

  test.each([
    ['that is still to come', '[{ from: 2027-01-01T00:00, to: 2027-01-02T00:00 }]'],
    ['without an end', '[{ from: 2020-01-01T00:00 }]'],
    ['that ends in a moment', '[{ to: 2026-06-01T14:00:01, time_zone: Europe/Berlin }]'],
  ])('%s is fine', (_title, freezes) => {
    expect(warningsOf(`freezes: ${freezes}`)).toEqual([]);
  });
});

describe('keys of an organisation’s file', () => {
  const text = 'repositories: [a]\nenvironments: [{ name: b, locked: false }]';
  test('are odd in a repository’s', () => {
    expect(warningsOf(text, 'repository')).toEqual([
      'organisation-only at repositories',
      'organisation-only at locked',
    ]);
  });

  test.each(['organisation', null] as const)('are fine in a file of the level %s', (level) => {
    expect(warningsOf(text, level)).toEqual([]);
  });
});

describe('an entry for', () => {
  test.each([
    ['creators that names nobody', 'gates: [{ creator: { teams: [] } }]', 'nobody at { teams: [] }'],
    ['rollbacks by nobody', 'gates: [{ forward_only: { rollback_by: {} } }]', 'nobody at {}'],
    ['a bypass by nobody', 'bypass: { freezes: true }', 'nobody at { freezes: true }'],
    ['no branch at all', 'protection: { deployment_branch_policy: [] }', 'nobody at []'],
    ['what has to succeed in itself', 'gates: [{ succeeded_in: { environment: PROD } }]', 'waits-for-itself at PROD'],
    ['what is promoted from itself', 'promote: { from: Prod }', 'waits-for-itself at Prod'],
    [
      'a lifecycle that is off and has rules',
      'lifecycle: { transient: false, one_active_per: ref }',
      'no-effect at transient',
    ],
    ['a label that exempts from nothing', 'lifecycle: { keep_label: keep }', 'no-effect at keep_label'],
    [
      'a teardown of what is never ended',
      'lifecycle: { on_inactive: { workflow: a.yml } }',
      'no-effect at on_inactive',
    ],
    ['a deletion of nothing', 'lifecycle: { delete: { keep: 5 } }', 'no-effect at delete'],
    ['a deletion of an exact environment', 'lifecycle: { delete: { environment: true } }', 'no-effect at environment'],
  ])('%s is odd', (_title, rules, expected) => {
    expect(warningsOf(`environments: [{ name: prod, ${rules} }]`)).toEqual([expected]);
  });

  test('a promotion into a pattern is odd', () => {
    expect(warningsOf('environments: [{ name: "a*", promote: { from: b } }]')).toEqual(['no-effect at promote']);
  });

  test('a bypass without check runs is odd', () => {
    expect(warningsOf('check_runs: false\nenvironments: [{ name: a, bypass: { users: [b] } }]')).toEqual([
      'no-effect at bypass',
    ]);
  });

  test.each([
    ['one who may', 'gates: [{ creator: { apps: [bot] } }], bypass: { users: [a] }'],
    ['a lifecycle that is off and nothing else', 'lifecycle: { transient: false }'],
    ['a label beside an age', 'lifecycle: { keep_label: keep, inactivate_after: 1d }'],
    ['another environment', 'gates: [{ succeeded_in: { environment: staging } }], promote: { from: staging }'],
    ['nothing', ''],
  ])('%s is fine', (_title, rules) => {
    expect(warningsOf(`environments: [{ name: prod${rules === '' ? '' : `, ${rules}`} }]`)).toEqual([]);
  });
});

describe('a public key', () => {
  const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
  test.each([
    ['that is whole is fine', `${ed25519} a comment`, false],
    ['that is cut off is odd', ed25519.slice(0, 40), true],
    ['of another type than it says is odd', ed25519.replace('ssh-ed25519', 'ssh-rsa'), true],
    ['of a type that GitHub does not take is odd', 'ssh-dss AAAAB3NzaC1kc3MAAACBAA==', true],
  ])('%s', (_title, key, odd) => {
    expect(warningsOf(`deploy_keys: { allow: [{ title: a, key: "${key}" }] }`)).toEqual(
      odd ? [`odd-public-key at "${key}"`] : [],
    );
  });
});

test('a file of many patterns that overlap is told of in bounded work', () => {
  const names = Array.from({ length: 160 }, (_, index) => `{ name: "**a${'{a,b}'.repeat(index % 20)}${index}*" }`);
  expect(Array.isArray(warningsOf(`environments: [${names.join(',')}]`))).toBe(true);
});
