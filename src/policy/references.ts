import { environmentKey } from '../github/ids.ts';
import type { Finding, PolicyPath } from './diagnostics.ts';
import { publicKeyBody } from './public-key.ts';
import { nearest } from './nearest.ts';

/*
 * What zod cannot see: names that occur twice, and names that lead nowhere. These look at the file as written, so that
 * they speak also where something else is wrong with it.
 */

/** Names that two entries share, and windows that gates name and the file does not have. */
export function checkReferences(file: unknown): Finding[] {
  return [
    ...duplicateNames(file, { list: 'environments', what: 'entry', keyOf: environmentKey }),
    ...duplicateNames(file, { list: 'windows', what: 'window', keyOf: (name) => name }),
    ...duplicateNames(file, { list: 'freezes', what: 'freeze', keyOf: (name) => name }),
    ...duplicateKeys(file),
    ...unknownWindows(file),
  ];
}

interface NamedList {
  readonly list: string;
  readonly what: string;
  /** What two names have in common where they are the same. */
  readonly keyOf: (name: string) => string;
}

function duplicateNames(file: unknown, { list, what, keyOf }: NamedList): Finding[] {
  const seen = new Set<string>();
  const found: Finding[] = [];
  for (const [index, item] of itemsIn(file, list).entries()) {
    const name = valueIn(item, 'name');
    if (typeof name !== 'string') continue;
    if (seen.has(keyOf(name))) {
      const message = `Rename it or merge the two: there is already ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} named ${JSON.stringify(name)}.`;
      found.push({ code: 'duplicate-name', message, path: [list, index, 'name'], at: 'value' });
    }
    seen.add(keyOf(name));
  }
  return found;
}

/** Deploy keys are the same where type and body are, whatever the comment. */
function duplicateKeys(file: unknown): Finding[] {
  const seen = new Set<string>();
  const found: Finding[] = [];
  for (const [index, item] of itemsIn(valueIn(file, 'deploy_keys'), 'allow').entries()) {
    const key = valueIn(item, 'key');
    if (typeof key !== 'string') continue;
    const body = publicKeyBody(key);
    if (seen.has(body)) {
      const message = 'Take one of the two out: this public key is already allowed.';
      found.push({ code: 'duplicate-name', message, path: ['deploy_keys', 'allow', index, 'key'], at: 'value' });
    }
    seen.add(body);
  }
  return found;
}

/** Guessing what was meant compares every name with every other. */
const MOST_GUESSES = 100;

function unknownWindows(file: unknown): Finding[] {
  const names = itemsIn(file, 'windows').flatMap((item) => textIn(item, 'name'));
  const known = new Set(names);
  const found: Finding[] = [];
  for (const { name, path } of windowsNamed(file)) {
    if (known.has(name)) continue;
    const meant = found.length < MOST_GUESSES ? nearest(name, names.slice(0, MOST_GUESSES)) : null;
    const advice =
      meant === null ? 'Define it under `windows` of this file.' : `Did you mean ${JSON.stringify(meant)}?`;
    const message = `There is no window named ${JSON.stringify(name.slice(0, 100))}. ${advice}`;
    found.push({ code: 'unknown-window', message, path, at: 'value' });
  }
  return found;
}

function windowsNamed(file: unknown): { readonly name: string; readonly path: PolicyPath }[] {
  return itemsIn(file, 'environments').flatMap((entry, index) =>
    itemsIn(entry, 'gates').flatMap((gate, position) =>
      itemsIn(gate, 'windows').flatMap((name, place) =>
        typeof name === 'string' ? [{ name, path: ['environments', index, 'gates', position, 'windows', place] }] : [],
      ),
    ),
  );
}

/** The value of a key of something that may be a mapping. */
export function valueIn(container: unknown, key: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined;
  return new Map<string, unknown>(Object.entries(container)).get(key);
}

/** The items of a list that something may have under a key. */
export function itemsIn(container: unknown, key: string): readonly unknown[] {
  const value = valueIn(container, key);
  return Array.isArray(value) ? value : [];
}

function textIn(container: unknown, key: string): readonly string[] {
  const value = valueIn(container, key);
  return typeof value === 'string' ? [value] : [];
}
