import { describe, expect, test } from '@jest/globals';
import type { ExistingPattern } from '../../src/github/environments.ts';
import type { Protection } from '../../src/policy/schema.ts';
import { decide, environment, OCTOCAT, snapshot, SRE, words, type Given } from './case.ts';
import { decideProtection } from '../../src/protection/decide.ts';

const branch = (name: string, id = name.length): ExistingPattern => ({ type: 'branch', name, id });
const tag = (name: string, id = name.length): ExistingPattern => ({ type: 'tag', name, id });
const custom = (...patterns: readonly ExistingPattern[]): Given => ({ branchPolicy: 'custom', patterns });

describe('only what differs, and only what the entry names, is changed', () => {
  const cases: readonly (readonly [string, Protection, Given, readonly string[]])[] = [
    ['nothing named', {}, { waitTimer: 5, reviewers: [SRE], branchPolicy: 'protected' }, []],
    ['a wait timer that is so', { wait_timer: 5 }, { waitTimer: 5 }, []],
    ['a wait timer', { wait_timer: 30 }, { waitTimer: 5 }, ['wait_timer: 5 → 30']],
    ['no wait timer', { wait_timer: 0 }, { waitTimer: 5 }, ['wait_timer: 5 → 0']],
    ['reviewers', { reviewers: [{ team: 'sre' }] }, {}, ['reviewers: none → team sre']],
    [
      'reviewers, exactly',
      { reviewers: [{ team: 'sre' }] },
      { reviewers: [SRE, OCTOCAT] },
      ['reviewers: team sre, user octocat → team sre'],
    ],
    ['no reviewers', { reviewers: [] }, { reviewers: [SRE] }, ['reviewers: team sre → none']],
    [
      'the order of reviewers',
      { reviewers: [{ user: 'Octocat' }, { team: 'SRE' }] },
      { reviewers: [SRE, OCTOCAT] },
      [],
    ],
    ['a reviewer named twice', { reviewers: [{ team: 'sre' }, { team: 'SRE' }] }, { reviewers: [SRE] }, []],
    [
      'a team and a user of the same number',
      { reviewers: [{ team: 'sre' }] },
      { reviewers: [OCTOCAT] },
      ['reviewers: user octocat → team sre'],
    ],
    [
      'self review beside reviewers that are there',
      { prevent_self_review: true },
      { reviewers: [SRE] },
      ['prevent_self_review: false → true'],
    ],
    [
      'self review beside reviewers that come',
      { prevent_self_review: true, reviewers: [{ user: 'octocat' }] },
      {},
      ['reviewers: none → user octocat', 'prevent_self_review: false → true'],
    ],
    ['self review, allowed where nobody reviews', { prevent_self_review: false }, {}, []],
    ['all branches', { deployment_branch_policy: 'all' }, {}, []],
    [
      'protected branches',
      { deployment_branch_policy: 'protected' },
      {},
      ['deployment_branch_policy: all → protected'],
    ],
    [
      'all branches instead of patterns',
      { deployment_branch_policy: 'all' },
      custom(branch('main'), tag('v*')),
      ['deployment_branch_policy: [main, tag: v*] → all'],
    ],
    [
      'patterns instead of all branches',
      { deployment_branch_policy: ['main', { tag: 'v*' }] },
      {},
      ['deployment_branch_policy: all → patterns', '+ branch pattern main', '+ tag pattern v*'],
    ],
    [
      'other patterns: what is missing comes before what is surplus goes',
      { deployment_branch_policy: ['main', 'release/*'] },
      custom(branch('old'), branch('main')),
      ['+ branch pattern release/*', '- branch pattern old'],
    ],
    [
      'a branch pattern and a tag pattern of the same name',
      { deployment_branch_policy: ['v*'] },
      custom(tag('v*')),
      ['+ branch pattern v*', '- tag pattern v*'],
    ],
    [
      'the case of a pattern',
      { deployment_branch_policy: ['Main'] },
      custom(branch('main')),
      ['+ branch pattern Main', '- branch pattern main'],
    ],
    ['a pattern listed twice', { deployment_branch_policy: ['main', 'main'] }, custom(branch('main')), []],
    ['nobody', { deployment_branch_policy: [] }, custom(branch('main')), ['- branch pattern main']],
    ['a rule that is enabled', { custom_rules: ['Datadog'] }, { customRules: new Set(['datadog', 'other']) }, []],
    ['a rule', { custom_rules: ['Datadog'] }, {}, ['+ custom rule datadog']],
    ['a variable', { variables: { Level: 'info' } }, {}, ['+ variable LEVEL: info']],
    [
      'a variable of another value',
      { variables: { level: 'info' } },
      {
        variables: new Map([
          ['LEVEL', 'debug'],
          ['OTHER', 'x'],
        ]),
      },
      ['~ variable LEVEL: debug → info'],
    ],
    ['a variable that is so', { variables: { level: '' } }, { variables: new Map([['LEVEL', '']]) }, []],
    ['secrets that are there', { required_secrets: ['token'] }, { secrets: new Set(['TOKEN']) }, []],
    [
      'an environment that is missing',
      { wait_timer: 1, variables: { A: 'b' } },
      { exists: false },
      ['+ environment', 'wait_timer: 0 → 1', '+ variable A: b'],
    ],
  ];
  test.each(cases)('%s', (_name, protection, given, expected) => {
    const decided = decide(protection, given);
    expect(words(decided)).toEqual(expected);
    expect(decided.findings).toEqual([]);
    expect(decided.undone).toEqual(new Set());
  });
});

describe('an environment whose entry asks for what cannot be is left alone', () => {
  const cases: readonly (readonly [string, Protection, Given])[] = [
    ['reviewer_unknown', { wait_timer: 5, reviewers: [{ team: 'sre' }, { user: 'ghost' }] }, {}],
    ['reviewer_cannot_read', { wait_timer: 5, reviewers: [{ team: 'strangers' }] }, {}],
    ['self_review_without_reviewers', { wait_timer: 5, prevent_self_review: true }, {}],
    ['self_review_without_reviewers', { prevent_self_review: true, reviewers: [] }, { reviewers: [SRE] }],
    ['no_protected_branch', { wait_timer: 5, deployment_branch_policy: 'protected' }, { exists: false }],
  ];
  test.each(cases)('%s', (code, protection, given) => {
    const decided = decide(protection, given, { hasProtectedBranch: false });
    expect(decided.changes).toEqual([]);
    expect(decided.findings).toMatchObject([{ code, environment: 'production' }]);
    const named = [...Object.keys(protection), ...(given.exists === false ? ['creation'] : [])];
    expect(decided.undone).toEqual(new Set(named.map((key) => `${key} production`)));
  });

  test('the others are not', () => {
    const wrong = environment({ reviewers: [{ user: 'ghost' }] }, { name: 'Wrong' });
    const right = environment({ wait_timer: 5 }, { name: 'Right' });
    const decided = decideProtection(snapshot([wrong, right]), new Map());
    expect(decided.changes.map((change) => change.environment)).toEqual(['Right']);
    expect(decided.undone).toEqual(new Set(['reviewers wrong']));
  });
});

describe('what cannot be had is told, and the rest of the environment made so', () => {
  test('a rule of an app that is not offered', () => {
    const decided = decide({ custom_rules: ['nobody', 'datadog'], wait_timer: 5 });
    expect(words(decided)).toEqual(['+ custom rule datadog', 'wait_timer: 0 → 5']);
    expect(decided.findings).toMatchObject([{ code: 'custom_rule_unavailable' }]);
    expect(decided.undone).toEqual(new Set(['custom_rules production']));
  });

  test('rules in a repository of which nobody knows what it is offered', () => {
    const decided = decide({ custom_rules: ['datadog'] }, { exists: false }, { ruleApps: null });
    expect(words(decided)).toEqual(['+ environment']);
    expect(decided.findings).toEqual([]);
    expect(decided.undone).toEqual(new Set(['custom_rules production']));
  });

  test('secrets that are missing', () => {
    const decided = decide({ required_secrets: ['token', 'KEY'], wait_timer: 5 }, { secrets: new Set(['KEY']) });
    expect(words(decided)).toEqual(['wait_timer: 0 → 5']);
    expect(decided.findings).toMatchObject([{ code: 'secret_missing' }]);
    expect(decided.findings[0]?.message).toContain('TOKEN');
  });

  const keys = [
    ['wait_timer', { wait_timer: 5 }],
    ['reviewers', { reviewers: [{ user: 'ghost' }], prevent_self_review: true }],
    ['prevent_self_review', { prevent_self_review: true }],
    ['deployment_branch_policy', { deployment_branch_policy: ['main'] }],
    ['custom_rules', { custom_rules: ['datadog'] }],
    ['variables', { variables: { A: 'b' } }],
    ['required_secrets', { required_secrets: ['A'] }],
  ] as const;
  test.each(keys)('%s, where GitHub does not allow it', (key, protection) => {
    const decided = decide(protection, {}, { leftOut: new Map([[key, 'HTTP 403']]) });
    expect(decided.changes).toEqual([]);
    expect(decided.findings).toEqual([]);
    expect(decided.undone).toEqual(new Set([`${key} production`]));
  });

  test('an environment that may not be created', () => {
    const decided = decide({ variables: { A: 'b' } }, { exists: false }, { leftOut: new Map([['creation', 'no']]) });
    expect(decided.changes).toEqual([]);
    expect(decided.undone).toEqual(new Set(['creation production', 'variables production']));
  });
});

test('values of variables are shown where not everybody can read the report, and nowhere else', () => {
  const protection: Protection = { variables: { A: 'new', B: 'b' } };
  const given: Given = { variables: new Map([['A', 'old']]) };
  expect(words(decide(protection, given, { isPublic: false }))).toEqual(['~ variable A: old → new', '+ variable B: b']);
  for (const isPublic of [true, null]) {
    expect(words(decide(protection, given, { isPublic }))).toEqual(['~ variable A', '+ variable B']);
  }
});

test('what is not named goes along as it was', () => {
  const [change] = decide(
    { wait_timer: 30 },
    { reviewers: [SRE], preventSelfReview: true, branchPolicy: 'custom' },
  ).changes;
  expect(change).toMatchObject({
    expect: { waitTimer: 0, reviewers: [SRE], preventSelfReview: true, branchPolicy: 'custom' },
    to: { waitTimer: 30 },
  });
});
