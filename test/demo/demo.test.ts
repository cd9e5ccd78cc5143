import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeIn } from '../docs/markdown.ts';
import { useBuiltCommand, type CommandLine, type Ended } from '../server/processes.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

test('npm run demo builds it and runs it', () => {
  expect(scripts).toMatchObject({ predemo: 'npm run --silent build', demo: 'node dist/cli.js demo' });
});

describe('lockkeeper demo', () => {
  let lockkeeper: CommandLine;
  let run: Ended;
  beforeAll(async () => {
    lockkeeper = await useBuiltCommand();
    run = await lockkeeper.start(['demo'], {}).ended;
  }, 120_000);
  afterAll(() => lockkeeper.remove());

  test('ends by itself, and well', () => {
    expect(run.output).not.toContain('✗');
    expect(run.code).toBe(0);
  });

  test('says nothing but what is for the reader', () => {
    expect(run.output.split('\n').filter((line) => line !== '' && !line.startsWith('  '))).toEqual([]);
    expect(run.output).not.toMatch(/"level":|undefined|\[object /);
  });

  test('has no colour where nobody sees it, and keeps to its width', () => {
    expect(run.output).not.toContain('\u001b');
    expect(run.output.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('is what the README shows of it', () => {
    const [shown = ''] = codeIn(readFileSync('README.md', 'utf8'), 'text');
    expect(shown).not.toBe('');
    expect(run.output).toContain(shown);
  });

  test.each([
    ['a trial that changes nothing', '▹ would: review/pr-1 · deployment 1001: success → inactive'],
    ['a preview that got too old', 'inactivate_after: No status for more than 2 weeks.'],
    ['one that a label keeps', '✓ The preview of #2, as old, is kept by its label.'],
    ['builds that were superseded', 'one_active_per: Superseded by the newer deployment'],
    ['a force push', '✓ The replaced commit, which GitHub lists under no pull request now, was found.'],
    ['a merged pull request', 'pull_request_closed: Pull request #3 is closed.'],
    ['each workflow that is dispatched', '▸ teardown.yml dispatched for deployment 1028'],
    ['what a workflow is told to tear down', 'environment: review/pr-3'],
    ['an environment that goes', '▸ review/pr-3: the environment is deleted'],
    ['production', '✓ Both stand: no rule speaks of production.'],
    ['a branch that was deleted', 'ref_deleted: Ref spike/edge-cache is gone.'],
    ['a build that got stuck', 'in_progress → error'],
    ['a webhook that was lost', '✓ What was missed is mended.'],
    ['a typo in a proposed policy', 'There is no key "inactivate_aftr" here.'],
    ['a plan', '~ deployment 1004 manual (manual-01): success → inactive.'],
    ['a policy change that is held', '! changed_policy_held'],
    ['what it cost', /\d+ webhooks? · \d+ requests? to GitHub \(\d+ GraphQL, \d+ REST\) · (?:no|\d+) writes?/],
    ['what came of the checks', /verified +(\d+) of \1\n/],
    ['what it does not show', /Not shown here: gates, protection and deploy keys/],
  ])('tells of %s', (_, line) => {
    expect(run.output).toMatch(line);
  });
});
