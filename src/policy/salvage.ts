import type { z } from 'zod';
import type { Diagnostic } from './diagnostics.ts';
import { valueIn } from './references.ts';
import type { Gate, Policy, Window } from './schema.ts';
import { policySchema } from './schema/policy.ts';

/** What an entry with a value out of its range comes down to: its name, so that no other entry takes its place. */
const LEFT_ALONE = { lifecycle: { transient: false } };

/**
 * The policy of a file, given all that is wrong with it; null where that is more than values of entries that are out of
 * their range.
 */
export function toPolicy(file: unknown, diagnostics: readonly Diagnostic[]): Policy | null {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ effect }) => effect !== 'entry')) return null;
  const broken = new Map<number, string[]>();
  for (const { path, message } of errors) {
    const index = path[1];
    if (typeof index !== 'number') return null;
    const messages = broken.get(index) ?? [];
    messages.push(`\`${path.slice(2).join('.')}\`: ${message}`);
    broken.set(index, messages);
  }
  const outcome = policySchema.safeParse(withoutRules(file, broken));
  if (!outcome.success) return null;
  const { environments, deploy_keys: keys, ...rest } = outcome.data;
  const windows = new Map(rest.windows.map((window) => [window.name, window]));
  return {
    ...rest,
    environments: environments.map(({ gates, ...entry }, index) => ({
      ...entry,
      ...(gates === undefined ? {} : { gates: gates.map((gate) => resolveWindows(gate, windows)) }),
      unusable: broken.get(index) ?? [],
      rank: 0,
      own: true,
    })),
    ...(keys === undefined
      ? {}
      : { deploy_keys: { ...keys, allow: keys.allow.map((key) => ({ ...key, own: true })) } }),
  };
}

type WrittenGate = NonNullable<z.output<typeof policySchema>['environments'][number]['gates']>[number];

/** A `windows` gate with the windows themselves. That all are there was checked. */
function resolveWindows(gate: WrittenGate, windows: ReadonlyMap<string, Window>): Gate {
  if (!('windows' in gate)) return gate;
  return { windows: gate.windows.flatMap((name) => windows.get(name) ?? []) };
}

/** The file with the broken entries cut down to what they are matched by. */
function withoutRules(file: unknown, broken: ReadonlyMap<number, unknown>): unknown {
  const entries = valueIn(file, 'environments');
  if (broken.size === 0 || typeof file !== 'object' || !Array.isArray(entries)) return file;
  const environments = entries.map((entry: unknown, index) =>
    broken.has(index)
      ? { ...LEFT_ALONE, name: valueIn(entry, 'name'), locked: valueIn(entry, 'locked') ?? false }
      : entry,
  );
  return { ...file, environments };
}
