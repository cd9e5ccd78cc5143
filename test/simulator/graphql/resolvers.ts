import { GraphQLError, type GraphQLFieldResolver, type GraphQLTypeResolver } from 'graphql';
import { actorFields, teamFields } from './resolvers/actors.ts';
import {
  appFields,
  checkRunFields,
  checkSuiteFields,
  rollupFields,
  statusContextFields,
  statusFields,
  workflowRunFields,
} from './resolvers/checks.ts';
import { blobFields, commitFields, gitActorFields, treeEntryFields, treeFields } from './resolvers/commits.ts';
import { deploymentFields, deploymentStatusFields } from './resolvers/deployments.ts';
import { environmentFields, protectionRuleFields } from './resolvers/environments.ts';
import { createDeploymentStatusFields, deleteDeploymentFields, mutationFields } from './resolvers/mutations.ts';
import {
  changedFileFields,
  forcePushFields,
  labelFields,
  pullRequestCommitFields,
  pullRequestFields,
  reviewFields,
} from './resolvers/pull-requests.ts';
import { branchRuleFields, refFields, refUpdateRuleFields } from './resolvers/refs.ts';
import { repositoryFields } from './resolvers/repository.ts';
import { queryFields, rateLimitFields } from './resolvers/root.ts';
import type { Args, Context, Fields } from './context.ts';

/** Resolvers by type. The values that a type's fields get are those that other resolvers return for it. */
const TYPES = {
  Query: queryFields,
  Mutation: mutationFields,
  RateLimit: rateLimitFields,
  Repository: repositoryFields,
  Deployment: deploymentFields,
  DeploymentStatus: deploymentStatusFields,
  Environment: environmentFields,
  DeploymentProtectionRule: protectionRuleFields,
  Commit: commitFields,
  GitActor: gitActorFields,
  Blob: blobFields,
  Tree: treeFields,
  TreeEntry: treeEntryFields,
  Ref: refFields,
  BranchProtectionRule: branchRuleFields,
  RefUpdateRule: refUpdateRuleFields,
  PullRequest: pullRequestFields,
  PullRequestChangedFile: changedFileFields,
  PullRequestCommit: pullRequestCommitFields,
  PullRequestReview: reviewFields,
  HeadRefForcePushedEvent: forcePushFields,
  Label: labelFields,
  Team: teamFields,
  App: appFields,
  CheckRun: checkRunFields,
  CheckSuite: checkSuiteFields,
  WorkflowRun: workflowRunFields,
  Status: statusFields,
  StatusContext: statusContextFields,
  StatusCheckRollup: rollupFields,
  ...actorFields,
  CreateDeploymentStatusPayload: createDeploymentStatusFields,
  DeleteDeploymentPayload: deleteDeploymentFields,
} as unknown as Readonly<Record<string, Fields<unknown>>>;

/** Resolves every field; what is not simulated says so, and is never a silent null. */
export const resolveField: GraphQLFieldResolver<unknown, Context, Args> = (source, args, context, info) => {
  const { parentType, fieldName } = info;
  const isRoot = parentType.name === 'Mutation' || parentType.name === 'Query';
  if (isRoot && context.fails(String(info.path.key))) {
    throw new GraphQLError('Something went wrong while executing your query.', { extensions: { type: 'INTERNAL' } });
  }
  const field = TYPES[parentType.name]?.[fieldName];
  if (field !== undefined) return field(source, args, context, info);
  if (/(?:Connection|Edge|^PageInfo)$/.test(parentType.name)) {
    const value = (source as Readonly<Record<string, unknown>>)[fieldName];
    if (value !== undefined) return value;
  }
  context.onNotSimulated(`${parentType.name}.${fieldName}`);
  throw new GraphQLError(`not simulated: ${parentType.name}.${fieldName}`);
};

/** Every value that may be of several types says which it is. */
export const resolveType: GraphQLTypeResolver<unknown, Context> = (value) => {
  return (value as { readonly kind: string }).kind;
};
