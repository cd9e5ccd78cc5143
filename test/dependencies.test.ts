import { expect, test } from '@jest/globals';
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
