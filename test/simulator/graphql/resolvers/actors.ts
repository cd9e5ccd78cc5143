import type { Account, Team } from '../../state/model.ts';
import { connect } from '../connection.ts';
import type { Context, Fields } from '../context.ts';

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

export const actorFields = { User: named, Organization: named, Bot: common };

export const teamFields: Fields<Team> = {
  id: (team) => team.nodeId,
  databaseId: (team) => team.id,
  name: (team) => team.slug,
  slug: (team) => team.slug,
  combinedSlug: (team) => `${team.organization.login}/${team.slug}`,
  organization: (team) => team.organization,
  members: (team, args) =>
    connect(
      [...team.members].sort((a, b) => a.id - b.id),
      args,
      { keyOf: ({ id }) => [id] },
    ),
  url: (team, _args, { at }: Context) => `${at.html}/orgs/${team.organization.login}/teams/${team.slug}`,
};
