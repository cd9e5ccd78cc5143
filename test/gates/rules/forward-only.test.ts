import { expect, test } from '@jest/globals';
import { ask, known, told, unreadable, type Given } from '../case.ts';

const SRE = '{ rollback_by: { teams: [sre] } }';
type Facts = NonNullable<Given['facts']>;
type Ancestry = Extract<NonNullable<Facts['ancestry']>, { kind: 'known' }>['value'];

function lies(ancestry: Ancestry, rest: Facts = {}): Given {
  return {
    facts: {
      ancestry: known(ancestry),
      succeededHere: known(true),
      creatorTeams: known(new Set(['sre'])),
      ...rest,
    },
  };
}

test.each<[string, string, Given, string]>([
  ['nothing active', 'true', lies('nothing_active'), 'passes: forward'],
  ['the active commit', 'true', lies('same'), 'passes: forward'],
  ['a descendant', 'true', lies('descendant'), 'passes: forward'],
  ['an ancestor', 'true', lies('ancestor'), 'fails: not_forward'],
  ['one that diverged', 'true', lies('diverged'), 'fails: not_forward'],
  ['an active commit that is gone', 'true', lies('active_gone'), 'waits: active_commit_gone'],
  ['an active commit that is gone, whoever it is', SRE, lies('active_gone'), 'waits: active_commit_gone'],
  ['an unread relation', 'true', { facts: { ancestry: unreadable } }, 'waits: fact_unreadable'],
  ['a rollback by who may', SRE, lies('ancestor'), 'passes: rollback_allowed'],
  ['a rollback to another line', SRE, lies('diverged'), 'passes: rollback_allowed'],
  ['a rollback by somebody else', SRE, lies('ancestor', { creatorTeams: known(new Set()) }), 'fails: not_forward'],
  ['a rollback to what never succeeded', SRE, lies('ancestor', { succeededHere: known(false) }), 'fails: not_forward'],
  [
    'a rollback to what perhaps succeeded',
    SRE,
    lies('ancestor', { succeededHere: unreadable }),
    'waits: fact_unreadable',
  ],
  ['a rollback by who perhaps may', SRE, lies('ancestor', { creatorTeams: unreadable }), 'waits: fact_unreadable'],
  ['a rollback by nobody known', SRE, { ...lies('ancestor'), creator: unreadable }, 'waits: fact_unreadable'],
  [
    'a rollback to what never succeeded, by nobody known',
    SRE,
    { ...lies('ancestor', { succeededHere: known(false) }), creator: unreadable },
    'fails: not_forward',
  ],
  [
    'a rollback by somebody else to what perhaps succeeded',
    '{ rollback_by: { users: [mona] } }',
    lies('ancestor', { succeededHere: unreadable }),
    'fails: not_forward',
  ],
  [
    'a rollback by a user who may',
    '{ rollback_by: { users: [octocat] } }',
    lies('diverged', { creatorTeams: unreadable }),
    'passes: rollback_allowed',
  ],
])('%s (%s)', (_title, value, given, expected) => {
  expect(told(ask(`{ forward_only: ${value} }`, given))).toBe(expected);
});

test('says how it lies, and who may roll back', () => {
  expect(ask(`{ forward_only: ${SRE} }`, lies('ancestor'))).toMatchObject({
    required: 'forward, or rolled back by team sre',
    seen: 'an ancestor of the active commit, rolled back by octocat, in team sre',
  });
});
