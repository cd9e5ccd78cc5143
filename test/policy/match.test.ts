import { matchEntry, matchesRef } from '../../src/policy/match.ts';
import { policyOf } from './policy-of.ts';

function entryFor(names: readonly string[], environment: string): string | null {
  const entries = names.map((name) => `  - name: ${JSON.stringify(name)}`).join('\n');
  return matchEntry(policyOf(`version: 1\nenvironments:\n${entries}`), environment)?.name ?? null;
}

test.each([
  ['the entry of the exact name counts, wherever it stands', ['*', 'production'], 'production', 'production'],
  ['names are compared without regard to case', ['Production'], 'pRODUCTION', 'Production'],
  ['so are patterns', ['Review/*'], 'review/PR-1', 'Review/*'],
  ['the first pattern that matches counts', ['review/*', 'review/pr-*'], 'review/pr-1', 'review/*'],
  ['what none matches has no entry', ['review/*'], 'production', null],
  ['a pattern stays within a slash', ['review/*'], 'review/a/b', null],
])('%s', (_title, names, environment, expected) => {
  expect(entryFor(names, environment)).toBe(expected);
});

test('branches match branch patterns and tags match tag patterns, and case counts', () => {
  const patterns = ['main', 'release/*', { tag: 'v*' }];
  expect(matchesRef(patterns, { kind: 'branch', name: 'release/1' })).toBe(true);
  expect(matchesRef(patterns, { kind: 'tag', name: 'v1' })).toBe(true);
  expect(matchesRef(patterns, { kind: 'tag', name: 'main' })).toBe(false);
  expect(matchesRef(patterns, { kind: 'branch', name: 'v1' })).toBe(false);
  expect(matchesRef(patterns, { kind: 'branch', name: 'Main' })).toBe(false);
});
