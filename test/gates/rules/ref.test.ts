import { expect, test } from '@jest/globals';
import { ask, known, told, unreadable, type Given } from '../case.ts';

const branch = (name: string): Given => ({ ref: { kind: 'branch', name } });
const tag = (name: string): Given => ({ ref: { kind: 'tag', name } });
const commit = (...branches: string[]): Given => ({
  ref: { kind: 'commit', name: 'a'.repeat(40) },
  facts: { containedIn: known(branches) },
});
const gone = (of: string, ...branches: string[]): Given => ({
  ref: { kind: 'commit', name: 'a'.repeat(40), of },
  facts: { containedIn: known(branches) },
});
const unread: Given = { ref: { kind: 'commit', name: 'a'.repeat(40) }, facts: { containedIn: unreadable } };

test.each<[string, string, Given, string]>([
  ['a branch that is listed', '[main]', branch('main'), 'passes: ref_matches'],
  ['a branch that is not', '[main]', branch('feature'), 'fails: ref_does_not_match'],
  ['a branch in another case', '[main]', branch('Main'), 'fails: ref_does_not_match'],
  ['a branch that a pattern matches', '["release/*"]', branch('release/1'), 'passes: ref_matches'],
  ['a branch deeper than `*` goes', '["release/*"]', branch('release/1/2'), 'fails: ref_does_not_match'],
  ['the second of two patterns', '[main, "release/*"]', branch('release/1'), 'passes: ref_matches'],
  ['a tag that a `tag` pattern matches', '[{ tag: "v*" }]', tag('v1.0'), 'passes: ref_matches'],
  ['a tag of a branch’s name', '[main]', tag('main'), 'fails: ref_does_not_match'],
  ['a branch of a tag’s name', '[{ tag: "v*" }]', branch('v1.0'), 'fails: ref_does_not_match'],
  ['a commit in a branch that matches', '[main, "release/*"]', commit('release/1'), 'passes: ref_matches'],
  ['a commit in no such branch', '[main]', commit(), 'fails: ref_does_not_match'],
  ['a commit in a branch that another gate asked for', '[main]', commit('release/1'), 'fails: ref_does_not_match'],
  ['a commit where only tags may', '[{ tag: "v*" }]', unread, 'fails: ref_does_not_match'],
  ['a branch or a tag that is gone and would match', '["release/*"]', gone('release/1'), 'waits: fact_unreadable'],
  ['one that would match as a tag', '[{ tag: "v*" }]', gone('v1'), 'waits: fact_unreadable'],
  ['one that would match neither way', '[main, { tag: "v*" }]', gone('feature'), 'fails: ref_does_not_match'],
  ['one whose commit is in a branch that matches', '[main]', gone('feature', 'main'), 'passes: ref_matches'],
  ['a commit of which that cannot be read', '[main]', unread, 'waits: fact_unreadable'],
])('%s (%s)', (_title, patterns, given, expected) => {
  expect(told(ask(`{ ref: ${patterns} }`, given))).toBe(expected);
});

test('says what is asked for, what was seen, and what helps', () => {
  expect(ask('{ ref: [main, { tag: "v*" }] }', branch('feature'))).toMatchObject({
    required: 'branch main or tag v*',
    seen: 'branch feature',
    unblockedBy: 'a new deployment, from a ref that matches',
  });
});
