import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupNames } from '../../src/commands/init/group-names.ts';
import { matchEntry } from '../../src/policy/match.ts';
import { policyOf } from '../policy/policy-of.ts';

test.each<[string, readonly string[], readonly string[]]>([
  ['a folder', ['review/a', 'review/b'], ['review/*']],
  ['a folder of one', ['review/a'], ['review/*']],
  ['branches with slashes', ['review/a', 'review/feature/b'], ['review/**']],
  ['numbers behind a dash', ['pr-1', 'pr-20'], ['pr-*']],
  ['one number behind a dash', ['pr-1'], ['pr-*']],
  ['numbers behind letters', ['pr1', 'pr20'], ['pr*']],
  ['words behind a dash', ['preview-login', 'preview-search'], ['preview-*']],
  ['a word behind a dash, alone', ['qa-east'], ['qa-east']],
  ['a name like no other', ['sandbox'], ['sandbox']],
  ['names that differ in case alone', ['Review/a', 'review/A', 'review/b'], ['Review/*']],
  ['several kinds, the narrower pattern first', ['pr1', 'pr-2', 'review/a'], ['review/*', 'pr-*', 'pr*']],
  ['names with the signs of patterns', ['a*/b', 'c?'], []],
  ['nothing', [], []],
])('%s', (_, names, patterns) => {
  expect(groupNames(names)).toEqual(patterns);
});

test('every name that is no pattern itself is matched by what comes of it', () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9/._-]{0,8}$/);
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), (names) => {
      const patterns = groupNames(names);
      const policy = policyOf(
        JSON.stringify({ version: 1, environments: patterns.map((pattern) => ({ name: pattern })) }),
      );
      for (const each of names) expect(matchEntry(policy, each)?.name).toBeDefined();
      expect(new Set(patterns).size).toBe(patterns.length);
    }),
  );
});
