import { checkPolicy } from '../../src/policy/check.ts';
import { deploymentFalse } from '../../src/policy/lint/deployment-false.ts';
import { environmentMissing } from '../../src/policy/lint/environment-missing.ts';
import { noCodeOwner } from '../../src/policy/lint/no-code-owner.ts';
import { matchEntry } from '../../src/policy/match.ts';
import type { Budget } from '../../src/policy/pattern-machine.ts';
import { MOST_FOR_GATES, MOST_FOR_NAMES } from '../../src/policy/pattern-costs.ts';
import { environmentJobs, MOST_JOBS, MOST_TEXT } from '../../src/policy/workflow-jobs.ts';
import { sourceOf } from './source-of.ts';
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

describe('how much work patterns may ask for', () => {
  const codes = (text: string) =>
    checkPolicy(text, { now: 0, level: null }).map(({ code, effect }) => `${code} ${effect}`);
  const costly = '*?'.repeat(120);
  const braces = `{${'a,'.repeat(400)}a}`;

  test.each([
    ['names of entries', named + list(900, (i) => `  - name: "${costly}${i}"\n`)],
    ['a freeze', `version: 1\nfreezes: [{ name: f, environments: [${list(900, (i) => `"${costly}${i}",`)}] }]`],
    ['repositories', `version: 1\nrepositories: [${list(900, (i) => `"${costly}${i}",`)}]`],
    ['braces', named + list(20, (i) => `  - name: "${i}${braces}"\n`)],
    [
      'all of them together',
      `${named}${list(200, (i) => `  - name: "${costly}${i}"\n`)}freezes: [{ name: f, environments: [${list(200, (i) => `"${costly}${i}",`)}] }]`,
    ],
  ])('a policy whose %s ask for too much does not parse', (_, text) => {
    expect(codes(text)).toContain('too-many-patterns file');
  });

  test.each([
    ['checks', `checks: [${list(30, (i) => `"${costly}${i}",`)}]`],
    ['refs', `ref: [${list(30, (i) => `{ tag: "${costly}${i}" },`)}]`],
    ['checks by their names', `checks: [${list(300, (i) => `build-${i},`)}]`],
  ])('an entry of which a gate has too many %s is left alone', (_, gate) => {
    expect(codes(`${named}  - name: a\n    gates: [{ ${gate} }]`)).toEqual(['too-many-patterns entry']);
  });

  test.each([
    ['300 environments, each with checks and refs of its own', 300, '- checks: [build, "e2e / *", "deploy-{eu,us}"]'],
    ['2,000 environments of exact names', 2_000, '- ref: [main, "release/*"]'],
  ])('%s are no trouble', (_, count, gate) => {
    const names = list(count, (i) => `  - name: env-${i}\n    gates: [${gate.slice(2).replace(/^/, '{ ')} }]\n`);
    expect(codes(named + names)).toEqual([]);
  });

  test('250 patterns with alternatives and a year of freezes are no trouble', () => {
    const names = list(250, (i) => `  - name: "{dev,staging,qa}-team-${i}/*"\n`);
    const freezes = list(
      52,
      (i) => `  - { name: f${i}, from: 2026-01-01T00:00, environments: ["{prod,eu}-*", production] }\n`,
    );
    expect(codes(`${named}${names}freezes:\n${freezes}`)).toEqual([]);
  });

  test('the most that a policy may ask for is little to match, and is asked once for a name', () => {
    const most = Math.floor(MOST_FOR_NAMES / 10) - 10;
    const { policy } = sourceOf(
      'a',
      named + list(most, (i) => `  - name: "${'*?'.repeat(60)}${1000 + i}${'*?'.repeat(30)}"\n`),
    );
    const budget: Budget = { steps: 0 };
    const name = 'a'.repeat(255);
    matchEntry(policy, name, budget);
    expect(-budget.steps).toBeLessThanOrEqual(MOST_FOR_NAMES * 256);
    const once = budget.steps;
    matchEntry(policy, name, budget);
    expect(budget.steps).toBe(once);
    expect(MOST_FOR_GATES).toBeLessThan(MOST_FOR_NAMES);
  });
});

describe('what a pull request from anywhere can have looked through', () => {
  const STEPS = 1_000_000;
  const evil = sourceOf(
    'a',
    named +
      list(
        300,
        (i) => `  - name: "${'*?'.repeat(60)}${1000 + i}${'*?'.repeat(30)}"\n    gates: [{ max_in_progress: 1 }]\n`,
      ),
  );

  test('jobs of environments that patterns have to be asked about are, to an end', () => {
    const jobs = Array.from({ length: 500 }, (_, i) => ({
      workflow: '.github/workflows/a.yml',
      job: `j${i}`,
      environment: `${'a'.repeat(245)}${i}x`,
      deployment: false,
    }));
    const budget: Budget = { steps: STEPS };
    expect(deploymentFalse(evil, jobs, budget)).toEqual([]);
    // The last that was asked about went beyond it.
    expect(budget.steps).toBeGreaterThan(-MOST_FOR_NAMES * 256);
    expect(budget.steps).toBeLessThan(0);
  });

  test('an environment of a name that is none is not asked about', () => {
    const text = `jobs: { a: { environment: ${'a'.repeat(256)} }, b: { environment: ${'b'.repeat(255)} } }`;
    expect(environmentJobs([{ path: 'a.yml', text }]).map(({ job }) => job)).toEqual(['b']);
  });

  test('more jobs or more text than anybody has are not', () => {
    const many = `jobs:\n${list(MOST_JOBS + 500, (i) => `  j${i}: { environment: a }\n`)}`;
    expect(environmentJobs([{ path: 'a.yml', text: many }])).toHaveLength(MOST_JOBS);
    const one = { path: 'b.yml', text: 'jobs: { a: { environment: a } }' };
    expect(environmentJobs([{ path: 'a.yml', text: '#'.repeat(MOST_TEXT) }, one])).toEqual([]);
  });

  test('a workflow’s merge keys make no more of it', () => {
    const text = 'base: &base { environment: a }\njobs: { a: { <<: *base } }';
    expect(environmentJobs([{ path: 'a.yml', text }])).toEqual([]);
  });

  test('warnings of a kind are as many as anybody reads', () => {
    const jobs = Array.from({ length: 500 }, (_, i) => ({
      workflow: 'w',
      job: `j${i}`,
      environment: 'a',
      deployment: false,
    }));
    const gated = sourceOf(
      'a',
      `${named}  - name: a\n    gates: [${list(500, (i) => `{ succeeded_in: { environment: e${i} } },`)}]`,
    );
    expect(deploymentFalse(gated, jobs)).toHaveLength(20);
    expect(environmentMissing(gated, [])).toHaveLength(20);
  });

  test('CODEOWNERS is looked through to an end, past which nothing is said', () => {
    const lines = list(4_000, (i) => `${'*?'.repeat(50)}${i} @octocat\n`);
    const budget: Budget = { steps: 100_000 };
    expect(noCodeOwner(evil, { codeowners: lines, path: '.github/deployments.yml' }, budget)).toEqual([]);
    expect(budget.steps).toBeLessThan(0);
    expect(budget.steps).toBeGreaterThan(-10_000);
  });

  test('a CODEOWNERS of many lines for other places is looked through whole', () => {
    const lines = list(20_000, (i) => `/packages/p${i}/**/*.ts @octocat\n`);
    expect(noCodeOwner(evil, { codeowners: lines, path: '.github/deployments.yml' })).toHaveLength(1);
    expect(noCodeOwner(evil, { codeowners: `/.github/ @octocat\n${lines}`, path: '.github/deployments.yml' })).toEqual(
      [],
    );
  });
});
