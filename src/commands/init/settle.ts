import { environmentKey } from '../../github/ids.ts';
import { matchEntry } from '../../policy/match.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { Change } from '../../changes/change.ts';
import { visibleText } from '../../reports/escape.ts';
import { loadGovernance } from '../plan/governing.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { createCaches } from '../plan/caches.ts';
import type { SeenRepository } from '../person.ts';
import type { WrittenEntry, WrittenPolicy } from './describe-environment.ts';
import { writePolicy, type WrittenFile } from './write-policy.ts';

/** As often as entries are turned off; what is left then is the organisation's doing. */
const MOST_ROUNDS = 3;

/**
 * Writes a policy so that nothing follows from it now: entries under which deployments would end at once have their
 * lifecycle turned off, and that is told.
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
    const turnedOff = round < MOST_ROUNDS ? turnOff(policy, written.text, changes) : null;
    if (turnedOff === null) {
      notes.push(`The organisation’s policy changes ${changes.length} things here, whatever this one says.`);
      return { text: written.text, notes: [...written.notes, ...notes] };
    }
    ({ policy } = turnedOff);
    notes.push(...turnedOff.notes);
  }
}

async function changesUnder(seen: SeenRepository, text: string, now: number): Promise<readonly Change[]> {
  const governance = await loadGovernance(seen, { name: 'this policy', content: text });
  if (governance.kind !== 'valid') return [];
  const { repository } = seen;
  const question = { repository, policy: governance.policy, now, caches: createCaches() };
  return (await planChanges(seen.github, question)).changes;
}

/** Null where no entry of this policy is behind the changes. */
function turnOff(
  policy: WrittenPolicy,
  text: string,
  changes: readonly Change[],
): { readonly policy: WrittenPolicy; readonly notes: readonly string[] } | null {
  const { policy: parsed } = parsePolicy(text);
  const ending = new Map<string, number>();
  for (const change of changes) {
    const entry = 'deployment' in change && parsed !== null ? matchEntry(parsed, change.deployment.environment) : null;
    if (entry === null) continue;
    const key = environmentKey(entry.name);
    ending.set(key, (ending.get(key) ?? 0) + 1);
  }
  const countOf = ({ name, lifecycle }: WrittenEntry): number =>
    lifecycle?.['transient'] === false ? 0 : (ending.get(environmentKey(name)) ?? 0);
  const environments = policy.environments ?? [];
  const concerned = environments.filter((entry) => countOf(entry) > 0);
  if (concerned.length === 0) return null;
  return {
    policy: {
      ...policy,
      environments: environments.map((entry) =>
        countOf(entry) > 0 ? { ...entry, lifecycle: { transient: false } } : entry,
      ),
    },
    notes: concerned.map(
      (entry) =>
        `The lifecycle of ${visibleText(entry.name)} is off: without \`transient: false\`, ${countOf(entry)} deployments would end now.`,
    ),
  };
}
