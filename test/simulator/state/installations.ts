import type { Account, Installation, Permissions, Repository, Token } from './model.ts';
import { permissionOf } from './repositories.ts';
import { randomToken } from './accounts.ts';
import type { World } from './world.ts';

/** What app.yml asks for in full. */
export const ALL_PERMISSIONS: Permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'read',
  statuses: 'read',
  members: 'read',
  deployments: 'write',
  checks: 'write',
  actions: 'write',
  administration: 'write',
  environments: 'write',
  variables: 'write',
  actions_variables: 'write',
  secrets: 'read',
};

const HOUR = 3_600_000;

export function addInstallation(
  world: World,
  options: {
    readonly owner: Account;
    readonly selected: Set<number> | null;
    readonly permissions?: Permissions | undefined;
  },
): Installation {
  const now = world.clock.now();
  const installation: Installation = {
    id: world.nextId('installation'),
    account: options.owner,
    selected: options.selected,
    permissions: { metadata: 'read', ...(options.permissions ?? ALL_PERMISSIONS) },
    suspendedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  world.installations.set(installation.id, installation);
  return installation;
}

/** The installation that includes a repository. */
export function installationOf(world: World, repository: Repository): Installation | undefined {
  return [...world.installations.values()].find((installation) => includes(installation, repository));
}

export function includes(installation: Installation, repository: Repository): boolean {
  if (repository.owner !== installation.account) return false;
  return installation.selected?.has(repository.id) ?? true;
}

export function repositoriesOf(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter((repository) => includes(installation, repository));
}

/** Makes a token that lives for an hour of the wall clock. */
export function issueToken(
  world: World,
  installation: Installation,
  narrowed: { readonly repositories: ReadonlySet<number> | null; readonly permissions: Permissions },
): Extract<Token, { kind: 'installation' }> {
  const token = {
    kind: 'installation',
    value: randomToken('ghs'),
    installation,
    repositories: narrowed.repositories,
    permissions: narrowed.permissions,
    expiresAt: world.wall() + HOUR,
  } as const;
  world.tokens.set(token.value, token);
  return token;
}

/** Whether a token lets its holder see a repository at all. */
export function canSee(world: World, token: Token, repository: Repository): boolean {
  if (token.kind === 'user') return permissionOf(world, repository, token.user) !== 'none';
  if (!includes(token.installation, repository)) return false;
  return token.repositories?.has(repository.id) ?? true;
}

const USER_NEEDS = { read: ['read', 'triage', 'write', 'maintain', 'admin'], write: ['write', 'maintain', 'admin'] };

/** Whether a token may read or write one kind of thing in a repository that it can see. */
export function may(
  world: World,
  token: Token,
  need: { readonly repository: Repository; readonly permission: string; readonly level: 'read' | 'write' },
): boolean {
  if (token.kind === 'user') {
    const has = permissionOf(world, need.repository, token.user);
    return need.permission === 'administration' ? has === 'admin' : USER_NEEDS[need.level].includes(has);
  }
  // A permission that was taken from the installation is gone from the tokens that it has, too.
  return grants(token.permissions, need) && grants(token.installation.permissions, need);
}

export function grants(
  permissions: Permissions,
  need: { readonly permission: string; readonly level: string },
): boolean {
  const has = permissions[need.permission];
  return has === 'write' || (has !== undefined && has === need.level);
}
