import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../src/commands/exit-code.ts';
import { codeIn, tablesIn } from '../docs/markdown.ts';
import { deployed, policyFor } from '../scenarios/deployed.ts';
import { useCommandLine } from './command-line.ts';
import { startPlace } from './github.ts';

const lockkeeper = useCommandLine();
const page = readFileSync('docs/cli.md', 'utf8');

/** The sections below "Commands": the call as the heading has it, and the options of its table. */
const documented = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = ''] = section.split('\n');
      const [text = ''] = section.split(/^## /m);
      const options = tablesIn(text).map(([option = '']) => option.replaceAll('`', ''));
      return [heading.replace(/^lockkeeper /, ''), options.sort()] as const;
    }),
);

async function helpOf(...command: readonly string[]): Promise<string> {
  return (await lockkeeper.call([...command, '--help'])).stdout;
}

/** The left column of a part of the help, without what every command has. */
function listed(help: string, part: string): readonly string[] {
  const [, lines = ''] = new RegExp(`^${part}:\n((?:  .*\n)+)`, 'm').exec(help) ?? [];
  return lines
    .split('\n')
    .flatMap((line) => /^ {2}(\S.*?)(?: {2,}|$)/.exec(line)?.[1] ?? [])
    .filter((name) => !/^(?:-h|-V|help)\b/.test(name));
}

test('the page has every command and no other', async () => {
  const commands = listed(await helpOf(), 'Commands').map((call) => call.replace(' [options]', ''));
  expect([...documented.keys()].sort()).toEqual([...commands].sort());
});

test.each([...documented].map(([call, options]) => [call.split(' ')[0] ?? '', options] as const))(
  'the page has every option of %s and no other',
  async (command, options) => {
    expect([...listed(await helpOf(command), 'Options')].sort()).toEqual(options);
  },
);

test('the page has every exit code and no other', () => {
  const [, section = ''] = page.split('## Exit codes');
  const [table = ''] = section.split(/^## /m);
  expect(tablesIn(table).map(([code]) => Number(code))).toEqual(Object.values(EXIT));
});

describe('the page’s JSON documents have the keys that there are', () => {
  const [validate = '', plan = '', apply = '', init = '', explain = '', replay = ''] = codeIn(page, 'json');

  const GATES = policyFor('production', undefined, {
    environments: [{ name: 'production', gates: [{ checks: ['build'] }] }],
  });

  test.each([
    ['validate broken.yml', validate],
    ['plan --repo acme/shop', plan],
    ['apply --repo acme/shop', apply],
    ['init --repo acme/shop', init],
    ['explain --repo acme/shop --environment production --ref main', explain],
    ['replay --repo acme/shop', replay],
  ])('%s', async (call, example) => {
    await lockkeeper.write('broken.yml', 'version: 1\nenvironments:\n  - name: a\n    lifcycle: {}\n');
    const { shop, environment } = await startPlace({
      policy: /^(?:explain|replay)/.test(call) ? GATES : policyFor('review/*'),
    });
    shop.createDeployment({ ref: 'main', environment: 'production' }).setStatus('success');
    const pull = shop.openPullRequest({ head: 'a' });
    deployed(shop, { ref: 'a' });
    pull.close();
    const { stdout } = await lockkeeper.call([...call.split(' '), '--json'], environment);
    expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(example)));
  });
});

/** Keys, with the types of what they lead to; lists by their first item. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? [shapeOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}
