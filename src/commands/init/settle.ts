import { environmentKey } from '../../github/ids.ts';
import { matchEntry } from '../../policy/match.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { Change } from '../../changes/change.ts';
import { isProtectionChange, keyOfProtection } from '../../changes/protection-change.ts';
import { visibleText } from '../../reports/escape.ts';
import { loadGovernance } from '../plan/governing.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { createCaches } from '../plan/caches.ts';
import type { SeenRepository } from '../person.ts';
import type { WrittenEntry, WrittenPolicy } from './describe-environment.ts';
import { writePolicy, type WrittenFile } from './write-policy.ts';

/** As often as something is taken back; what is left then is the organisation's doing. */
const MOST_ROUNDS = 3;

/**
 * Writes a policy so that nothing follows from it now: entries under which deployments would end at once have their
 * lifecycle turned off, what of protection would be set differently is left out, and both are told.
 * @throws GitHubError
 */
export async function settlePolicy(
  seen: SeenRepository,
  draft: WrittenPolicy,
  { heading, now }: { readonly heading: readonly string[]; readonly now: number },
): Promise<WrittenFile> {
  const notes: string[] = [];
  let policy = draft;
  for (let round = 0; ; round += 1) {
    const written = writePolicy(policy, heading);
    const changes = await changesUnder(seen, written.text, now);
    if (changes.length === 0) return { text: written.text, notes: [...written.notes, ...notes] };
    const taken = round < MOST_ROUNDS ? takeBack(policy, written.text, changes) : null;
    if (taken === null) {
      notes.push(`${changes.length} things change here as the organisation’s policy says, whatever this one does.`);
      return { text: written.text, notes: [...written.notes, ...notes] };
    }
    ({ policy } = taken);
    notes.push(...taken.notes);
  }
}

async function changesUnder(seen: SeenRepository, text: string, now: number): Promise<readonly Change[]> {
  const governance = await loadGovernance(seen, { name: 'this policy', content: text });
  if (governance.kind !== 'valid') return [];
  const { repository } = seen;
  const question = { repository, policy: governance.policy, now, caches: createCaches() };
  return (await planChanges(seen.github, question)).changes;
}

/** Null where no entry of this policy is behind any of the changes. */
function takeBack(
  policy: WrittenPolicy,
  text: string,
  changes: readonly Change[],
): { readonly policy: WrittenPolicy; readonly notes: readonly string[] } | null {
  const { policy: parsed } = parsePolicy(text);
  const behind = (entry: WrittenEntry): readonly Change[] =>
    changes.filter((change) => {
      const environment = environmentOf(change);
      if (environment === null || parsed === null) return false;
      const matched = matchEntry(parsed, environment);
      return matched !== null && environmentKey(matched.name) === environmentKey(entry.name);
    });
  const changed = (policy.environments ?? []).map((entry) => withoutEffect(entry, behind(entry)));
  const notes = changed.flatMap((one) => one.notes);
  return notes.length === 0 ? null : { policy: { ...policy, environments: changed.map(({ entry }) => entry) }, notes };
}

function environmentOf(change: Change): string | null {
  if ('environment' in change) return change.environment;
  return 'deployment' in change ? change.deployment.environment : null;
}

/** An entry without what is behind these changes. */
function withoutEffect(
  entry: WrittenEntry,
  changes: readonly Change[],
): { readonly entry: WrittenEntry; readonly notes: readonly string[] } {
  const name = visibleText(entry.name);
  const ending = changes.filter((change) => 'deployment' in change).length;
  const isOn = ending > 0 && entry.lifecycle?.['transient'] !== false;
  const keys = new Set<string>(changes.filter(isProtectionChange).map(keyOfProtection));
  const protection = Object.entries(entry.protection ?? {});
  const kept = protection.filter(([key]) => !keys.has(key));
  const told = protection.flatMap(([key]) =>
    keys.has(key) ? [`${key} of ${name} is left out: the policy would set it differently.`] : [],
  );
  const { protection: _before, ...rest } = entry;
  return {
    entry: {
      ...rest,
      ...(kept.length > 0 ? { protection: Object.fromEntries(kept) } : {}),
      ...(isOn ? { lifecycle: { transient: false } } : {}),
    },
    notes: isOn
      ? [`The lifecycle of ${name} is off: without \`transient: false\`, ${ending} deployments would end now.`, ...told]
      : told,
  };
}
