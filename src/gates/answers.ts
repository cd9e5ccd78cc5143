import { z } from 'zod';

/*
 * GitHub's answers to the documents beside this file, checked where they enter, part by part: what of an answer is not
 * as promised makes that fact unreadable and leaves the others as they are.
 */

const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });
const list = <T extends z.ZodType>(node: T) => z.object({ pageInfo: page, nodes: z.array(node) });
const actor = z.object({ __typename: z.string(), login: z.string() }).nullable();

export type ActorAnswer = z.infer<typeof actor>;

const status = z.object({
  id: z.string(),
  state: z.string(),
  createdAt: z.string(),
  logUrl: z.string().nullable(),
  creator: actor,
});

export type StatusAnswer = z.infer<typeof status>;

const deployment = z.object({
  databaseId: z.number(),
  createdAt: z.string(),
  latestEnvironment: z.string().nullable(),
  originalEnvironment: z.string().nullable(),
  description: z.string().nullable(),
  commitOid: z.string(),
  creator: actor,
  ref: z.object({ name: z.string(), prefix: z.string() }).nullable(),
});

export type DeploymentAnswer = z.infer<typeof deployment>;

const standing = deployment.extend({
  commit: z.object({ oid: z.string() }).nullable(),
  latestStatus: status.nullable(),
});

export type StandingAnswer = z.infer<typeof standing>;

export const standingAnswer = list(standing);

const pastDeployment = deployment.extend({
  latestStatus: z.object({ id: z.string() }).nullable(),
  statuses: list(status),
});

export type PastDeploymentAnswer = z.infer<typeof pastDeployment>;

export const pastDeploymentsAnswer = list(pastDeployment);

const oid = z.object({ oid: z.string() });
const promotionSource = deployment.extend({
  task: z.string().nullable(),
  payload: z.string().nullable(),
  ref: z
    .object({
      name: z.string(),
      prefix: z.string(),
      /** An annotated tag is an object of its own, which points at the commit. */
      target: oid.extend({ target: oid.optional() }).nullable(),
    })
    .nullable(),
  commit: z
    .object({
      deployments: list(
        z.object({
          databaseId: z.number(),
          latestEnvironment: z.string().nullable(),
          originalEnvironment: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  latestStatus: z.object({ id: z.string() }).nullable(),
  statuses: list(status),
});

export type PromotionSourceAnswer = z.infer<typeof promotionSource>;

export const promotionSourcesAnswer = z.object({ nodes: z.array(promotionSource) });
const deployedHere = deployment
  .pick({ databaseId: true, commitOid: true, description: true, creator: true })
  .extend({ latestStatus: z.object({ state: z.string() }).nullable() });

export type DeployedHereAnswer = z.infer<typeof deployedHere>;

export const deployedHereAnswer = z.object({ nodes: z.array(deployedHere) });
export const historyAnswer = z.object({ nodes: z.array(oid) });

const context = z.discriminatedUnion('__typename', [
  z.object({
    __typename: z.literal('CheckRun'),
    databaseId: z.number(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    startedAt: z.string().nullable(),
    completedAt: z.string().nullable(),
    checkSuite: z.object({
      app: z.object({ databaseId: z.number().nullable(), slug: z.string() }).nullable(),
      workflowRun: z.object({ databaseId: z.number().nullable() }).nullable(),
    }),
  }),
  z.object({
    __typename: z.literal('StatusContext'),
    context: z.string(),
    state: z.string(),
    createdAt: z.string(),
    creator: actor,
  }),
]);

export type ContextAnswer = z.infer<typeof context>;

/** Null where a commit has neither check runs nor statuses. */
export const rollupAnswer = z.object({ contexts: list(context) }).nullable();

/** Of a pull request that is associated with a commit: whose it is. Null where that may not be seen. */
const baseRepository = z.object({ databaseId: z.number().nullable() }).nullable();

export const pullRequestsAnswer = list(
  z.object({
    number: z.number(),
    baseRepository,
    state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
    baseRefName: z.string(),
    latestOpinionatedReviews: list(z.object({ state: z.string(), authorCanPushToRepository: z.boolean() })),
  }),
);

export const closedPullRequestsAnswer = z.object({
  nodes: z.array(
    z.object({
      number: z.number(),
      baseRefName: z.string(),
      headRefOid: z.string(),
      commits: z.object({ nodes: z.array(z.object({ commit: z.object({ oid: z.string() }) })) }),
    }),
  ),
});

const ownRun = z.object({
  databaseId: z.number(),
  name: z.string(),
  externalId: z.string().nullable(),
  title: z.string().nullable(),
  summary: z.string().nullable(),
});

export type OwnRunAnswer = z.infer<typeof ownRun>;

export const ownSuitesAnswer = list(z.object({ checkRuns: list(ownRun) }));

export const refAnswer = z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable();

export const branchAnswer = z.object({ name: z.string(), target: z.object({ oid: z.string() }).nullable() }).nullable();
export const branchListAnswer = list(z.object({ name: z.string(), target: z.object({ oid: z.string() }).nullable() }));

export const teamAnswer = z.object({ members: list(z.object({ login: z.string() })) });

/** Loose, for the aliases, which are checked one by one. */
const repository = z.looseObject({ databaseId: z.number() });

export const gateFactsAnswer = z.looseObject({
  viewer: z.object({ login: z.string() }).nullish(),
  closedIn: repository.nullish(),
  repository: repository
    .extend({ isArchived: z.boolean(), environment: z.object({ name: z.string() }).nullish() })
    .nullable(),
});

export const followUpAnswer = z.object({
  repository: repository.nullable(),
  organization: z.looseObject({}).nullish(),
});

export const commitPageAnswer = z.object({
  repository: repository.extend({ object: z.looseObject({}).nullable() }).nullable(),
});

export const waitingDeploymentsAnswer = z.object({
  viewer: z.object({ login: z.string() }).nullish(),
  repository: repository.extend({ isArchived: z.boolean() }).nullable(),
});

export const environmentAnswer = z.object({ name: z.string() }).nullable();

const pastPullRequest = z.object({
  number: z.number(),
  baseRepository,
  baseRefName: z.string(),
  createdAt: z.string(),
  mergedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  reviews: list(
    z.object({
      state: z.string(),
      submittedAt: z.string().nullable(),
      authorCanPushToRepository: z.boolean(),
      author: actor,
    }),
  ),
});

export type PastPullRequestAnswer = z.infer<typeof pastPullRequest>;

export const pastPullRequestsAnswer = list(pastPullRequest);

export const pastAnswer = z.object({ repository: repository.nullable() });
