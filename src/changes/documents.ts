import type { GraphqlDocument } from '../github/port.ts';

/** GitHub applies aliased mutations one after the other, and may apply some and not others. */
export const MOST_MUTATIONS = 20;
/** `nodes(ids:)` takes so many. */
export const MOST_NODES = 100;

/** `count` aliases `m0`, `m1`, … that each take `$i0`, `$i1`, … */
export function createStatusesDocument(count: number): GraphqlDocument {
  return mutation('CreateDeploymentStatuses', {
    count,
    input: 'CreateDeploymentStatusInput',
    field: 'createDeploymentStatus',
    selection: 'deploymentStatus { id state }',
  });
}

export function deleteDeploymentsDocument(count: number): GraphqlDocument {
  return mutation('DeleteDeployments', {
    count,
    input: 'DeleteDeploymentInput',
    field: 'deleteDeployment',
    selection: 'clientMutationId',
  });
}

function mutation(
  name: string,
  shape: { readonly count: number; readonly input: string; readonly field: string; readonly selection: string },
): GraphqlDocument {
  const numbers = Array.from({ length: shape.count }, (_, i) => i);
  const parameters = numbers.map((i) => `$i${i}: ${shape.input}!`).join(', ');
  const fields = numbers.map((i) => `  m${i}: ${shape.field}(input: $i${i}) { ${shape.selection} }`);
  return { name, text: `mutation ${name}(${parameters}) {\n${fields.join('\n')}\n}` };
}

/** How deployments stand now, up to 200 in one request. */
export const DEPLOYMENT_STATES: GraphqlDocument = {
  name: 'DeploymentStates',
  text: `query DeploymentStates($first: [ID!]!, $second: [ID!]!) {
  first: nodes(ids: $first) { ...DeploymentState }
  second: nodes(ids: $second) { ...DeploymentState }
}
fragment DeploymentState on Deployment { id latestStatus { id state } }`,
};

/** An environment's deployments as they are now, and whether it is still there. */
export const DEPLOYMENTS_BEFORE_DELETION: GraphqlDocument = {
  name: 'DeploymentsBeforeDeletion',
  text: `query DeploymentsBeforeDeletion($owner: String!, $name: String!, $environment: String!, $spellings: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    environment(name: $environment) { name }
    deployments(first: 100, after: $after, environments: $spellings, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { id latestEnvironment originalEnvironment latestStatus { state } }
    }
  }
}`,
};
