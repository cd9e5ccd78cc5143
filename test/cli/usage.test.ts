import { describe, expect, test } from '@jest/globals';
import { freePort } from '../server/ports.ts';
import { startPlace } from './github.ts';
import { useCommandLine } from './command-line.ts';

const lockkeeper = useCommandLine('each');

describe('wrong usage is named on stderr, and ends with 2', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown command', ['explode'], "unknown command 'explode'"],
    ['an unknown option', ['plan', '--repo', 'acme/shop', '--hard'], "unknown option '--hard'"],
    ['a missing option', ['plan'], "required option '--repo <owner/name>' not specified"],
    ['a repository without its owner', ['apply', '--repo', 'shop'], "option '--repo <owner/name>' argument 'shop'"],
    ['a repository that is a step in a path', ['plan', '--repo', 'o/..'], 'Write it as OWNER/NAME'],
    ['a repository that is no step further', ['plan', '--repo', 'o/.'], 'Write it as OWNER/NAME'],
    ['an option without its value', ['plan', '--repo', 'acme/shop', '--policy'], "option '--policy <file>'"],
    ['an argument too many', ['validate', 'a.yml', 'b.yml'], 'too many arguments'],
    ['a file that is not there', ['plan', '--repo', 'acme/shop', '--policy', 'no.yml'], 'no.yml cannot be read'],
    ['a missing token', ['plan', '--repo', 'acme/shop'], 'GITHUB_TOKEN is missing'],
  ])('%s', async (_, args, told) => {
    const { code, stdout, stderr } = await lockkeeper.call(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n/);
    expect(stderr).toContain(told);
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['an address that is none', 'GITHUB_API_URL', { GITHUB_API_URL: 'github.example.com' }],
    ['an address with a password', 'GITHUB_API_URL', { GITHUB_API_URL: 'http://user:sekrit@127.0.0.1:1' }],
    ['an address with a user', 'GITHUB_API_URL', { GITHUB_API_URL: 'http://sekrit@127.0.0.1:1' }],
    ['an address with a query', 'GITHUB_API_URL', { GITHUB_API_URL: 'http://127.0.0.1:1/?token=sekrit' }],
    ['an address with a fragment', 'GITHUB_API_URL', { GITHUB_API_URL: 'http://127.0.0.1:1/#sekrit' }],
    ['a token of two lines', 'GITHUB_TOKEN', { GITHUB_TOKEN: 'sekrit\nsekrit' }],
    ['a token with an accent', 'GITHUB_TOKEN', { GITHUB_TOKEN: 'sekrité' }],
    ['a token of other letters', 'GITHUB_TOKEN', { GITHUB_TOKEN: 'sekrit→' }],
  ])('%s, in one line that does not repeat it', async (_, variable, more) => {
    const { code, stdout, stderr } = await lockkeeper.call(['plan', '--repo', 'acme/shop'], {
      GITHUB_TOKEN: 'x',
      ...more,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(variable);
    expect(stderr).not.toContain('sekrit');
  });
});

describe('what GitHub does not answer is told in one line, and ends with 7', () => {
  test('a repository that is not there, or that the token may not see', async () => {
    const { environment, github, as } = await startPlace({ private: true });
    const missing = await lockkeeper.call(['plan', '--repo', 'acme/nothing'], environment);
    expect(missing).toEqual({
      code: 7,
      stdout: '',
      stderr: 'error: GitHub has no repository acme/nothing, or the token may not see it.\n',
    });
    const unseen = await lockkeeper.call(['apply', '--repo', 'acme/shop', '--json'], as('stranger', 'none'));
    expect({ ...unseen, stderr: '' }).toEqual({ code: 7, stdout: '', stderr: '' });
    expect(github.requests.writes()).toEqual([]);
  });

  test('a token that GitHub refuses', async () => {
    const { environment } = await startPlace();
    const refused = { ...environment, GITHUB_TOKEN: 'ghp_notatoken' };
    const { code, stdout, stderr } = await lockkeeper.call(['init', '--repo', 'acme/shop'], refused);
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(stderr).toMatch(/^error: GitHub refused the token in GITHUB_TOKEN\.[^\n]+Bad credentials[^\n]*\n$/);
    expect(stderr).not.toContain('ghp_notatoken');
  });

  test('a GitHub that is not there', async () => {
    const environment = {
      GITHUB_TOKEN: 'x',
      GITHUB_API_URL: `http://127.0.0.1:${await freePort()}`,
      GITHUB_PACING: 'off',
    };
    const { code, stdout, stderr } = await lockkeeper.call(['plan', '--repo', 'acme/shop'], environment);
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(stderr).toBe(
      `error: GitHub could not be reached at ${environment.GITHUB_API_URL}. GET /repos/{owner}/{repo}: no answer\n`,
    );
  });

  test.each([
    ['plan', []],
    ['explain', ['--environment', 'production', '--ref', 'main']],
    ['replay', []],
  ])('%s says what is wrong with a file before it asks a GitHub that is not there', async (command, more) => {
    const environment = { GITHUB_TOKEN: 'x', GITHUB_API_URL: `http://127.0.0.1:${await freePort()}` };
    await lockkeeper.write('broken.yml', 'version: 1\nenvironment: []\n');
    const given = [command, '--repo', 'acme/shop', ...more, '--policy', 'broken.yml'];
    const { code, stdout, stderr } = await lockkeeper.call(given, environment);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^broken\.yml:2:1 error unknown-key /);
    expect(stderr).toMatch(/^error: The policy has errors: [^\n]+\n$/);
  });

  test('a GitHub that fails', async () => {
    const { environment, github } = await startPlace({ policy: 'version: 1\nenvironments: [{ name: a }]\n' });
    github.faults.add({ match: 'Policies', action: '502', times: 100 });
    const { code, stdout, stderr } = await lockkeeper.call(['plan', '--repo', 'acme/shop', '--json'], environment);
    expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
    expect(stderr).toMatch(/^error: GitHub could not be reached at [^\n]+HTTP 502[^\n]*\n$/);
  });
});

describe('help', () => {
  test.each([['--help'], ['plan', '--help']])('is on stdout where it was asked for: %s %s', async (...args) => {
    const { code, stdout, stderr } = await lockkeeper.call(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: lockkeeper');
  });

  test('says the exit codes', async () => {
    const { stdout } = await lockkeeper.call(['--help']);
    for (const code of ['0 done', '1 the policy', '2 wrong usage', '3 with', '4 done in part', '7 GitHub']) {
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(code);
    }
  });

  test('the version is that of the package', async () => {
    const { code, stdout } = await lockkeeper.call(['--version']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
