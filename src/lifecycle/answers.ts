import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import { organisationFields, policyFields } from '../policy/load-fields.ts';

/*
 * GitHub's answers to the documents beside this file, checked where they enter. A connection's node can be null where
 * the token may not see it.
 */

const list = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node.nullable()).nullable() });
const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const protectedRef = z.object({ refUpdateRule: z.object({ pattern: z.string() }).nullish() });

const pullRequest = z.object({
  number: z.number(),
  createdAt: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isCrossRepository: z.boolean(),
  headRefName: z.string(),
  headRefOid: z.string(),
  headRef: protectedRef.nullable(),
  mergeCommit: z.object({ oid: z.string() }).nullable(),
});

export type PullRequestAnswer = z.infer<typeof pullRequest>;

const pullRequests = list(pullRequest);
/** `baseRepository`: whose it is; null where that may not be seen. */
const associatedPullRequests = list(
  pullRequest.extend({ baseRepository: z.object({ databaseId: z.number().nullable() }).nullable() }),
);

/** What is asked of every deployment, wherever it is listed. */
const flatDeployment = z.object({
  id: z.string(),
  databaseId: z.number().nullable(),
  createdAt: z.string(),
  latestEnvironment: z.string().nullable(),
  originalEnvironment: z.string().nullable(),
  commitOid: z.string(),
  latestStatus: z
    .object({
      id: z.string(),
      state: z.string(),
      createdAt: z.string(),
      environmentUrl: z.string().nullable(),
      logUrl: z.string().nullable(),
    })
    .nullable(),
  ref: protectedRef.extend({ name: z.string() }).nullable(),
  commit: z.object({ committedDate: z.string() }).nullable(),
});

const deployment = flatDeployment.extend({
  ref: protectedRef.extend({ name: z.string(), open: associatedPullRequests, over: associatedPullRequests }).nullable(),
  commit: z.object({ committedDate: z.string(), associatedPullRequests: associatedPullRequests.nullable() }).nullable(),
});

export type FlatDeploymentAnswer = z.infer<typeof flatDeployment>;
export type DeploymentAnswer = z.infer<typeof deployment>;

const deployments = list(deployment).extend({ totalCount: z.number(), pageInfo: page });
const olderDeployments = list(deployment).extend({ pageInfo: z.object({ startCursor: z.string().nullable() }) });

const newest = list(z.object({ number: z.number(), updatedAt: z.string(), state: z.string(), headRefOid: z.string() }));

/** What `OPEN_WORK_FIELDS` answers with. */
export const openWork = z.object({
  newest,
  open: pullRequests.extend({ pageInfo: z.object({ hasNextPage: z.boolean() }) }),
  deployments: list(flatDeployment).extend({ totalCount: z.number() }),
});

export type OpenWorkAnswer = z.infer<typeof openWork>;

/** Loose, for the aliases of what was looked up in the same query. */
const repository = z.looseObject({
  ...policyFields.shape,
  databaseId: z.number(),
  isArchived: z.boolean(),
  newest,
  deployments,
  /** Asked for where there is much to list. */
  older: olderDeployments.nullish(),
  /** Asked for where the query is about one environment. */
  environment: z.object({ name: z.string() }).nullish(),
});

export type RepositoryAnswer = z.infer<typeof repository>;

export const deploymentsAnswer = z.object({ repository: repository.nullable(), organisation: organisationFields });

export const environmentNamesAnswer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      environments: list(z.object({ name: z.string() })).extend({ pageInfo: page }),
    })
    .nullable(),
});

const oid = z.object({ oid: z.string() });

/** The commits that a pull request has, and those that it had before force pushes. */
const commits = z.object({
  baseRefName: z.string(),
  commits: list(z.object({ commit: oid })),
  timelineItems: list(z.object({ beforeCommit: oid.extend({ history: list(oid).nullable() }).nullish() })),
});

const pullRequestWithCommits = pullRequest.extend(commits.shape);

export type PullRequestWithCommits = z.infer<typeof pullRequestWithCommits>;

const updatedPullRequest = pullRequestWithCommits.extend({ updatedAt: z.string() });

export type UpdatedPullRequest = z.infer<typeof updatedPullRequest>;

const updatedPullRequests = list(updatedPullRequest).extend({ pageInfo: page });

export type PullRequestPageAnswer = z.infer<typeof updatedPullRequests>;

export const pullRequestCommitsAnswer = z.object({
  repository: z.object({ databaseId: z.number(), pullRequests: updatedPullRequests }).nullable(),
});

const deployed = z.object({
  deployments: list(
    z.object({ latestEnvironment: z.string().nullable(), originalEnvironment: z.string().nullable() }),
  ).nullable(),
});

const whereabouts = policyFields.extend({
  databaseId: z.number(),
  isArchived: z.boolean(),
  deployments: z.object({ totalCount: z.number() }),
  /** Asked for where the question is about one. */
  pullRequest: z
    .object({
      commits: list(z.object({ commit: deployed })),
      timelineItems: list(z.object({ beforeCommit: z.object({ history: list(deployed).nullable() }).nullish() })),
    })
    .nullish(),
  /** Asked for where commits may have to be looked up among them. */
  pullRequests: updatedPullRequests.nullish(),
});

export type WhereaboutsAnswer = z.infer<typeof whereabouts>;

export const whereaboutsAnswer = z.object({
  repository: whereabouts.nullable(),
  organisation: organisationFields,
  /** Null where they may not be seen. */
  surroundings: z
    .object({ environments: list(z.object({ name: z.string() })).extend({ totalCount: z.number() }) })
    .nullable(),
});

/** The aliases of `lookupsDocument`: what stands under each is told by its first letter. */
export const lookedUpRef = protectedRef.extend({ name: z.string() }).nullable();
export const lookedUpPullRequests = pullRequests;
export const lookedUpPullRequest = pullRequestWithCommits
  .extend({ labels: list(z.object({ name: z.string() })).nullable() })
  .nullable();

/** A commit that GitHub has no more is null. */
export const lookedUpCommit = z.object({ associatedPullRequests: associatedPullRequests.nullish() }).nullable();

export type LookedUpPullRequest = NonNullable<z.infer<typeof lookedUpPullRequest>>;

export const lookupsAnswer = z.object({
  repository: z.looseObject({ databaseId: z.number() }).nullable(),
});

/** The nodes of a connection that the token may see. */
export function nodes<T>(
  connection: { readonly nodes: readonly (T | null)[] | null } | null | undefined,
): readonly T[] {
  return (connection?.nodes ?? []).filter((node) => node !== null);
}

/** Of the pull requests that GitHub associates with something, the repository's own: it names those of forks too. */
export function pullRequestsInto(
  { id }: Pick<RepositoryRef, 'id'>,
  connection: z.infer<typeof associatedPullRequests> | null | undefined,
): readonly PullRequestAnswer[] {
  return nodes(connection).filter(({ baseRepository }) => baseRepository?.databaseId === id);
}
