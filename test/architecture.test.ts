import { describe, expect, test } from '@jest/globals';
import { findBadNames, findCasts, findDefaultExports, findLongFiles } from './architecture/form.ts';
import { findCycles, findWrongArrows } from './architecture/layers.ts';
import { findForeignTypes, findImpurities } from './architecture/purity.ts';
import { parseSource, readSources, type Source } from './architecture/source.ts';
import { findReads, findWrites } from './architecture/writes.ts';

type Rule = (sources: readonly Source[]) => readonly string[];

const sources = readSources('src');

describe('the source keeps its rules', () => {
  test.each<[string, Rule]>([
    ['what decides, parses, merges and matches is pure, whatever it imports', findImpurities],
    ['what is pure does not know the types of Octokit or Probot', findForeignTypes],
    ['only changes/apply writes to GitHub', findWrites],
    ['only observe and load read GitHub', findReads],
    ['arrows run one way, and features do not import one another', findWrongArrows],
    ['no files import one another in a ring', findCycles],
    ['unsafe casts are in github/trusted.ts alone', findCasts],
    ['no file is longer than 300 lines', findLongFiles],
    ['files are named in kebab-case, for what is in them', findBadNames],
    ['nothing is exported as a default, but the Probot application', findDefaultExports],
  ])('%s', (_, rule) => {
    expect(rule(sources)).toEqual([]);
  });

  test('there is source to look at', () => {
    expect(sources.length).toBeGreaterThan(5);
  });
});

describe('a source that breaks a rule is caught', () => {
  test.each<[string, Rule, Record<string, string>, string]>([
    [
      'the clock',
      findImpurities,
      { 'src/gates/decide.ts': 'const now = Date.now();' },
      'src/gates/decide.ts:1 is not pure: Date.now',
    ],
    [
      'a clock without a name',
      findImpurities,
      { 'src/lifecycle/decide.ts': '\nconst now = new Date();' },
      'src/lifecycle/decide.ts:2 is not pure: new Date()',
    ],
    ['chance', findImpurities, { 'src/gates/rules/ref.ts': 'Math.random();' }, 'Math.random'],
    ['a logger', findImpurities, { 'src/policy/parse-entry.ts': 'console.info(1);' }, 'console.info'],
    ['the environment', findImpurities, { 'src/policy/merge.ts': "process.env['X'];" }, 'process.env'],
    ['the machine’s time zone', findImpurities, { 'src/policy/calendar.ts': 'date.getHours();' }, 'date.getHours'],
    ['a timer', findImpurities, { 'src/policy/match.ts': 'setTimeout(f, 1);' }, 'setTimeout'],
    [
      'a module of Node’s',
      findImpurities,
      { 'src/changes/change.ts': "import { hash } from 'node:crypto';" },
      'imports node:crypto',
    ],
    [
      'a module that is loaded late',
      findImpurities,
      { 'src/changes/change.ts': "await import('pino');" },
      'imports pino',
    ],
    [
      'a module by way of an export',
      findImpurities,
      { 'src/gates/decide.ts': "export { x } from 'octokit';" },
      'imports octokit',
    ],
    [
      'an impurity behind two imports',
      findImpurities,
      {
        'src/gates/decide.ts': "import { a } from '../policy/a.ts';",
        'src/policy/a.ts': "export { b } from './b.ts';",
        'src/policy/b.ts': 'export const b = Date.now();',
      },
      'src/policy/b.ts:1 is not pure: Date.now (src/gates/decide.ts imports it)',
    ],
    [
      'a type of Octokit’s',
      findForeignTypes,
      { 'src/gates/decide.ts': "import type { Octokit } from 'octokit';" },
      'types of octokit',
    ],
    [
      'a write',
      findWrites,
      { 'src/gates/observe.ts': 'github.send(route, {});' },
      'src/gates/observe.ts:1 writes: send',
    ],
    [
      'a write in a reply’s clothes',
      findWrites,
      { 'src/server.ts': "import 'fastify';\nimport { x } from './github/port.ts';\nx.send(1);" },
      'src/server.ts:3 writes: send',
    ],
    [
      'a write that was taken out first',
      findWrites,
      { 'src/jobs/run-job.ts': 'const { mutate } = github;' },
      'writes: mutate',
    ],
    ['a write by name', findWrites, { 'src/jobs/run-job.ts': "github['mutate'](d, {});" }, 'writes: mutate'],
    [
      'the writer',
      findWrites,
      { 'src/lifecycle/observe.ts': "import type { GitHubWriter } from '../github/port.ts';" },
      'knows GitHubWriter',
    ],
    ['a mutation', findWrites, { 'src/lifecycle/documents.ts': 'const m = `\n  mutation M { a }`;' }, 'names a write'],
    [
      'a route that changes something',
      findWrites,
      { 'src/cli/apply.ts': "const r = 'DELETE /repos/{owner}/{repo}';" },
      'names a write',
    ],
    [
      'a read in a renderer',
      findReads,
      { 'src/reports/render.ts': "import type { GitHubReader } from '../github/port.ts';" },
      'knows GitHubReader',
    ],
    [
      'a read in a decision',
      findReads,
      { 'src/gates/decide.ts': "import { type GitHub } from '../github/port.ts';" },
      'knows GitHub',
    ],
    [
      'an arrow upwards',
      findWrongArrows,
      { 'src/github/client.ts': "import { a } from '../policy/load.ts';" },
      'arrows do not run from github to policy',
    ],
    [
      'an arrow upwards, of a type',
      findWrongArrows,
      { 'src/policy/load.ts': "import type { A } from '../gates/a.ts';" },
      'arrows do not run from policy to gates',
    ],
    [
      'an arrow to a door',
      findWrongArrows,
      { 'src/jobs/run-job.ts': "import { a } from '../settings.ts';" },
      'arrows do not run from jobs to settings',
    ],
    [
      'a feature that knows another',
      findWrongArrows,
      { 'src/gates/decide.ts': "import { a } from '../lifecycle/a.ts';" },
      'arrows do not run from gates to lifecycle',
    ],
    [
      'a folder without a place',
      findWrongArrows,
      { 'src/extras/a.ts': "import { a } from '../github/ids.ts';" },
      'extras has no place',
    ],
    [
      'a simulator in the app',
      findWrongArrows,
      { 'src/cli/demo.ts': "await import('../../test/simulator/index.ts');" },
      'imports test/simulator/index.ts',
    ],
    [
      'a ring',
      findCycles,
      { 'src/a.ts': "import './b.ts';", 'src/b.ts': "import './a.ts';" },
      'src/a.ts → src/b.ts → src/a.ts',
    ],
    [
      'a cast',
      findCasts,
      { 'src/gates/observe.ts': 'const a = b as Deployment;' },
      'src/gates/observe.ts:1 casts: b as Deployment',
    ],
    [
      'a cast by way of unknown',
      findCasts,
      { 'src/github/client.ts': 'const a = b as unknown as A;' },
      'casts: b as unknown as A',
    ],
    ['a cast in angle brackets', findCasts, { 'src/github/client.ts': 'const a = <A>b;' }, 'casts: <A>b'],
    ['a compiler that was silenced', findCasts, { 'src/app.ts': '// @ts-ignore\nf();' }, 'casts: @ts-ignore'],
    ['a file that is too long', findLongFiles, { 'src/app.ts': 'f();\n'.repeat(301) }, 'src/app.ts has 301 lines'],
    ['a name in camel case', findBadNames, { 'src/runJob.ts': '' }, 'src/runJob.ts'],
    ['a name that says nothing', findBadNames, { 'src/policy/utils.ts': '' }, 'src/policy/utils.ts'],
    [
      'a default export',
      findDefaultExports,
      { 'src/server.ts': 'export default function run() {}' },
      'src/server.ts:1',
    ],
    ['a default export of a value', findDefaultExports, { 'src/server.ts': 'export default 1;' }, 'src/server.ts:1'],
    [
      'a default export by another name',
      findDefaultExports,
      { 'src/server.ts': 'export { a as default };' },
      'src/server.ts:1',
    ],
  ])('%s', (_, rule, files, problem) => {
    const broken = Object.entries(files).map(([path, text]) => parseSource(path, text));
    expect(rule(broken).join('\n')).toContain(problem);
  });
});

describe('a source that keeps the rules is let be', () => {
  test.each<[string, Rule, Record<string, string>]>([
    ['a moment that was given', findImpurities, { 'src/gates/decide.ts': 'const at = new Date(now).getUTCHours();' }],
    [
      'a type from an impure file',
      findImpurities,
      { 'src/gates/decide.ts': "import type { A } from './a.ts';", 'src/gates/a.ts': "import 'node:fs';" },
    ],
    ['a library that computes', findImpurities, { 'src/policy/parse.ts': "import { z } from 'zod';" }],
    ['a write where writes belong', findWrites, { 'src/changes/apply-status.ts': "github.send('POST /x', {});" }],
    [
      'an HTTP reply',
      findWrites,
      { 'src/server/health.ts': "import type { FastifyReply } from 'fastify';\nreply.send(1);" },
    ],
    [
      'a webhook that becomes a job',
      findWrongArrows,
      { 'src/webhooks/push.ts': "import type { Job } from '../jobs/job.ts';" },
    ],
    ['const assertions and satisfies', findCasts, { 'src/app.ts': 'const a = { b: 1 } as const satisfies A;' }],
    ['a ring of types', findCycles, { 'src/a.ts': "import './b.ts';", 'src/b.ts': "import type { A } from './a.ts';" }],
  ])('%s', (_, rule, files) => {
    expect(rule(Object.entries(files).map(([path, text]) => parseSource(path, text)))).toEqual([]);
  });
});
