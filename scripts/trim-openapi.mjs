/*
 * Cuts GitHub's own REST description down to the operations that test/contract/operations.json lists, with all that
 * they refer to, and writes test/contract/openapi.json.
 *
 *   node scripts/trim-openapi.mjs [--check] [--from DIR]
 *
 * The package is 394 MB unpacked: it is fetched into a temporary folder for as long as the script runs, unless --from
 * names a folder that holds it already. --check compares and writes nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const PACKAGE = '@octokit/openapi@23.0.2';
const DESCRIPTION = 'generated/api.github.com.json';
const OPERATIONS = new URL('../test/contract/operations.json', import.meta.url);
const TRIMMED = new URL('../test/contract/openapi.json', import.meta.url);

/** What people read, and what only GitHub's own documentation site needs. `x-multi-segment` says what a path is. */
const NOISE = new Set([
  'description',
  'deprecated',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'operationId',
  'summary',
  'tags',
  'title',
]);
/** Below these keys lie names that somebody chose, not keywords: a property may be called `description`. */
const NAMED = new Set(['properties', 'patternProperties', 'headers', 'responses', 'schemas', 'parameters']);

function fetchDescription() {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  const run = (command, ...parameters) => execFileSync(command, parameters, { cwd: folder, encoding: 'utf8' });
  try {
    const archive = run('npm', 'pack', '--silent', PACKAGE).trim();
    run('tar', '-xzf', archive, `package/${DESCRIPTION}`);
    return JSON.parse(readFileSync(join(folder, 'package', DESCRIPTION), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isNoise(key) {
  return NOISE.has(key) || (key.startsWith('x-') && key !== 'x-multi-segment');
}

/** A copy without noise, its keys in alphabetical order, so that the same description gives the same bytes. */
function clean(node, named = false) {
  if (Array.isArray(node)) return node.map((entry) => clean(entry));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.keys(node)
      .filter((key) => named || !isNoise(key))
      .sort()
      .map((key) => [key, copy(key, node[key], named)]),
  );
}

function copy(key, value, named) {
  if (named) return clean(value);
  if (key === 'enum' || key === 'required' || key === 'default') return value;
  return clean(value, NAMED.has(key) && !Array.isArray(value));
}

function referencesIn(node) {
  if (Array.isArray(node)) return node.flatMap(referencesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

function pickPaths(paths, operations) {
  const picked = {};
  for (const operation of operations) {
    const [method, path] = operation.split(' ');
    const found = paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`${operation} is not in ${PACKAGE}`);
    picked[path] = { ...picked[path], [method.toLowerCase()]: clean(found) };
  }
  return sorted(picked);
}

/** Everything that `paths` refers to, also by way of something else. */
function pickComponents(components, paths) {
  const picked = {};
  const waiting = referencesIn(paths);
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const [, , kind, name] = reference.split('/');
    if (picked[kind]?.[name] !== undefined) continue;
    const component = clean(components[kind][name]);
    picked[kind] = { ...picked[kind], [name]: component };
    waiting.push(...referencesIn(component));
  }
  return sorted(Object.fromEntries(Object.entries(picked).map(([kind, entries]) => [kind, sorted(entries)])));
}

function sorted(record) {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  );
}

function trim(description, operations) {
  const paths = pickPaths(description.paths, operations);
  return {
    openapi: description.openapi,
    info: { title: description.info.title, version: description.info.version },
    source: PACKAGE,
    paths,
    components: pickComponents(description.components, paths),
  };
}

const { values } = parseArgs({ options: { check: { type: 'boolean' }, from: { type: 'string' } } });
const description =
  values.from === undefined ? fetchDescription() : JSON.parse(readFileSync(join(values.from, DESCRIPTION), 'utf8'));
const text = `${JSON.stringify(trim(description, JSON.parse(readFileSync(OPERATIONS, 'utf8'))), null, 1)}\n`;

if (values.check !== true) {
  writeFileSync(TRIMMED, text);
} else if (readFileSync(TRIMMED, 'utf8') !== text) {
  console.error('test/contract/openapi.json is not what operations.json asks for: npm run contract:update');
  process.exitCode = 1;
}
