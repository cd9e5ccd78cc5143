import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { escapeInvisible } from '../../src/logging/invisible.ts';
import { checkPolicy } from '../../src/policy/check.ts';
import { DIAGNOSTIC_CODES } from '../../src/policy/diagnostic-codes.ts';
import { renderDiagnostic, toDocument } from '../../src/policy/render.ts';

/*
 * Each broken policy NAME.yml beside what people are told (NAME.txt) and what scripts are (NAME.json).
 * UPDATE_GOLDEN=1 writes the answers anew: read the difference before it is committed.
 */
const FOLDER = new URL('../golden/policy/', import.meta.url);
const NOW = Date.parse('2026-06-01T12:00:00Z');
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yml'))
  .map((file) => file.slice(0, -4));

const diagnose = (name: string) =>
  checkPolicy(readFileSync(new URL(`${name}.yml`, FOLDER)), { now: NOW, level: 'repository' });

function expectFile(file: string, text: string): void {
  const url = new URL(file, FOLDER);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(url, text);
  expect(existsSync(url) ? readFileSync(url, 'utf8') : null).toBe(text);
}

test('there are at least 60 broken policies', () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
});

test.each(names)('%s is told of in full, to people and to scripts', (name) => {
  const diagnostics = diagnose(name);
  expect(diagnostics.length).toBeGreaterThan(0);
  const lines = diagnostics.map((diagnostic) => `${renderDiagnostic(`${name}.yml`, diagnostic)}\n`);
  expectFile(`${name}.txt`, lines.join(''));
  const document = { version: 1, diagnostics: diagnostics.map(toDocument) };
  expectFile(`${name}.json`, `${escapeInvisible(JSON.stringify(document, null, 2))}\n`);
});

/** These take a file too large to keep, or facts of a repository. They have tests of their own. */
const ELSEWHERE = ['yaml-too-large', 'more-problems', 'environment-missing', 'deployment-false', 'no-code-owner'];

test('every diagnostic code that a file alone can have is shown', () => {
  const shown = new Set(names.flatMap((name) => diagnose(name).map(({ code }) => code)));
  const missing = Object.keys(DIAGNOSTIC_CODES).filter((code) => ![...shown, ...ELSEWHERE].includes(code));
  expect(missing).toEqual([]);
});
