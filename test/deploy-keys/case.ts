import type { ExistingKey } from '../../src/changes/deploy-key-change.ts';
import type { KnownAllowedKey } from '../../src/deploy-keys/snapshot.ts';
import type { DeployKeys } from '../../src/policy/schema.ts';

export const DAY = 86_400_000;
export const NOW = Date.parse('2026-03-02T09:00:00Z');

/** What `name` stands for as a key. */
export function identity(name: string): { readonly key: string; readonly fingerprint: string } {
  return { key: `ssh-ed25519 ${name}`, fingerprint: `SHA256:${name}` };
}

/** A key of that name on GitHub, added a day ago, read-only and never used, unless told otherwise. */
export function existing(name: string, more: Partial<ExistingKey> = {}): ExistingKey {
  return {
    id: 1,
    title: name,
    ...identity(name),
    readOnly: true,
    createdAt: NOW - DAY,
    lastUsed: null,
    addedBy: 'octocat',
    ...more,
  };
}

/** An entry of the repository's own file for the key of that name. */
export function entry(name: string, more: Partial<KnownAllowedKey> = {}): KnownAllowedKey {
  return { title: name, identity: identity(name), read_only: true, own: true, ...more };
}

export const REPORT: DeployKeys = { allow: [], on_unknown: 'report', on_write_access: 'report', on_expired: 'report' };
