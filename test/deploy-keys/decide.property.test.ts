import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOfChange, type DeployKeyChange, type ExistingKey } from '../../src/changes/deploy-key-change.ts';
import { decideDeployKeys } from '../../src/deploy-keys/decide.ts';
import type { DeployKeysSnapshot, KnownAllowedKey } from '../../src/deploy-keys/snapshot.ts';
import type { DeployKeys } from '../../src/policy/schema.ts';
import { DAY, identity, NOW } from './case.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const name = fc.constantFrom(...NAMES);
const reaction = fc.constantFrom('report' as const, 'delete' as const);
const age = fc.option(fc.constantFrom(DAY, 10 * DAY), { nil: undefined });
const moment = fc.integer({ min: 0, max: 20 }).map((days) => NOW - days * DAY);

const keys = fc.uniqueArray(
  fc.record({ name, title: name, readOnly: fc.boolean(), createdAt: moment, lastUsed: fc.option(moment) }),
  { selector: (key) => key.name },
);
const allowed = fc.uniqueArray(
  fc.record({ name, title: name, hasKey: fc.boolean(), read_only: fc.boolean(), own: fc.boolean() }),
  { selector: (entry) => (entry.hasKey ? entry.name : `title ${entry.title}`) },
);
const policy = fc
  .record({ on_unknown: reaction, on_write_access: reaction, on_expired: reaction, max_age: age, unused_for: age })
  .map(({ max_age, unused_for, ...reactions }): DeployKeys => {
    return {
      ...reactions,
      allow: [],
      ...(max_age === undefined ? {} : { max_age }),
      ...(unused_for === undefined ? {} : { unused_for }),
    };
  });
const snapshot = fc.record({ keys, allowed }).map((given): DeployKeysSnapshot => ({
  keys: given.keys.map(({ name: key, ...rest }, i): ExistingKey => {
    return { id: i + 1, ...identity(key), ...rest, addedBy: null };
  }),
  allowed: given.allowed.map(({ name: key, hasKey, ...rest }): KnownAllowedKey => {
    return { ...rest, identity: hasKey ? identity(key) : null };
  }),
  forbidden: false,
}));

/** GitHub after the changes. */
function after(before: DeployKeysSnapshot, changes: readonly DeployKeyChange[]): DeployKeysSnapshot {
  const gone = new Set(changes.flatMap((change) => (change.kind === 'create_deploy_key' ? [] : [change.old.id])));
  const made = changes.flatMap((change, i): readonly ExistingKey[] =>
    change.kind === 'delete_deploy_key'
      ? []
      : [{ id: 1_000 + i, ...change.wanted, createdAt: NOW, lastUsed: null, addedBy: null }],
  );
  return { ...before, keys: [...before.keys.filter(({ id }) => !gone.has(id)), ...made] };
}

test('once a plan was carried out, nothing is left to change', () => {
  fc.assert(
    fc.property(snapshot, policy, (given, by) => {
      const { changes } = decideDeployKeys({ snapshot: given, policy: by, now: NOW });
      const again = decideDeployKeys({ snapshot: after(given, changes), policy: by, now: NOW });
      expect(again.changes).toEqual([]);
    }),
  );
});

test('an allowed key is never deleted but to be recreated, unless it can write and may not', () => {
  fc.assert(
    fc.property(snapshot, policy, (given, by) => {
      const { changes } = decideDeployKeys({ snapshot: given, policy: by, now: NOW });
      for (const change of changes) {
        if (change.kind !== 'delete_deploy_key') continue;
        const { old } = change;
        const mine = given.allowed.filter(({ identity: one, title }) =>
          one ? one.key === old.key : title === old.title,
        );
        if (mine.length > 0) expect([change.rule, old.readOnly]).toEqual(['on_write_access', false]);
      }
    }),
  );
});

test('nothing is deleted where every reaction is to report', () => {
  fc.assert(
    fc.property(snapshot, policy, (given, by) => {
      const reports = { ...by, on_unknown: 'report', on_write_access: 'report', on_expired: 'report' } as const;
      const { changes } = decideDeployKeys({ snapshot: given, policy: reports, now: NOW });
      expect(changes.filter(({ kind }) => kind === 'delete_deploy_key')).toEqual([]);
    }),
  );
});

test('a key is changed at most once, and only a repository’s own entry makes one', () => {
  fc.assert(
    fc.property(snapshot, policy, (given, by) => {
      const { changes } = decideDeployKeys({ snapshot: given, policy: by, now: NOW });
      const prints = changes.map((change) => keyOfChange(change).fingerprint);
      expect(new Set(prints).size).toBe(prints.length);
      const own = new Set(given.allowed.flatMap((one) => (one.own && one.identity ? [one.identity.key] : [])));
      for (const change of changes) if (change.kind !== 'delete_deploy_key') expect(own).toContain(change.wanted.key);
    }),
  );
});

test('forbidden, the same plan is only told', () => {
  fc.assert(
    fc.property(snapshot, policy, (given, by) => {
      const free = decideDeployKeys({ snapshot: given, policy: by, now: NOW });
      const forbidden = decideDeployKeys({ snapshot: { ...given, forbidden: true }, policy: by, now: NOW });
      expect(forbidden.changes).toEqual([]);
      expect(forbidden.findings).toHaveLength(free.findings.length + free.changes.length);
    }),
  );
});
