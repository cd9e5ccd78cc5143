import { canSee } from '../state/installations.ts';
import type { Repository, RepositoryPermission, Team } from '../state/model.ts';
import { findRepository } from '../state/repositories.ts';
import { accountNamed, ofMembers, sameLogin } from './members.ts';
import { page } from './paging.ts';
import { notFound } from './problem.ts';
import { noContent, ok, textParam, type Addresses, type Call, type Reply, type Route } from './route.ts';
import { simpleTeam, simpleUser, webhookOrganization } from './shapes/accounts.ts';
import { fullRepository, listedRepository } from './shapes/repository.ts';

const TEAM = '/orgs/{org}/teams/{team_slug}';

/** https://docs.github.com/rest/teams */
export const teamRoutes: readonly Route[] = [
  ofMembers('GET /orgs/{org}/teams', (call) => {
    const teams = [...call.world.teams.values()].filter((each) => sameLogin(each.organization, textParam(call, 'org')));
    return page(call, teams, (items) =>
      items.map((each) => ({ ...simpleTeam(each, call.at), parent: parentOf(each, call.at) })),
    );
  }),
  ofMembers(`GET ${TEAM}`, (call) => ok(fullTeam(teamNamed(call), call.at))),
  ofMembers(`GET ${TEAM}/members`, (call) => {
    const members = [...teamNamed(call).members].sort((a, b) => a.id - b.id);
    return page(call, members, (items) => items.map((each) => simpleUser(each, call.at)));
  }),
  ofMembers(`GET ${TEAM}/memberships/{username}`, membership),
  ofMembers(`GET ${TEAM}/repos`, (call) => {
    const team = teamNamed(call);
    const seen = [...call.world.repositories.values()].filter(
      (each) => call.token !== null && canSee(call.world, call.token, each) && roleIn(team, each) !== undefined,
    );
    return page(call, seen, (items) =>
      items.map((each) => ({ ...listedRepository(each, call.at), ...roleData(roleIn(team, each)) })),
    );
  }),
  ofMembers(`GET ${TEAM}/repos/{owner}/{repo}`, teamRepository),
];

function teamNamed(call: Call): Team {
  const team = call.world.teams.get(`${textParam(call, 'org')}/${textParam(call, 'team_slug')}`.toLowerCase());
  if (team === undefined) throw notFound();
  return team;
}

export function parentOf(team: Team, at: Addresses) {
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

/** What a team may do, by itself or through the teams that it is in. */
function roleIn(team: Team, repository: Repository): RepositoryPermission | undefined {
  for (let each: Team | null = team; each !== null; each = each.parent) {
    const role = each.repositories.get(repository.id);
    if (role !== undefined && role !== 'none') return role;
  }
  return undefined;
}

function roleData(role: RepositoryPermission = 'none') {
  const rank = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  const permissions = { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 };
  return { role_name: role, permissions };
}

/** 204 where the team may read the repository; with the media type for it, the repository with what the team may do. */
function teamRepository(call: Call): Reply {
  const team = teamNamed(call);
  const repository = findRepository(call.world, textParam(call, 'owner'), textParam(call, 'repo'));
  if (repository === undefined || call.token === null || !canSee(call.world, call.token, repository)) throw notFound();
  const role = roleIn(team, repository);
  if (role === undefined) throw notFound();
  if (!call.accept.includes('repository')) return noContent();
  return ok({ ...fullRepository(repository, call.at), ...roleData(role) });
}
