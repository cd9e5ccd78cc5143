import { expect, test } from '@jest/globals';
import { ask, known, told, unreadable, type Given } from '../case.ts';

const by = (login: string, teams: readonly string[] = [], app: string | null = null): Given => ({
  creator: known({ login, app }),
  facts: { creatorTeams: known(new Set(teams)) },
});

test.each<[string, string, Given, string]>([
  ['a user who is listed', '{ users: [mona] }', by('mona'), 'passes: creator_listed'],
  ['a user who is listed in another case', '{ users: [Mona] }', by('mOna'), 'passes: creator_listed'],
  ['a user who is not', '{ users: [mona] }', by('eve'), 'fails: creator_not_listed'],
  ['a member of a listed team', '{ teams: [Deployers, sre] }', by('mona', ['deployers']), 'passes: creator_listed'],
  ['a member of another team', '{ teams: [deployers] }', by('mona', ['sre']), 'fails: creator_not_listed'],
  [
    'the bot of a listed app',
    '{ apps: [Deploy-Bot] }',
    by('deploy-bot[bot]', [], 'deploy-bot'),
    'passes: creator_listed',
  ],
  ['the bot of another app', '{ apps: [deploy-bot] }', by('other[bot]', [], 'other'), 'fails: creator_not_listed'],
  ['a bot that is listed as a user', '{ users: ["x[bot]"] }', by('x[bot]', [], 'x'), 'passes: creator_listed'],
  ['a user of an app’s name', '{ apps: [deploy-bot] }', by('deploy-bot'), 'fails: creator_not_listed'],
  ['anybody, where nobody is listed', '{}', by('mona'), 'fails: creator_not_listed'],
  ['somebody who cannot be read', '{ users: [mona] }', { creator: unreadable }, 'waits: fact_unreadable'],
  ['somebody whose teams cannot be read', '{ teams: [sre] }', {}, 'waits: fact_unreadable'],
  ['a listed user whose teams cannot be read', '{ teams: [sre], users: [octocat] }', {}, 'passes: creator_listed'],
  [
    'a bot, which is in no team',
    '{ teams: [sre] }',
    { creator: known({ login: 'x[bot]', app: 'x' }) },
    'fails: creator_not_listed',
  ],
])('%s (%s)', (_title, actors, given, expected) => {
  expect(told(ask(`{ creator: ${actors} }`, given))).toBe(expected);
});

test('says whom the policy lists, and who it was', () => {
  expect(ask('{ creator: { teams: [sre], users: [mona], apps: [bot] } }', by('eve'))).toMatchObject({
    required: 'created by team sre, mona or app bot',
    seen: 'eve',
    unblockedBy: 'a new deployment by team sre, mona or app bot',
  });
});
