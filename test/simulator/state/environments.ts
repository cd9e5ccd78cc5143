import type { Environment, Repository } from './model.ts';
import { nodeId } from './accounts.ts';
import type { World } from './world.ts';

/** The environment of that name, made where it is missing. Names are compared without regard to case. */
export function ensureEnvironment(world: World, repository: Repository, name: string): Environment {
  const key = name.toLowerCase();
  const known = repository.environments.get(key);
  if (known !== undefined) return known;
  const now = world.clock.now();
  const id = world.nextId('environment');
  const environment: Environment = {
    kind: 'Environment',
    id,
    nodeId: nodeId('EN', id),
    repository,
    name,
    createdAt: now,
    updatedAt: now,
    waitTimer: null,
    review: null,
    branchPolicy: null,
    branchPatterns: new Map(),
    customRules: new Map(),
    variables: new Map(),
    secrets: new Map(),
  };
  repository.environments.set(key, environment);
  world.nodes.set(environment.nodeId, environment);
  return environment;
}

export function findEnvironment(repository: Repository, name: string): Environment | undefined {
  return repository.environments.get(name.toLowerCase());
}

export function deleteEnvironment(world: World, environment: Environment): void {
  environment.repository.environments.delete(environment.name.toLowerCase());
  world.nodes.delete(environment.nodeId);
}
