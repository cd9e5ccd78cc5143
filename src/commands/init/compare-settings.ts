import { load } from 'js-yaml';
import { z } from 'zod';
import { environmentKey } from '../../github/ids.ts';
import { visibleText } from '../../reports/escape.ts';
import type { WrittenEntry } from './describe-environment.ts';
import { SETTINGS_PATH } from './observe-files.ts';

/** What a policy says, too, by the keys of the settings apps. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  wait_timer: 'wait_timer',
  prevent_self_review: 'prevent_self_review',
  reviewers: 'reviewers',
  deployment_branch_policy: 'deployment_branch_policy',
  deployment_protection_rules: 'custom_rules',
  variables: 'variables',
};

const settings = z.looseObject({
  environments: z.array(z.looseObject({ name: z.coerce.string() })).nullish(),
});

/**
 * What to know of the settings apps' file beside a policy made from the repository: what has no counterpart in a policy,
 * and where that file says something else than GitHub does. One sentence each.
 */
export function compareSettings(
  text: string,
  described: { readonly entries: readonly WrittenEntry[]; readonly existing: readonly string[] },
): readonly string[] {
  const parsed = settings.safeParse(parseYaml(text));
  if (!parsed.success) return [`${SETTINGS_PATH} is left out: it cannot be read as a settings file.`];
  const { environments, ...others } = parsed.data;
  const entries = new Map(described.entries.map((entry) => [environmentKey(entry.name), entry]));
  const existing = new Set(described.existing.map(environmentKey));
  const without = Object.keys(others).map((key) => visibleText(key, 50));
  return [
    ...(without.length > 0 ? [`${SETTINGS_PATH}: a policy has no counterpart to ${without.join(', ')}.`] : []),
    ...(environments ?? []).flatMap((environment) => {
      const key = environmentKey(environment.name);
      const name = visibleText(environment.name);
      if (!existing.has(key)) return [`${SETTINGS_PATH}: GitHub has no environment ${name}; it is left out.`];
      return compareEnvironment(environment, entries.get(key)?.protection ?? {}, name);
    }),
  ];
}

function compareEnvironment(
  { name: _name, ...written }: Readonly<Record<string, unknown>>,
  protection: Readonly<Record<string, unknown>>,
  name: string,
): readonly string[] {
  const without = Object.keys(written).filter((key) => !Object.hasOwn(COUNTERPARTS, key));
  const different = Object.keys(written).filter(
    (key) => Object.hasOwn(COUNTERPARTS, key) && !agrees(key, written[key], protection[COUNTERPARTS[key] ?? key]),
  );
  return [
    ...(without.length > 0
      ? [
          `${SETTINGS_PATH}: in ${name}, a policy has no counterpart to ${without.map((key) => visibleText(key, 50)).join(', ')}.`,
        ]
      : []),
    ...different.map((key) => `${SETTINGS_PATH}: ${key} of ${name} is not what GitHub has; the policy has GitHub’s.`),
  ];
}

/** As far as it can be told: reviewers and apps have numbers there and names here, so they are counted. */
function agrees(key: string, written: unknown, described: unknown): boolean {
  switch (key) {
    case 'wait_timer':
      return Number(written ?? 0) === Number(described ?? 0);
    case 'prevent_self_review':
      return Boolean(written) === Boolean(described);
    case 'deployment_branch_policy':
      return branchesOf(written) === (described === undefined ? 'all' : JSON.stringify(described));
    case 'variables':
      return variablesOf(written) === JSON.stringify(Object.entries(described ?? {}).sort());
    default:
      return lengthOf(written) === lengthOf(described);
  }
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

/** `{ protected_branches, custom_branch_policies }`, the latter a list of names or `true`. */
function branchesOf(written: unknown): string {
  if (typeof written !== 'object' || written === null) return 'all';
  if ('protected_branches' in written && written.protected_branches === true) return '"protected"';
  const custom = 'custom_branch_policies' in written ? written.custom_branch_policies : [];
  return JSON.stringify(
    Array.isArray(custom)
      ? custom.map((pattern: unknown) =>
          typeof pattern === 'object' && pattern !== null && 'name' in pattern ? pattern.name : pattern,
        )
      : [],
  );
}

function variablesOf(written: unknown): string {
  const pairs = z.array(z.looseObject({ name: z.string(), value: z.coerce.string() })).safeParse(written);
  if (!pairs.success) return '';
  return JSON.stringify(pairs.data.map(({ name, value }) => [name.toUpperCase(), value]).sort());
}

function parseYaml(text: string): unknown {
  try {
    return load(text);
  } catch {
    return null;
  }
}
