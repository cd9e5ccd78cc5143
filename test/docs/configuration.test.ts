import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readSettings, type Environment } from '../../src/settings.ts';
import { tablesIn } from './markdown.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** Enough to start with. */
const LEAST: Environment = { APP_ID: '1', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: 'a secret' };

const REGISTERING = '## Registering the app\n';
const sections = readFileSync('docs/configuration.md', 'utf8').split(/^(?=## )/m);
const rows = rowsOf(sections.filter((section) => !section.startsWith(REGISTERING)));

function rowsOf(texts: readonly string[]) {
  return tablesIn(texts.join('')).map(([variable = '', fallback = '']) => ({
    variable: variable.replaceAll('`', ''),
    fallback: fallback.replaceAll('`', ''),
  }));
}

/** Keys of the schema, and what is looked up by its name. */
function variablesRead(): readonly string[] {
  const source = readFileSync('src/settings.ts', 'utf8');
  const names = [...source.matchAll(/^ {2,4}([A-Z][A-Z_]{2,}): /gm), ...source.matchAll(/environment\['([A-Z_]+)'\]/g)];
  return [...new Set(names.map(([, name]) => name ?? ''))].sort();
}

test('the page has every variable that is read, and no other', () => {
  expect(rows.map(({ variable }) => variable).sort()).toEqual(variablesRead());
});

test('the page has what is read while there is no app, by us or by the page of Probot', () => {
  const ours = [...readFileSync('src/server/registration.ts', 'utf8').matchAll(/environment\['([A-Z_]+)'\]/g)];
  // PROJECT_DOMAIN and NO_SMEE_SETUP are for hosts that are no more, and set by ours.
  const known = new Set([...variablesRead(), 'PROJECT_DOMAIN', 'NO_SMEE_SETUP']);
  const theirs = ['manifest-creation.js', 'apps/setup.js'].flatMap((file) => [
    ...readFileSync(`node_modules/probot/lib/${file}`, 'utf8').matchAll(/process\.env\.([A-Z_]+)/g),
  ]);
  const names = [...ours, ...theirs].map(([, name]) => name ?? '').filter((name) => !known.has(name));
  const registering = rowsOf(sections.filter((section) => section.startsWith(REGISTERING)));
  expect(registering.map(({ variable }) => variable).sort()).toEqual([...new Set(names)].sort());
});

describe('the default that the page names is the one that counts', () => {
  test.each(rows.filter(({ fallback }) => fallback !== ''))('$variable', ({ variable, fallback }) => {
    expect(readSettings({ ...LEAST, [variable]: fallback }, '/')).toEqual(readSettings(LEAST, '/'));
  });
});

test('a variable without a default may be left out, but for those that make the app', () => {
  const without = rows.filter(({ fallback }) => fallback === '').map(({ variable }) => variable);
  const needed = Object.keys(LEAST);
  expect(without).toEqual(expect.arrayContaining(needed));
  for (const variable of needed) {
    expect(() => readSettings({ ...LEAST, [variable]: undefined }, '/')).toThrow(new RegExp(`^${variable} is missing`));
  }
});
