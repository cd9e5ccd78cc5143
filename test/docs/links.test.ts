import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsIn, readPages, relativeLinksIn } from './markdown.ts';

const pages = readPages();

/** Null for a link that leads somewhere. */
function problemWith(page: string, link: string): string | null {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (target.startsWith('..')) return `${link} leads out of the repository`;
  if (!existsSync(target)) return `${link} leads nowhere`;
  if (anchor === undefined) return null;
  const isPage = statSync(target).isFile() && target.endsWith('.md');
  const known = isPage ? anchorsIn(readFileSync(target, 'utf8')) : new Set<string>();
  return known.has(anchor) ? null : `${link}: there is no such heading`;
}

test.each(pages.map((page) => [page.path, page] as const))(
  'every relative link in %s leads somewhere',
  (path, page) => {
    const problems = relativeLinksIn(page.text).map((link) => problemWith(path, link));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  },
);

describe('a link that leads nowhere is found', () => {
  test.each([
    ['a missing page', '[a](missing.md)', 'missing.md leads nowhere'],
    ['a missing heading', '[a](#missing)', '#missing: there is no such heading'],
    ['a way out', '[a](../elsewhere.md)', '../elsewhere.md leads out of the repository'],
    ['a definition', '[a]: missing.md', 'missing.md leads nowhere'],
  ])('%s', (_, text, problem) => {
    expect(relativeLinksIn(text).map((link) => problemWith('README.md', link))).toEqual([problem]);
  });
});

test('addresses and code are no relative links', () => {
  expect(relativeLinksIn('[a](https://example.com) `[b](c)`\n```\n[d](e)\n```\n')).toEqual([]);
});

test('the page about the architecture has a place for everything in src', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const names = readdirSync('src', { withFileTypes: true }).map((one) => one.name + (one.isDirectory() ? '/' : ''));
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('the list of decisions has every page, by its title', () => {
  const listed = readFileSync('docs/decisions/README.md', 'utf8');
  const decisions = readdirSync('docs/decisions').filter((name) => name !== 'README.md');
  const lines = decisions.map((name) => {
    const [heading = ''] = readFileSync(join('docs/decisions', name), 'utf8').split('\n');
    return `- [${name.slice(0, 3)}](${name}) ${heading.replace(/^# /, '')}`;
  });
  expect(listed.split('\n').filter((line) => line.startsWith('- ['))).toEqual(lines);
});
