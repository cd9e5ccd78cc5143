import { randomBytes } from 'node:crypto';
import type { Account, App, Team } from './model.ts';
import type { World } from './world.ts';

export type Registry = Pick<World, 'accounts' | 'apps' | 'nodes' | 'nextId'>;

const NODE_PREFIXES = { User: 'U', Organization: 'O', Bot: 'BOT' } as const;

/** An opaque id in the form of GitHub's: a prefix for the kind, then what nobody should take apart. */
export function nodeId(prefix: string, id: number | string): string {
  return `${prefix}_${Buffer.from(`${prefix}:${id}`).toString('base64url')}`;
}

/** The account of that login, made where there is none. Logins are compared without regard to case. */
export function account(world: Registry, login: string, kind: Account['kind'] = 'User'): Account {
  const known = world.accounts.get(login.toLowerCase());
  if (known !== undefined) return known;
  const id = world.nextId('account');
  const made: Account = { kind, id, nodeId: nodeId(NODE_PREFIXES[kind], id), login };
  world.accounts.set(login.toLowerCase(), made);
  world.nodes.set(made.nodeId, made);
  return made;
}

/** Adds an app with its bot, or finds the one of that slug. */
export function addApp(
  world: Registry,
  options: { readonly slug: string; readonly id?: number; readonly owner?: string },
): App {
  const known = world.apps.get(options.slug);
  if (known !== undefined) return known;
  const id = options.id ?? world.nextId('app');
  const app: App = {
    id,
    slug: options.slug,
    name: options.slug.replace(
      /(^|-)([a-z])/g,
      (_, dash: string, letter: string) => (dash && ' ') + letter.toUpperCase(),
    ),
    clientId: `Iv23li${id.toString(36).padStart(14, '0')}`,
    owner: account(world, options.owner ?? 'octo-apps', 'Organization'),
    bot: account(world, `${options.slug}[bot]`, 'Bot'),
  };
  world.apps.set(app.slug, app);
  return app;
}

/** The app whose bot this is. */
export function appOfBot(world: World, bot: Account): App | null {
  if (bot.kind !== 'Bot') return null;
  return [...world.apps.values()].find((app) => app.bot === bot) ?? null;
}

export function randomToken(prefix: string): string {
  return `${prefix}_${randomBytes(27).toString('base64url').replace(/[-_]/g, '0')}`;
}

/** Adds a person's token. It reaches what the person owns or may do. */
export function addUserToken(world: World, user: Account): string {
  const value = randomToken('ghp');
  world.tokens.set(value, { kind: 'user', value, user });
  return value;
}

export function addTeam(
  world: World,
  options: {
    readonly organization: string;
    readonly slug: string;
    readonly members: readonly string[];
    readonly parent?: Team | null;
  },
): Team {
  const organization = account(world, options.organization, 'Organization');
  const key = `${organization.login}/${options.slug}`.toLowerCase();
  const known = world.teams.get(key);
  const id = world.nextId('team');
  const team: Team = known ?? {
    kind: 'Team',
    id,
    nodeId: nodeId('T', id),
    organization,
    slug: options.slug,
    members: new Set(),
    repositories: new Map(),
    parent: options.parent ?? null,
  };
  for (const member of options.members) team.members.add(account(world, member));
  world.teams.set(key, team);
  world.nodes.set(team.nodeId, team);
  return team;
}
