import type { CommitSha, DeploymentId, InstallationId, NodeId, RepositoryId } from '../../src/github/ids.ts';
import { isCommitSha } from '../../src/github/trusted.ts';

export function aRepositoryIsNotAnInstallation(repository: RepositoryId): InstallationId {
  // @ts-expect-error -- both are numbers, and one in the place of the other would be a hole
  return repository;
}

export function aDeploymentIsNotARepository(deployment: DeploymentId): RepositoryId {
  // @ts-expect-error -- both are numbers
  return deployment;
}

export function aNumberIsNotAnInstallation(number: number): InstallationId {
  // @ts-expect-error -- what came over the wire is checked in github/trusted.ts first
  return number;
}

export function aNameIsNotACommit(name: string): CommitSha {
  // @ts-expect-error -- a branch may be called like anything
  return name;
}

export function aNameThatWasCheckedIsACommit(name: string): CommitSha | null {
  return isCommitSha(name) ? name : null;
}

export function aNodeIsNotACommit(node: NodeId): CommitSha {
  // @ts-expect-error -- both are strings
  return node;
}

export function anIdIsStillANumber(id: RepositoryId): number {
  return id;
}
