import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { tablesIn } from './markdown.ts';

interface Manifest {
  readonly default_permissions: Readonly<Record<string, string>>;
}

/** `name: level`, as the README writes it. */
function permissionsOf(path: string): readonly string[] {
  const { default_permissions: permissions } = load(readFileSync(path, 'utf8')) as Manifest;
  return Object.entries(permissions)
    .map(([name, level]) => `${name}: ${level}`)
    .sort();
}

const rows = tablesIn(readFileSync('README.md', 'utf8')).flatMap(([permission = '', small = '']) => {
  const [, name] = /^`(\w+: (?:read|write))`$/.exec(permission) ?? [];
  return name === undefined ? [] : [{ name, small: small === 'yes' }];
});

test('the README says of every permission in app.yml why it is needed, and names no other', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual(permissionsOf('app.yml'));
});

test('the README says which permissions app.lifecycle.yml has', () => {
  expect(
    rows
      .filter(({ small }) => small)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(permissionsOf('app.lifecycle.yml'));
});
