import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/decisions';
const MOST_LINES = 40;

const pages = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

test.each([...Object.keys(dependencies), ...Object.keys(devDependencies)])(
  '%s is here for a written reason',
  (name) => {
    expect(pages.filter(({ text }) => text.includes(`\`${name}\``)).map((page) => page.name)).not.toEqual([]);
  },
);

test('a decision fits on a page of 40 lines', () => {
  const long = pages.filter(({ text }) => text.trimEnd().split('\n').length > MOST_LINES);
  expect(long.map(({ name }) => name)).toEqual([]);
});

/** Those that let anybody do anything with the code, as long as the notice stays. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
]);
/** Data that a tool of the tests reads, and that is not passed on. */
const TOOLS_ONLY = new Set(['CC-BY-4.0']);

describe('licences', () => {
  const page = readFileSync('docs/licences.md', 'utf8');
  const [, inProduction = '', inTools = ''] = page.split(/^## .*$/m);
  const licencesIn = (section: string): readonly string[] =>
    [...section.matchAll(/^- \*\*(.+)\*\*/gm)].flatMap(([, licence = '']) =>
      licence.replace(/[()]/g, '').split(/ (?:AND|OR) /),
    );

  test('the page has every package of the lockfile', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-licences.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('of all that is run are permissive', () => {
    expect(licencesIn(inProduction).length).toBeGreaterThan(2);
    expect(licencesIn(inProduction).filter((licence) => !PERMISSIVE.has(licence))).toEqual([]);
  });

  test('of all that builds and tests are permissive, too', () => {
    const unknown = licencesIn(inTools).filter((licence) => !PERMISSIVE.has(licence) && !TOOLS_ONLY.has(licence));
    expect(unknown).toEqual([]);
  });
});
