import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As a person runs it, but for npm's own lines. */
async function runDemo(): Promise<Run> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn('npm', ['run', '--silent', 'demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

describe('npm run demo', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runDemo();
  }, 120_000);

  test('ends by itself, and well', () => {
    expect(run.stdout).not.toContain('✗');
    expect(run.code).toBe(0);
  });

  test('says nothing but what is for the reader', () => {
    // npm has its own opinion about the machine's configuration.
    expect(run.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm warn'))).toEqual([]);
    expect(run.stdout).not.toMatch(/"level":|\bat .+:\d+:\d+|undefined|\[object /);
  });

  test('has no colour where nobody sees it, and keeps to its width', () => {
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test.each([
    ['a trial that changes nothing', '▹ would: review/pr-1 · deployment 1001: success → inactive'],
    ['a preview that got too old', 'inactivate_after: No status for more than 2 weeks.'],
    ['one that a label keeps', '✓ The preview of #2, as old, is kept by its label.'],
    ['builds that were superseded', 'one_active_per: Superseded by the newer deployment'],
    ['a force push', '✓ The replaced commit, which GitHub lists under no pull request now, was found.'],
    ['a merged pull request', 'pull_request_closed: Pull request #3 is closed.'],
    ['what is dispatched to tear it down', 'environment: review/pr-3'],
    ['an environment that goes', '▸ review/pr-3: the environment is deleted'],
    ['production', '✓ Both stand: no rule speaks of production.'],
    ['a branch that was deleted', 'ref_deleted: Ref spike/edge-cache is gone.'],
    ['a build that got stuck', 'in_progress → error'],
    ['a webhook that was lost', '✓ What was missed is mended.'],
    ['a typo in a proposed policy', 'Did you mean `inactivate_after`?'],
    ['a plan', '~ deployment 1004 manual (manual-01): success → inactive.'],
    ['a policy change that is held', '! changed_policy_held'],
    ['what it cost', /\d+ webhooks? · \d+ requests? to GitHub \(\d+ GraphQL, \d+ REST\) · (?:no|\d+) writes?/],
    ['what came of the checks', /checks +\d+, all as told/],
  ])('tells of %s', (_, line) => {
    expect(run.stdout).toMatch(line);
  });
});
