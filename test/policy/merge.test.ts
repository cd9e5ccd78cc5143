import { matchEntry } from '../../src/policy/match.ts';
import { mergePolicies, type EffectivePolicy } from '../../src/policy/merge.ts';
import { sourceOf } from './source-of.ts';

function merge(organisation: string | null, repository: string | null, repositoryName = 'shop'): EffectivePolicy {
  const merged = mergePolicies({
    organisation: organisation === null ? null : sourceOf('org.yml', `version: 1\n${organisation}`),
    repository: repository === null ? null : sourceOf('repo.yml', `version: 1\n${repository}`),
    repositoryName,
  });
  if (merged === null) throw new Error('No file governs the repository');
  return merged;
}

const messages = ({ overruled }: EffectivePolicy): readonly string[] => overruled.map(({ message }) => message);

test('without any file a repository is left alone', () => {
  expect(mergePolicies({ organisation: null, repository: null, repositoryName: 'shop' })).toBeNull();
});

describe('an organisation’s file', () => {
  test('governs a repository that has none', () => {
    const policy = merge('environments: [{ name: production, gates: [{ max_in_progress: 1 }] }]', null);
    expect(matchEntry(policy, 'production')).toMatchObject({ name: 'production', own: false });
  });

  test.each([
    ['shop', true],
    ['Shop-EU', true],
    ['blog', false],
  ])('speaks of %s only where `repositories` says so: %s', (name, governs) => {
    const organisation = sourceOf('org.yml', 'version: 1\nrepositories: [SHOP, shop-*]');
    expect(mergePolicies({ organisation, repository: null, repositoryName: name }) !== null).toBe(governs);
  });

  test('never creates an environment; only names of the repository’s own do', () => {
    const policy = merge(
      'environments: [{ name: production }, { name: staging }]',
      'environments: [{ name: staging }]',
    );
    expect(policy.environments.map(({ name, own }) => [name, own])).toEqual([
      ['staging', true],
      ['production', false],
    ]);
  });
});

describe('a locked entry', () => {
  const locked = 'environments: [{ name: prod*, locked: true, gates: [{ max_in_progress: 1 }] }]';

  test('is matched before the repository’s entry of the exact name', () => {
    const policy = merge(locked, 'environments: [{ name: production, protection: { wait_timer: 1 } }]');
    expect(matchEntry(policy, 'production')).toMatchObject({ name: 'prod*', gates: [{ max_in_progress: 1 }] });
    expect(matchEntry(policy, 'production')).not.toHaveProperty('protection');
  });

  test('that takes an entry’s place is named in the report, with both places', () => {
    const { overruled } = merge(locked, 'environments:\n  - name: Production\n  - name: staging');
    expect(overruled).toHaveLength(1);
    expect(overruled[0]).toMatchObject({
      path: ['environments', 0],
      at: { file: 'repo.yml', line: 3, column: 5 },
      by: { file: 'org.yml', line: 2, column: 16 },
    });
  });

  test('that takes a whole pattern’s place is named too', () => {
    expect(messages(merge(locked, 'environments: [{ name: "prod-{eu,us}" }, { name: "p*" }]'))).toEqual([
      'The entry "prod-{eu,us}" does not count: the organisation has locked "prod*".',
    ]);
  });
});

describe('an unlocked entry of the same name', () => {
  const organisation = `
environments:
  - name: Production
    gates: [{ max_in_progress: 1 }]
    bypass: { teams: [sre] }
    lifecycle: { transient: false }`;

  test('is replaced key by key at its first level', () => {
    const policy = merge(
      organisation,
      'environments: [{ name: production, gates: [{ latest_only: true }], promote: { from: staging } }]',
    );
    expect(matchEntry(policy, 'production')).toMatchObject({
      name: 'production',
      own: true,
      gates: [{ latest_only: true }],
      bypass: { teams: ['sre'] },
      lifecycle: { transient: false },
      promote: { from: 'staging', after: 0 },
    });
    expect(policy.environments).toHaveLength(1);
  });

  test('remembers which part came from which file', () => {
    const policy = merge(organisation, 'environments:\n  - name: production\n    gates: [{ latest_only: true }]');
    expect(policy.originOf(['environments', 0, 'gates'])).toMatchObject({ file: 'repo.yml', line: 4 });
    expect(policy.originOf(['environments', 0, 'bypass', 'teams', 0])).toMatchObject({
      file: 'org.yml',
      line: 6,
      column: 23,
    });
    expect(policy.originOf(['environments', 0, 'bypass', 'freezes'])).toMatchObject({ file: 'org.yml', line: 6 });
  });

  test('makes the repository’s entry unusable where it is itself', () => {
    const policy = merge(
      'environments: [{ name: production, protection: { wait_timer: 50000 } }]',
      'environments: [{ name: production, gates: [{ max_in_progress: 1 }] }]',
    );
    const entry = matchEntry(policy, 'production');
    expect(entry?.unusable).toHaveLength(1);
    expect(entry).not.toHaveProperty('gates');
  });

  test('comes after the repository’s patterns where the names differ', () => {
    const policy = merge(organisation, 'environments: [{ name: "prod*", gates: [] }]');
    expect(matchEntry(policy, 'production')?.name).toBe('prod*');
  });
});

test('windows are those of the file that uses them', () => {
  const organisation = `
windows: [{ name: hours, from: "01:00", to: "02:00" }]
environments: [{ name: production, locked: true, gates: [{ windows: [hours] }] }]`;
  const repository = `
windows: [{ name: hours, from: "05:00", to: "06:00" }]
environments: [{ name: staging, gates: [{ windows: [hours] }] }]`;
  const policy = merge(organisation, repository);
  expect(matchEntry(policy, 'production')?.gates).toMatchObject([{ windows: [{ from: { hour: 1 } }] }]);
  expect(matchEntry(policy, 'staging')?.gates).toMatchObject([{ windows: [{ from: { hour: 5 } }] }]);
});

test('freezes add up, and each remembers its file', () => {
  const policy = merge('freezes: [{ name: a }]', 'freezes: [{ name: a }, { name: b }]');
  expect(policy.freezes.map(({ name }) => name)).toEqual(['a', 'a', 'b']);
  expect([0, 1, 2].map((index) => policy.originOf(['freezes', index])?.file)).toEqual([
    'org.yml',
    'repo.yml',
    'repo.yml',
  ]);
});

test.each([
  ['', '', 'enforce', 0],
  ['mode: report', '', 'report', 0],
  ['', 'mode: report', 'report', 0],
  ['mode: report', 'mode: enforce', 'report', 1],
  ['mode: enforce', 'mode: report', 'enforce', 1],
  ['mode: enforce', 'mode: enforce', 'enforce', 0],
])('the organisation’s %j and the repository’s %j make mode %s', (organisation, repository, mode, overruled) => {
  const policy = merge(organisation, repository);
  expect(policy.mode).toBe(mode);
  expect(policy.overruled).toHaveLength(overruled);
});

test.each([
  ['', '', 500, 0],
  ['limits: { inactivate: 300 }', '', 300, 0],
  ['limits: { inactivate: 900 }', '', 900, 0],
  ['', 'limits: { inactivate: 900 }', 900, 0],
  ['limits: { inactivate: 300 }', 'limits: { inactivate: 900 }', 300, 1],
  ['limits: { inactivate: 900 }', 'limits: { inactivate: 300 }', 300, 0],
])('the organisation’s %j and the repository’s %j make a limit of %d', (organisation, repository, limit, overruled) => {
  const policy = merge(organisation, repository);
  expect(policy.limits.inactivate).toBe(limit);
  expect(policy.overruled).toHaveLength(overruled);
});

test('of drift and check runs, the repository’s counts where it is written', () => {
  const organisation = 'drift: report\ncheck_runs: false';
  expect(merge(organisation, '')).toMatchObject({ drift: 'report', check_runs: false });
  expect(merge(organisation, 'drift: revert\ncheck_runs: true')).toMatchObject({ drift: 'revert', check_runs: true });
});

describe('deploy keys', () => {
  test('of reactions and ages, the stricter counts', () => {
    const policy = merge(
      'deploy_keys: { on_unknown: delete, max_age: 30d, unused_for: 90d }',
      'deploy_keys: { on_unknown: report, on_expired: delete, max_age: 60d, unused_for: 10d }',
    );
    expect(policy.deploy_keys).toMatchObject({
      on_unknown: 'delete',
      on_expired: 'delete',
      on_write_access: 'report',
      max_age: 30 * 86_400_000,
      unused_for: 10 * 86_400_000,
    });
    expect(messages(policy)).toEqual([
      '`deploy_keys.on_unknown` does not count: the organisation’s is stricter.',
      '`deploy_keys.max_age` does not count: the organisation’s is stricter.',
    ]);
    expect(policy.originOf(['deploy_keys', 'unused_for'])?.file).toBe('repo.yml');
    expect(policy.originOf(['deploy_keys', 'max_age'])?.file).toBe('org.yml');
  });

  test('that are allowed add up, and only the repository’s are created', () => {
    const policy = merge('deploy_keys: { allow: [{ title: a }] }', 'deploy_keys: { allow: [{ title: b }] }');
    expect(policy.deploy_keys?.allow.map(({ title, own }) => [title, own])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  test('that can write are not allowed where the organisation deletes such keys', () => {
    const policy = merge(
      'deploy_keys: { on_write_access: delete }',
      'deploy_keys: { allow: [{ title: mirror, read_only: false }, { title: reader }] }',
    );
    expect(policy.deploy_keys?.allow.map(({ title }) => title)).toEqual(['reader']);
    expect(messages(policy)).toEqual([
      'The allowed key "mirror" does not count: the organisation deletes keys that can write.',
    ]);
  });

  test('that both files allow may write only where both say so', () => {
    const policy = merge(
      'deploy_keys: { allow: [{ title: a, key: ssh-ed25519 AAAA one }] }',
      'deploy_keys: { allow: [{ title: b, key: ssh-ed25519 AAAA two, read_only: false }] }',
    );
    expect(policy.deploy_keys?.allow).toMatchObject([{ title: 'b', read_only: true, own: true }]);
  });

  test('of an organisation’s file govern a repository that says nothing of them', () => {
    expect(merge('deploy_keys: { on_unknown: delete }', '').deploy_keys?.on_unknown).toBe('delete');
    expect(merge('', 'deploy_keys: { on_unknown: delete }').deploy_keys?.on_unknown).toBe('delete');
  });
});

test('what no file says has no origin', () => {
  const policy = merge(null, 'mode: report');
  expect(policy.originOf(['mode'])).toMatchObject({ file: 'repo.yml', line: 2, column: 7 });
  expect(policy.originOf(['drift'])).toBeNull();
});
