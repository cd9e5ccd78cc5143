import type { Account, Team } from '../../state/model.ts';
import { grants } from '../../state/installations.ts';
import { connect } from '../connection.ts';
import type { Args, Context, Fields } from '../context.ts';
import { forbidden } from '../problem.ts';

const common: Fields<Account> = {
  id: (account) => account.nodeId,
  databaseId: (account) => account.id,
  // GraphQL has a bot's login without the suffix that REST has.
  login: (account) => account.login.replace(/\[bot\]$/, ''),
  avatarUrl: (account, _args, { at }) => `${at.html}/avatars/u/${account.id}`,
  resourcePath: (account) => pathOf(account),
  url: (account, _args, { at }) => at.html + pathOf(account),
};

function pathOf(account: Account): string {
  return account.kind === 'Bot' ? `/apps/${account.login.replace(/\[bot\]$/, '')}` : `/${account.login}`;
}

const named: Fields<Account> = { ...common, name: (account) => account.login };

const organization: Fields<Account> = { ...named, team: (account, args, context) => teamOf(account, args, context) };

export const actorFields = { User: named, Organization: organization, Bot: common };

/** An installation needs `members: read` of its own organisation; people see it all here. */
function teamOf(account: Account, args: Args, { world, token }: Context): Team | null {
  if (token.kind === 'installation') {
    const need = { permission: 'members', level: 'read' } as const;
    const isOwn = token.installation.account === account;
    if (!isOwn || !grants(token.permissions, need) || !grants(token.installation.permissions, need)) throw forbidden();
  }
  return world.teams.get(`${account.login}/${String(args['slug'])}`.toLowerCase()) ?? null;
}

export const teamFields: Fields<Team> = {
  id: (team) => team.nodeId,
  databaseId: (team) => team.id,
  name: (team) => team.slug,
  slug: (team) => team.slug,
  combinedSlug: (team) => `${team.organization.login}/${team.slug}`,
  organization: (team) => team.organization,
  members: (team, args, { world }) => connect(membersOf(team, args, world), args, { keyOf: ({ id }) => [id] }),
  url: (team, _args, { at }: Context) => `${at.html}/orgs/${team.organization.login}/teams/${team.slug}`,
};

/** Those of child teams are members too, unless only immediate ones are asked for. `query` is a part of the login. */
function membersOf(team: Team, args: Args, world: Context['world']): Account[] {
  const teams =
    args['membership'] === 'IMMEDIATE' ? [team] : [...world.teams.values()].filter((each) => isWithin(each, team));
  const query = typeof args['query'] === 'string' ? args['query'].toLowerCase() : '';
  return [...new Set(teams.flatMap(({ members }) => [...members]))]
    .filter(({ login }) => login.toLowerCase().includes(query))
    .sort((a, b) => a.id - b.id);
}

function isWithin(team: Team | null, outer: Team): boolean {
  return team !== null && (team === outer || isWithin(team.parent, outer));
}
