import { keyOfChange, type DeployKeyChange, type ExistingKey, type WantedKey } from '../changes/deploy-key-change.ts';
import { formatDuration } from '../policy/duration.ts';
import type { DeployKeys } from '../policy/schema.ts';
import type { Finding, FindingCode } from '../reports/reason-codes.ts';
import type { DeployKeysSnapshot, KnownAllowedKey } from './snapshot.ts';

/** What should be changed, in the order in which it is done, and what is only told. */
export interface DeployKeysDecision {
  readonly changes: readonly DeployKeyChange[];
  readonly findings: readonly Finding[];
}

interface Question {
  readonly snapshot: DeployKeysSnapshot;
  readonly policy: DeployKeys;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Decides what a policy makes of a repository's deploy keys. A deletion is what the policy wants, not yet what may be
 * done: who acts on it sees to it that it was announced.
 */
export function decideDeployKeys(question: Question): DeployKeysDecision {
  const { snapshot } = question;
  const each = snapshot.keys.map((key) => decideKey(key, question));
  const replacements = each.flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'recreate_deploy_key'));
  const deletions = each.flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'delete_deploy_key'));
  const changes = [...creations(snapshot), ...replacements, ...deletions];
  const findings = each.flatMap((one) => one.findings);
  return snapshot.forbidden ? { changes: [], findings: [...findings, ...forbidden(changes)] } : { changes, findings };
}

/** The repository's own allowed keys that are not there. */
function creations({ keys, allowed }: DeployKeysSnapshot): readonly DeployKeyChange[] {
  const there = new Set(keys.map(({ key }) => key));
  return allowed.flatMap((entry): readonly DeployKeyChange[] => {
    const wanted = wantedOf(entry);
    if (wanted === null || there.has(wanted.key)) return [];
    const reason = 'The policy allows it, and it is not there.';
    return [{ kind: 'create_deploy_key', rule: 'allowed_key_missing', reason, wanted }];
  });
}

function decideKey(key: ExistingKey, question: Question): DeployKeysDecision {
  const entry = entryFor(key, question.snapshot.allowed);
  const wanted = entry === null ? null : wantedOf(entry);
  const differences = wanted === null ? [] : differencesBetween(key, wanted);
  if (wanted !== null && differences.length > 0) {
    const reason = `The policy wants ${differences.join(' and ')}.`;
    return {
      changes: [{ kind: 'recreate_deploy_key', rule: 'allowed_key_differs', reason, wanted, old: key }],
      findings: [],
    };
  }
  const wrongs = wrongsOf(key, { ...question, entry });
  const worst = wrongs.find(({ reaction }) => reaction === 'delete');
  if (worst === undefined) return { changes: [], findings: wrongs.map((wrong) => findingOf(key, wrong)) };
  const { rule, reason } = worst;
  return { changes: [{ kind: 'delete_deploy_key', rule, reason, old: key }], findings: [] };
}

/** Its own entry speaks for a key; else one that names its title and no key. */
function entryFor({ key, title }: ExistingKey, allowed: DeployKeysSnapshot['allowed']): KnownAllowedKey | null {
  return (
    allowed.find(({ identity }) => identity?.key === key) ??
    allowed.find((entry) => entry.identity === null && entry.title === title) ??
    null
  );
}

/** What is kept true: only what the repository's own file says with the key itself. The organisation's is only matched. */
function wantedOf({ own, identity, title, read_only }: KnownAllowedKey): WantedKey | null {
  return own && identity !== null ? { ...identity, title, readOnly: read_only } : null;
}

function differencesBetween(key: ExistingKey, wanted: WantedKey): readonly string[] {
  return [
    ...(key.title === wanted.title ? [] : [`the title “${wanted.title}” instead of “${key.title}”`]),
    ...(key.readOnly === wanted.readOnly ? [] : [wanted.readOnly ? 'read-only access' : 'write access']),
  ];
}

/** Something that is not as the policy wants it, and what the policy does about it. */
interface Wrong {
  readonly reaction: DeployKeys['on_unknown'];
  readonly rule: 'on_write_access' | 'on_unknown' | 'on_expired';
  readonly code: FindingCode;
  /** Without dates that move on by themselves, so that a report says the same until something changes. */
  readonly reason: string;
}

function wrongsOf(
  key: ExistingKey,
  { entry, policy, now }: Question & { readonly entry: KnownAllowedKey | null },
): readonly Wrong[] {
  const wrongs: Wrong[] = [];
  if (!key.readOnly && (entry === null || entry.read_only)) {
    const reaction = policy.on_write_access;
    const reason = 'It can write, and the policy does not allow it to.';
    wrongs.push({ reaction, rule: 'on_write_access', code: 'writable_deploy_key', reason });
  }
  if (entry === null) {
    const reason = 'The policy does not allow it.';
    wrongs.push({ reaction: policy.on_unknown, rule: 'on_unknown', code: 'unknown_deploy_key', reason });
  }
  const reason = expiry(key, policy, now);
  if (reason !== null) {
    // Whatever the policy says: an allowed key is in use somewhere, and somebody has to make a new one first.
    const reaction = entry === null ? policy.on_expired : 'report';
    wrongs.push({ reaction, rule: 'on_expired', code: 'expired_deploy_key', reason });
  }
  return wrongs;
}

/** Why a key has expired; null where it has not. A key never used counts from its creation. */
function expiry({ createdAt, lastUsed }: ExistingKey, { max_age, unused_for }: DeployKeys, now: number): string | null {
  if (max_age !== undefined && now - createdAt > max_age) {
    return `It was added on ${day(createdAt)}, more than ${formatDuration(max_age)} ago.`;
  }
  if (unused_for === undefined || now - (lastUsed ?? createdAt) <= unused_for) return null;
  const since =
    lastUsed === null ? `was added on ${day(createdAt)} and never used` : `was last used on ${day(lastUsed)}`;
  return `It ${since}, more than ${formatDuration(unused_for)} ago.`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function findingOf({ title, fingerprint }: ExistingKey, { code, reason }: Wrong): Finding {
  return { code, message: `The deploy key “${title}” (${fingerprint}): ${reason}` };
}

const VERBS = {
  create_deploy_key: 'add',
  recreate_deploy_key: 'recreate',
  delete_deploy_key: 'delete',
} as const satisfies Record<DeployKeyChange['kind'], string>;

/** An organisation that forbids deploy keys makes of everything a report. */
function forbidden(changes: readonly DeployKeyChange[]): readonly Finding[] {
  return changes.map((change) => {
    const { title, fingerprint } = keyOfChange(change);
    const what = `the policy would ${VERBS[change.kind]} “${title}” (${fingerprint})`;
    return {
      code: 'deploy_keys_forbidden',
      message: `The organisation forbids deploy keys, so nothing is changed: ${what}. ${change.reason}`,
    };
  });
}
