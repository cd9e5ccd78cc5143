import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readPages } from './markdown.ts';

const { scripts, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
};
const commands = [...readFileSync('src/cli.ts', 'utf8').matchAll(/\.command\('([a-z]+)/g)].map(
  ([, name]) => name ?? '',
);
const readme = readFileSync('README.md', 'utf8');

/** npm's own commands, and those that are short for a script. */
const NPM = new Set(['ci', 'install', 'run']);
const SHORT = new Set(['start', 'test']);

/** Commands as people would copy them: what stands in code, inline and between fences. */
function codeOf(text: string): readonly string[] {
  const fences = [...text.matchAll(/^( *)```(?:sh|console)?\n([\s\S]*?)^\1```/gm)].map(([, , code]) => code ?? '');
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
  return [...fences, ...inline];
}

function unknownCommands(text: string): readonly string[] {
  return codeOf(text).flatMap((code) => [
    ...[...code.matchAll(/\bnpm (?:run (?:--?[\w-]+ )*)?([\w:-]+)/g)]
      .filter(([call, name = '']) =>
        call.startsWith('npm run ') ? !(name in scripts) : !NPM.has(name) && !(SHORT.has(name) && name in scripts),
      )
      .map(([call]) => call),
    ...[...code.matchAll(/\blockkeeper (\w+)/g)]
      .filter(([, name = '']) => !commands.includes(name))
      .map(([call]) => call),
    ...[...code.matchAll(/(?:^|\s)(?:\.\/|node )([\w./-]+)/g)]
      .filter(([, path = '']) => !path.startsWith('dist/') && !existsSync(path))
      .map(([call]) => call.trim()),
  ]);
}

const pages = readPages().filter(({ path }) => !path.startsWith('docs/decisions/'));

test.each(pages.map(({ path, text }) => [path, text] as const))('every command in %s exists', (_, text) => {
  expect(unknownCommands(text)).toEqual([]);
});

describe('a command that does not exist is found', () => {
  test.each(['npm run nothing', 'npm nothing', 'lockkeeper nothing', './nothing.sh', 'node nothing.mjs'])(
    '%s',
    (call) => {
      expect(unknownCommands(`Type \`${call}\`.`)).toEqual([call]);
      expect(unknownCommands(`\`\`\`sh\n${call}\n\`\`\`\n`)).toEqual([call]);
    },
  );
});

test('the README names every command of the command line', () => {
  expect(Object.keys(bin)).toEqual(['lockkeeper']);
  expect(commands.filter((name) => !readme.includes(`lockkeeper ${name}`))).toEqual([]);
});

test.each(['npm ci && npm run demo', 'npm ci && npm test', 'npm start'])('the README shows `%s`', (command) => {
  expect(readme).toContain(command);
});
