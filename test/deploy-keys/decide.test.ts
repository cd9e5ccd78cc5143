import { describe, expect, test } from '@jest/globals';
import { keyOfChange, type ExistingKey } from '../../src/changes/deploy-key-change.ts';
import { decideDeployKeys } from '../../src/deploy-keys/decide.ts';
import type { KnownAllowedKey } from '../../src/deploy-keys/snapshot.ts';
import type { DeployKeys } from '../../src/policy/schema.ts';
import { DAY, entry, existing, NOW, REPORT } from './case.ts';

interface Case {
  readonly keys?: readonly ExistingKey[];
  readonly allowed?: readonly KnownAllowedKey[];
  readonly policy?: Partial<DeployKeys>;
  readonly forbidden?: boolean;
}

/** `sign title rule` a change, then the codes of the findings. */
function decided({ keys = [], allowed = [], policy = {}, forbidden = false }: Case): readonly string[] {
  const snapshot = { keys, allowed, forbidden };
  const { changes, findings } = decideDeployKeys({ snapshot, policy: { ...REPORT, ...policy }, now: NOW });
  const signs = { create_deploy_key: '+', recreate_deploy_key: '~', delete_deploy_key: '-' } as const;
  return [
    ...changes.map((change) => `${signs[change.kind]} ${keyOfChange(change).title} ${change.rule}`),
    ...findings.map(({ code }) => code),
  ];
}

const allDelete = { on_unknown: 'delete', on_write_access: 'delete', on_expired: 'delete' } as const;
const writes = { readOnly: false };
const old = { createdAt: NOW - 100 * DAY };
const titleOnly = { identity: null };

describe('an allowed key', () => {
  test.each<[string, Case, readonly string[]]>([
    ['is added where it is missing', { allowed: [entry('a')] }, ['+ a allowed_key_missing']],
    ['that is there needs nothing', { keys: [existing('a')], allowed: [entry('a')], policy: allDelete }, []],
    [
      'with another title is recreated',
      { keys: [existing('a', { title: 'b' })], allowed: [entry('a')] },
      ['~ a allowed_key_differs'],
    ],
    [
      'that can write and should not is recreated, whatever else applies',
      { keys: [existing('a', { ...writes, ...old })], allowed: [entry('a')], policy: { ...allDelete, max_age: DAY } },
      ['~ a allowed_key_differs'],
    ],
    [
      'that may write and cannot is recreated',
      { keys: [existing('a')], allowed: [entry('a', { read_only: false })] },
      ['~ a allowed_key_differs'],
    ],
    [
      'that expired is only reported',
      { keys: [existing('a', old)], allowed: [entry('a')], policy: { ...allDelete, max_age: 99 * DAY } },
      ['expired_deploy_key'],
    ],
    ['of the organisation’s is never added', { allowed: [entry('a', { own: false })] }, []],
    [
      'of the organisation’s is never recreated',
      { keys: [existing('a', { title: 'b' })], allowed: [entry('a', { own: false })], policy: allDelete },
      [],
    ],
    [
      'of the organisation’s that can write and should not is what the policy says of those',
      { keys: [existing('a', writes)], allowed: [entry('a', { own: false })], policy: { on_write_access: 'delete' } },
      ['- a on_write_access'],
    ],
    ['by title alone is never added', { allowed: [entry('a', titleOnly)] }, []],
    [
      'by title alone is any key of that title',
      { keys: [existing('x', { title: 'a' })], allowed: [entry('a', titleOnly)], policy: allDelete },
      [],
    ],
    [
      'by title alone is compared as written',
      { keys: [existing('x', { title: 'A' })], allowed: [entry('a', titleOnly)] },
      ['unknown_deploy_key'],
    ],
    [
      'by title alone that can write and should not is reported',
      { keys: [existing('a', writes)], allowed: [entry('a', titleOnly)] },
      ['writable_deploy_key'],
    ],
    [
      'with a key is not matched by its title',
      { keys: [existing('x', { title: 'a' })], allowed: [entry('a')] },
      ['+ a allowed_key_missing', 'unknown_deploy_key'],
    ],
    [
      'goes by its own entry before one of its title',
      { keys: [existing('a')], allowed: [entry('a', { ...titleOnly, read_only: false }), entry('a')] },
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(decided(given)).toEqual(expected);
  });
});

describe('a key that is not allowed', () => {
  test.each<[string, Case, readonly string[]]>([
    ['is reported', { keys: [existing('a')] }, ['unknown_deploy_key']],
    ['is deleted where the policy says so', { keys: [existing('a')], policy: allDelete }, ['- a on_unknown']],
    ['that can write is wrong twice', { keys: [existing('a', writes)] }, ['writable_deploy_key', 'unknown_deploy_key']],
    [
      'is deleted where one of the reactions is to delete',
      { keys: [existing('a', writes)], policy: { on_write_access: 'delete' } },
      ['- a on_write_access'],
    ],
    [
      'that cannot write is left by on_write_access',
      { keys: [existing('a')], policy: { on_write_access: 'delete' } },
      ['unknown_deploy_key'],
    ],
    [
      'that expired is deleted where the policy says so',
      { keys: [existing('a', old)], policy: { on_expired: 'delete', max_age: 99 * DAY } },
      ['- a on_expired'],
    ],
    [
      'has not expired on the day itself',
      { keys: [existing('a', old)], policy: { on_expired: 'delete', max_age: 100 * DAY, unused_for: 100 * DAY } },
      ['unknown_deploy_key'],
    ],
    [
      'never used counts from its creation',
      { keys: [existing('a', old)], policy: { on_expired: 'delete', unused_for: 99 * DAY } },
      ['- a on_expired'],
    ],
    [
      'used lately has not expired by use',
      {
        keys: [existing('a', { ...old, lastUsed: NOW - DAY })],
        policy: { on_expired: 'delete', unused_for: 99 * DAY },
      },
      ['unknown_deploy_key'],
    ],
    [
      'used lately has expired by age all the same',
      { keys: [existing('a', { ...old, lastUsed: NOW })], policy: { on_expired: 'delete', max_age: 99 * DAY } },
      ['- a on_expired'],
    ],
  ])('%s', (_, given, expected) => {
    expect(decided(given)).toEqual(expected);
  });
});

test('what is added comes before what is recreated, and that before what goes', () => {
  const keys = [existing('gone'), existing('b', { title: 'old' })];
  const all = decided({ keys, allowed: [entry('a'), entry('b')], policy: allDelete });
  expect(all.map((line) => line.slice(0, 1))).toEqual(['+', '~', '-']);
});

test('where the organisation forbids deploy keys, everything is a report', () => {
  const keys = [existing('gone'), existing('b', { title: 'old' })];
  const all = decided({ keys, allowed: [entry('a'), entry('b')], policy: allDelete, forbidden: true });
  expect(all).toEqual(['deploy_keys_forbidden', 'deploy_keys_forbidden', 'deploy_keys_forbidden']);
});

test('findings and reasons name fingerprints, never keys', () => {
  const snapshot = { keys: [existing('x', { ...old, ...writes })], allowed: [entry('a')], forbidden: true };
  const { findings } = decideDeployKeys({ snapshot, policy: { ...REPORT, max_age: DAY }, now: NOW });
  expect(JSON.stringify(findings)).toContain('SHA256:x');
  expect(JSON.stringify(findings)).not.toContain('ssh-ed25519');
});
