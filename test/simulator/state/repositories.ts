import { createGit } from './git.ts';
import type { Account, Repository, RepositoryPermission } from './model.ts';
import { account, nodeId } from './accounts.ts';
import type { World } from './world.ts';

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean | undefined;
  readonly defaultBranch?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly paidFeatures?: boolean | undefined;
  readonly reviewRules?: boolean | undefined;
  readonly parent?: Repository | undefined;
}

/** Adds a repository without commits. An owner that is not known becomes an organisation. */
export function addRepository(world: World, options: NewRepository): Repository {
  const { parent } = options;
  const now = world.clock.now();
  const id = world.nextId('repository');
  const repository: Repository = {
    kind: 'Repository',
    id,
    nodeId: nodeId('R', id),
    owner: account(world, options.owner, 'Organization'),
    name: options.name,
    private: options.private ?? false,
    archived: options.archived ?? false,
    defaultBranch: options.defaultBranch ?? 'main',
    paidFeatures: options.paidFeatures ?? true,
    reviewRules: options.reviewRules ?? options.paidFeatures ?? true,
    parent: parent ?? null,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    git: createGit(parent?.git.objects),
    protectedBranches: new Set(),
    pullRequests: [],
    pullRequestsByCommit: new Map(),
    deployments: { byId: new Map(), all: [], byEnvironment: new Map(), byCommit: new Map() },
    environments: new Map(),
    labels: new Map(),
    commitStatuses: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    checkRunsByCommit: new Map(),
    deployKeys: new Map(),
    deployKeysForbidden: false,
    collaborators: new Map(),
    variables: new Map(),
    secrets: new Map(),
    workflowRuns: new Map(),
    workflowIds: new Map(),
    dispatches: [],
  };
  world.repositories.set(id, repository);
  world.repositoryNames.set(nameKey(repository.owner.login, repository.name), repository);
  world.nodes.set(repository.nodeId, repository);
  return repository;
}

function nameKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** By its name, or by one that it had before. Names are compared without regard to case. */
export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  return world.repositoryNames.get(nameKey(owner, name));
}

/** Whether this is what the repository is called now, and not before. */
export function isCurrentName(repository: Repository, owner: string, name: string): boolean {
  return nameKey(owner, name) === nameKey(repository.owner.login, repository.name);
}

/** Gives a repository another name or owner; the former name leads to it until another repository takes it. */
export function moveRepository(world: World, repository: Repository, to: { owner?: string; name?: string }): void {
  const before = { name: repository.name, owner: repository.owner };
  if (to.owner !== undefined) repository.owner = account(world, to.owner, 'Organization');
  if (to.name !== undefined) repository.name = to.name;
  repository.updatedAt = world.clock.now();
  world.repositoryNames.set(nameKey(repository.owner.login, repository.name), repository);
  const changes =
    to.owner === undefined
      ? { repository: { name: { from: before.name } } }
      : {
          owner: {
            from: {
              [before.owner.kind === 'User' ? 'user' : 'organization']: {
                login: before.owner.login,
                id: before.owner.id,
              },
            },
          },
        };
  world.emit({
    name: 'repository',
    action: to.owner === undefined ? 'renamed' : 'transferred',
    repository,
    changes,
    sender: defaultSender(world),
  });
}

export function setArchived(world: World, repository: Repository, archived: boolean): void {
  repository.archived = archived;
  repository.updatedAt = world.clock.now();
  world.emit({
    name: 'repository',
    action: archived ? 'archived' : 'unarchived',
    repository,
    sender: defaultSender(world),
  });
}

export function setDefaultBranch(world: World, repository: Repository, branch: string): void {
  if (!repository.git.refs.has(`refs/heads/${branch}`)) throw new Error(`There is no branch ${branch}`);
  const changes = { default_branch: { from: repository.defaultBranch } };
  repository.defaultBranch = branch;
  repository.updatedAt = world.clock.now();
  world.emit({ name: 'repository', action: 'edited', repository, changes, sender: defaultSender(world) });
}

export function setPrivate(world: World, repository: Repository, isPrivate: boolean): void {
  repository.private = isPrivate;
  repository.updatedAt = world.clock.now();
  const action = isPrivate ? 'privatized' : 'publicized';
  world.emit({ name: 'repository', action, repository, sender: defaultSender(world) });
}

/** Deletes a repository with all that is in it; former names lead nowhere. */
export function removeRepository(world: World, repository: Repository): void {
  world.emit({ name: 'repository', action: 'deleted', repository, sender: defaultSender(world) });
  world.repositories.delete(repository.id);
  world.nodes.delete(repository.nodeId);
  for (const [name, named] of world.repositoryNames) if (named === repository) world.repositoryNames.delete(name);
  for (const installation of world.installations.values()) installation.selected?.delete(repository.id);
  for (const other of world.repositories.values()) {
    for (const pull of other.pullRequests) if (pull.headRepository === repository) pull.headRepository = null;
  }
}

/** Who does things where nobody is named. */
export function defaultSender(world: World): Account {
  return account(world, 'octocat');
}

const RANK: readonly RepositoryPermission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/** What a person may do: the most of what they own, were given, and have through teams and parent teams. */
export function permissionOf(world: World, repository: Repository, user: Account): RepositoryPermission {
  const all: RepositoryPermission[] = [repository.private ? 'none' : 'read'];
  if (repository.owner === user) all.push('admin');
  all.push(repository.collaborators.get(user.login.toLowerCase()) ?? 'none');
  for (const team of world.teams.values()) {
    if (!team.members.has(user)) continue;
    for (let each: typeof team | null = team; each !== null; each = each.parent) {
      all.push(each.repositories.get(repository.id) ?? 'none');
    }
  }
  return all.reduce((most, each) => (RANK.indexOf(each) > RANK.indexOf(most) ? each : most));
}
