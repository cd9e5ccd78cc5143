/**
 * Numbers and names that GitHub gives out. Branded, because an installation's number in the place of a repository's
 * would type-check otherwise, and would be a hole.
 */
declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type InstallationId = Branded<number, 'InstallationId'>;
export type RepositoryId = Branded<number, 'RepositoryId'>;
/** The number in REST's addresses and in webhooks: `databaseId` in GraphQL. */
export type DeploymentId = Branded<number, 'DeploymentId'>;
/** GraphQL's opaque global id. */
export type NodeId = Branded<string, 'NodeId'>;
/** 40 or 64 lower-case hexadecimal digits. */
export type CommitSha = Branded<string, 'CommitSha'>;

/** A repository as a delivery or GitHub's listing named it. `id` survives a rename or a transfer, the names do not. */
export interface RepositoryRef {
  readonly id: RepositoryId;
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`, for people and logs. */
export function fullName(repository: Pick<RepositoryRef, 'owner' | 'name'>): string {
  return `${repository.owner}/${repository.name}`;
}

/** Environment names are compared without regard to case, as GitHub does. Returns the form to compare and to key by. */
export function environmentKey(name: string): string {
  return name.toLowerCase();
}
