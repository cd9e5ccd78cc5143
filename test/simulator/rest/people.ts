import { canSee, grants } from '../state/installations.ts';
import type { Account, Team } from '../state/model.ts';
import { findRepository, permissionOf } from '../state/repositories.ts';
import { page } from './paging.ts';
import { notAccessible, notFound, requiresAuthentication } from './problem.ts';
import { inRepository, noContent, ok, textParam, type Addresses, type Call, type Reply, type Route } from './route.ts';
import { integration, simpleTeam, simpleUser, webhookOrganization } from './shapes/accounts.ts';
import { fullRepository } from './shapes/repository.ts';

const TEAM = '/orgs/{org}/teams/{team_slug}';

/** https://docs.github.com/rest/teams, …/users and …/collaborators */
export const peopleRoutes: readonly Route[] = [
  ofMembers(`GET ${TEAM}`, (call) => ok(fullTeam(teamNamed(call), call.at))),
  ofMembers(`GET ${TEAM}/members`, (call) => {
    const members = [...teamNamed(call).members].sort((a, b) => a.id - b.id);
    return page(call, members, (items) => items.map((each) => simpleUser(each, call.at)));
  }),
  ofMembers(`GET ${TEAM}/memberships/{username}`, membership),
  ofMembers(`GET ${TEAM}/repos/{owner}/{repo}`, teamRepository),
  ofMembers('GET /orgs/{org}/teams', (call) => {
    const teams = [...call.world.teams.values()].filter((each) => sameLogin(each.organization, textParam(call, 'org')));
    return page(call, teams, (items) =>
      items.map((each) => ({ ...simpleTeam(each, call.at), parent: parentOf(each, call.at) })),
    );
  }),
  inRepository('GET /repos/{owner}/{repo}/teams', 'administration:read', (call) => {
    const teams = [...call.world.teams.values()].filter((each) => each.repositories.has(call.repository.id));
    return page(call, teams, (items) =>
      items.map((each) => ({
        ...simpleTeam(each, call.at),
        permission: LEGACY[each.repositories.get(call.repository.id) ?? 'none'],
        parent: parentOf(each, call.at),
      })),
    );
  }),
  inRepository('GET /repos/{owner}/{repo}/collaborators/{username}/permission', 'metadata:read', (call) => {
    const user = accountNamed(call, 'username');
    const role = permissionOf(call.world, call.repository, user);
    const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
    const has = (...roles: string[]) => roles.includes(role);
    return ok({
      permission,
      role_name: role,
      user: {
        ...simpleUser(user, call.at),
        role_name: role,
        permissions: {
          admin: has('admin'),
          maintain: has('admin', 'maintain'),
          push: has('admin', 'maintain', 'write'),
          triage: has('admin', 'maintain', 'write', 'triage'),
          pull: !has('none'),
        },
      },
    });
  }),
  withToken('GET /users/{username}', (call) => ok(profile(accountNamed(call, 'username'), call.at))),
  withToken('GET /orgs/{org}', (call) => {
    const account = accountNamed(call, 'org');
    if (account.kind !== 'Organization') throw notFound();
    return ok({
      ...profile(account, call.at),
      ...webhookOrganization(account, call.at),
      has_organization_projects: true,
      has_repository_projects: true,
      archived_at: null,
    });
  }),
  withToken('GET /user', (call) => {
    if (call.token?.kind !== 'user') throw notAccessible();
    return ok(profile(call.token.user, call.at));
  }),
  withToken('GET /apps/{app_slug}', (call) => {
    const app = call.world.apps.get(textParam(call, 'app_slug'));
    if (app === undefined) throw notFound();
    return ok(integration(app, call.at));
  }),
];

const LEGACY = {
  none: 'pull',
  read: 'pull',
  triage: 'triage',
  write: 'push',
  maintain: 'maintain',
  admin: 'admin',
} as const;

function withToken(template: string, run: (call: Call) => Reply): Route {
  return {
    template,
    run: (call) => {
      if (call.token === null) throw requiresAuthentication();
      return run(call);
    },
  };
}

/** What an installation needs `members: read` in that organisation for; people see it all here. */
function ofMembers(template: string, run: (call: Call) => Reply): Route {
  return withToken(template, (call) => {
    const { token } = call;
    if (token?.kind !== 'installation') return run(call);
    if (!sameLogin(token.installation.account, textParam(call, 'org'))) throw notFound();
    const need = { permission: 'members', level: 'read' };
    if (!grants(token.permissions, need) || !grants(token.installation.permissions, need)) throw notAccessible();
    return run(call);
  });
}

const sameLogin = (account: Account, login: string) => account.login.toLowerCase() === login.toLowerCase();

function accountNamed(call: Call, parameter: string): Account {
  const account = call.world.accounts.get(textParam(call, parameter).toLowerCase());
  if (account === undefined) throw notFound();
  return account;
}

function teamNamed(call: Call): Team {
  const team = call.world.teams.get(`${textParam(call, 'org')}/${textParam(call, 'team_slug')}`.toLowerCase());
  if (team === undefined) throw notFound();
  return team;
}

function parentOf(team: Team, at: Addresses) {
  return team.parent === null ? null : simpleTeam(team.parent, at);
}

const BORN = '2024-01-01T00:00:00Z';

function fullTeam(team: Team, at: Addresses) {
  return {
    ...simpleTeam(team, at),
    parent: parentOf(team, at),
    members_count: team.members.size,
    repos_count: team.repositories.size,
    created_at: BORN,
    updated_at: BORN,
    organization: {
      ...webhookOrganization(team.organization, at),
      html_url: `${at.html}/${team.organization.login}`,
      type: 'Organization',
      created_at: BORN,
      updated_at: BORN,
      archived_at: null,
      public_repos: 1,
      public_gists: 0,
      followers: 0,
      following: 0,
      has_organization_projects: true,
      has_repository_projects: true,
    },
  };
}

/** Members of child teams are members too. */
function membership(call: Call): Reply {
  const team = teamNamed(call);
  const user = accountNamed(call, 'username');
  const isMember = [...call.world.teams.values()].some((each) => each.members.has(user) && isWithin(each, team));
  if (!isMember) throw notFound();
  const url = `${call.at.api}/organizations/${team.organization.id}/team/${team.id}/memberships/${user.login}`;
  return ok({ url, role: 'member', state: 'active' });
}

function isWithin(team: Team | null, outer: Team): boolean {
  return team !== null && (team === outer || isWithin(team.parent, outer));
}

/** 204 where the team may read the repository; with the media type for it, the repository with what the team may do. */
function teamRepository(call: Call): Reply {
  const team = teamNamed(call);
  const repository = findRepository(call.world, textParam(call, 'owner'), textParam(call, 'repo'));
  if (repository === undefined || call.token === null || !canSee(call.world, call.token, repository)) throw notFound();
  let role = team.repositories.get(repository.id);
  for (let outer = team.parent; role === undefined && outer !== null; outer = outer.parent) {
    role = outer.repositories.get(repository.id);
  }
  if (role === undefined || role === 'none') throw notFound();
  if (!call.accept.includes('repository')) return noContent();
  const rank = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  const permissions = { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 };
  return ok({ ...fullRepository(repository, call.at), role_name: role, permissions });
}

function profile(account: Account, at: Addresses) {
  return {
    ...simpleUser(account, at),
    name: account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: BORN,
    updated_at: BORN,
  };
}
