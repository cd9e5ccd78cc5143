import type { Account, RepositoryPermission } from '../state/model.ts';
import { permissionOf } from '../state/repositories.ts';
import { accountNamed } from './members.ts';
import { page } from './paging.ts';
import { notFound } from './problem.ts';
import { inRepository, noContent, ok, type RepositoryCall, type Route } from './route.ts';
import { simpleTeam, simpleUser } from './shapes/accounts.ts';
import { parentOf } from './teams.ts';

const REPO = '/repos/{owner}/{repo}';
const ALL = `${REPO}/collaborators`;

/** https://docs.github.com/rest/collaborators/collaborators */
export const collaboratorRoutes: readonly Route[] = [
  inRepository(`GET ${ALL}`, 'metadata:read', (call) => {
    const people = [...call.world.accounts.values()].filter((each) => isCollaborator(call, each));
    return page(call, people, (items) => items.map((each) => collaboratorData(call, each)));
  }),
  inRepository(`GET ${ALL}/{username}`, 'metadata:read', (call) => {
    if (!isCollaborator(call, accountNamed(call, 'username'))) throw notFound();
    return noContent();
  }),
  inRepository(`GET ${ALL}/{username}/permission`, 'metadata:read', (call) => {
    const user = accountNamed(call, 'username');
    const role = roleOf(call, user);
    // The older word knows neither maintain nor triage.
    const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
    return ok({ permission, role_name: role, user: collaboratorData(call, user) });
  }),
  inRepository(`GET ${REPO}/teams`, 'administration:read', (call) => {
    const teams = [...call.world.teams.values()].filter((each) => each.repositories.has(call.repository.id));
    return page(call, teams, (items) =>
      items.map((each) => ({
        ...simpleTeam(each, call.at),
        permission: TEAM_WORDS[each.repositories.get(call.repository.id) ?? 'none'],
        parent: parentOf(each, call.at),
      })),
    );
  }),
];

const TEAM_WORDS = {
  none: 'pull',
  read: 'pull',
  triage: 'triage',
  write: 'push',
  maintain: 'maintain',
  admin: 'admin',
} as const;

function roleOf({ world, repository }: RepositoryCall, user: Account): RepositoryPermission {
  return permissionOf(world, repository, user);
}

/** Somebody with more than what everybody has. */
function isCollaborator(call: RepositoryCall, user: Account): boolean {
  const role = roleOf(call, user);
  return user.kind === 'User' && role !== 'none' && (call.repository.private || role !== 'read');
}

function collaboratorData(call: RepositoryCall, user: Account) {
  const role = roleOf(call, user);
  const rank = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  const permissions = { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 };
  return { ...simpleUser(user, call.at), role_name: role, permissions };
}
