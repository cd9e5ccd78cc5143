import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { lintPolicy } from '../../src/policy/lint.ts';
import { parsePolicy } from '../../src/policy/parse.ts';

const folders = ['../../examples/', '../golden/policy/'].map((path) => new URL(path, import.meta.url));
const texts = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);

/** What must hold of the answer to any text. */
function expectSoundAnswer(text: string): void {
  const { policy, diagnostics, locate } = parsePolicy(text);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const lint = policy === null ? [] : lintPolicy({ policy, locate, now: 0, level: 'repository' });
  for (const { line, column, endLine, endColumn, message } of [...diagnostics, ...lint]) {
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(endLine).toBe(line);
    expect(endColumn).toBeGreaterThanOrEqual(column);
    expect(message).not.toBe('');
  }
  const effects = new Set(diagnostics.map(({ effect }) => effect));
  expect(policy === null).toBe(effects.has('file'));
  if (policy === null) return;
  expect(policy.environments.some(({ unusable }) => unusable.length > 0)).toBe(effects.has('entry'));
}

const token = fc.constantFrom(
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    ': ',
    ', ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a ',
    '*a',
    '!',
    '!!str ',
    '|\n',
    '>',
    '#',
    '%',
  ],
  ...[
    '? ',
    '---\n',
    '...\n',
    '\t',
    '\r\n',
    '~',
    'null',
    'true',
    '1',
    '1.5',
    '30m',
    '14d',
    '2026-01-01T00:00',
    '\\',
    '\uFEFF',
  ],
  ...[
    'version: 1\n',
    'environments:',
    'name: ',
    'gates:',
    'checks: ',
    'windows:',
    'lifecycle:',
    'protection:',
    '<<: ',
    '__proto__',
  ],
);

test('any string has a sound answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectSoundAnswer), { numRuns: 200 });
});

test('anything made of what YAML and policies are made of has a sound answer', () => {
  const text = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(''));
  fc.assert(fc.property(text, expectSoundAnswer), { numRuns: 400 });
});

test('a policy with a piece torn out or put in has a sound answer', () => {
  const torn = fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(),
      fc.nat(40),
      fc.oneof(fc.constant(''), token, fc.string({ maxLength: 8 })),
    )
    .map(([text, start, length, piece]) => {
      const from = start % (text.length + 1);
      return text.slice(0, from) + piece + text.slice(from + length);
    });
  fc.assert(fc.property(torn, expectSoundAnswer), { numRuns: 400 });
});

/** A policy's keys with values of any kind. */
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      50_000,
      '',
      'a',
      '*',
      '{',
      '30m',
      '11y',
      '09:00',
      'main',
      'octocat',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'version',
          'mode',
          'environments',
          'name',
          'protection',
          'reviewers',
          'team',
          'user',
          'gates',
          'ref',
          'tag',
          'creator',
        ],
        ...[
          'checks',
          'windows',
          'succeeded_in',
          'environment',
          'for',
          'forward_only',
          'lifecycle',
          'delete',
          'freezes',
          'from',
          'to',
        ],
        ...[
          'deploy_keys',
          'allow',
          'title',
          'key',
          'limits',
          'variables',
          'deployment_branch_policy',
          'bypass',
          'promote',
          '__proto__',
        ],
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value;

test('any mapping of known keys has a sound answer', () => {
  const file = fc.tuple(
    fc.dictionary(fc.constantFrom('mode', 'environments', 'windows', 'freezes', 'limits', 'deploy_keys'), anyValue),
    fc.boolean(),
  );
  fc.assert(
    fc.property(file, ([rest, versioned]) => {
      expectSoundAnswer(JSON.stringify(versioned ? { version: 1, ...rest } : rest, null, 1));
    }),
    { numRuns: 200 },
  );
});
