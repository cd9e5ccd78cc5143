import { checkPolicy } from '../../src/policy/check.ts';
import { LARGEST_FILE } from '../../src/policy/yaml/read.ts';

/** As much of a text as a policy may have. */
const fill = (unit: string, start = ''): string =>
  start + unit.repeat(Math.floor((LARGEST_FILE - start.length) / unit.length));
const list = (amount: number, item: (index: number) => string): string =>
  Array.from({ length: amount }, (_, index) => item(index)).join('');

const chain = list(18_000, (index) => `- &x${index} [*x${Math.max(index - 1, 0)}]\n`).replace('[*x0]', '[]');
const named = 'version: 1\nenvironments:\n';

const HOSTILE: readonly (readonly [string, string])[] = [
  ['a quarter of a megabyte of nothing', fill(' ')],
  ['line breaks alone', fill('\r')],
  ['comments alone', fill('#\n')],
  ['one long comment', fill('#')],
  ['one long word', fill('a')],
  ['one long quoted text', `"${fill('a').slice(2)}`],
  ['escapes', `"${fill('\\x41').slice(4)}`],
  ['open brackets', fill('[')],
  ['open braces', fill('{a: ')],
  ['dashes', fill('- ')],
  ['question marks', fill('? ')],
  ['colons', fill(': ')],
  ['empty lists', fill('[],', '[').slice(0, -1)],
  ['empty items', fill('-\n')],
  ['keys that nobody knows', list(30_000, (index) => `k${index}:\n`)],
  ['long keys that nobody knows', list(250, (index) => `${'k'.repeat(1_000)}${index}:\n`)],
  ['the same key over and over', fill('version: 1\n')],
  ['anchors', list(20_000, (index) => `- &a${index} x\n`)],
  ['aliases to one value', fill('- *a\n', '- &a x\n')],
  ['a chain of aliases', chain],
  [
    'a tree of aliases',
    list(40, (index) => `a${index}: &a${index} [${`*a${index - 1},`.repeat(index === 0 ? 0 : 9)}]\n`),
  ],
  ['tags', fill('- !!str a\n')],
  ['tags of its own', fill('- !x a\n')],
  ['indicators', fill('|\n')],
  ['folded texts', fill('- >-\n  a\n')],
  ['deeper and deeper', list(300, (index) => `${' '.repeat(index)}a:\n`)],
  ['documents', fill('---\n')],
  ['directives', fill('%YAML 1.2\n')],
  ['tab stops', fill('\t')],
  ['entries without anything', fill('  - {}\n', named)],
  ['entries of one name', fill('  - name: a\n', named)],
  ['entries of many names', named + list(14_000, (index) => `  - name: n${index}\n`) + 'x: 1'],
  ['entries of patterns that overlap', named + list(9_000, (index) => `  - name: "a*b*${index}*"\n`)],
  ['gates without a key', `${named}  - name: a\n    gates: [${'{},'.repeat(60_000)}]`],
  ['gates of two keys', `${named}  - name: a\n    gates: [${'{x: 1, y: 2},'.repeat(15_000)}]`],
  [
    'windows that do not exist',
    `${named}  - name: a\n    gates: [{windows: [${list(25_000, (index) => `w${index},`)}]}]\nwindows:\n${list(3_000, (index) => `- name: v${index}\n`)}`,
  ],
  [
    'branch policies of the wrong kind',
    `${named}  - name: a\n    protection: {deployment_branch_policy: [${'3,'.repeat(100_000)}]}`,
  ],
  ['numbers that overflow', `version: ${'9'.repeat(200_000)}`],
  ['a duration without end', `${named}  - name: a\n    lifecycle: {inactivate_after: ${'9'.repeat(200_000)}d}`],
  ['a name of braces', `${named}  - name: "${'{a,'.repeat(60_000)}"`],
  [
    'windows of every zone',
    `version: 1\nwindows:\n${list(4_000, (index) => `- {name: w${index}, time_zone: Asia/Tokyo}\n`)}`,
  ],
  [
    'freezes without end',
    `version: 1\nfreezes:\n${list(5_000, (index) => `- {name: f${index}, to: 1969-01-01T00:00}\n`)}`,
  ],
  ['prototypes', '__proto__: {version: 1}\nconstructor: {prototype: 1}\nversion: 1'],
  ['half a character', 'version: 1 # \uD800'],
];

test.each(HOSTILE)('%s: answered with diagnostics, never with a crash', (_title, text) => {
  const diagnostics = checkPolicy(text, { now: 0, level: null });
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.filter(({ severity }) => severity === 'error').length).toBeLessThanOrEqual(201);
});

test('a file of more than 256 KiB is not even read', () => {
  const codes = (file: string | Uint8Array) => checkPolicy(file, { now: 0, level: null }).map(({ code }) => code);
  expect(codes('#'.repeat(LARGEST_FILE) + '\n')).toEqual(['yaml-too-large']);
  expect(codes(new Uint8Array(LARGEST_FILE + 10))).toEqual(['yaml-too-large']);
  expect(codes('ä'.repeat(LARGEST_FILE / 2 + 1))).toEqual(['yaml-too-large']);
  expect(codes(`version: 1 #${'ä'.repeat(LARGEST_FILE / 2 - 6)}`)).toEqual([]);
});

test('a file with more problems than anybody reads names the first, and how many there are', () => {
  const diagnostics = checkPolicy(
    list(500, (index) => `k${index}: 1\n`),
    { now: 0, level: null },
  );
  expect(diagnostics).toHaveLength(201);
  expect(diagnostics.at(-1)).toMatchObject({ code: 'more-problems' });
});
