import type { GraphqlDocument } from '../github/port.ts';
import { ORGANISATION_FIELDS, POLICY_FIELDS } from '../policy/load-fields.ts';
import { lookupParts, type Lookups, type PreparedDocument } from './lookup-documents.ts';
import { ASSOCIATED_FIELDS, PULL_REQUEST_FRAGMENT } from './pull-request-fields.ts';
import { NEWEST_SHOWN } from './pull-request-index.ts';

/*
 * Pages of 100, newest first: GraphQL's own order is oldest first. States and pull requests come from here;
 * `transient_environment` and the name of a deleted branch only from REST.
 */

const FLAT_FIELDS = `id
        databaseId
        createdAt
        latestEnvironment
        originalEnvironment
        commitOid
        latestStatus { id state createdAt environmentUrl logUrl }`;

const DEPLOYMENT_FRAGMENT = `fragment DeploymentFields on Deployment {
        ${FLAT_FIELDS}
        ref {
          name
          refUpdateRule { pattern }
          open: associatedPullRequests(first: 10, states: [OPEN]) { ${ASSOCIATED_FIELDS} }
          over: associatedPullRequests(first: 5, states: [CLOSED, MERGED], orderBy: {field: UPDATED_AT, direction: DESC}) { ${ASSOCIATED_FIELDS} }
        }
        commit {
          committedDate
          associatedPullRequests(first: 20) { ${ASSOCIATED_FIELDS} }
        }
}`;

/** Tells whether the pull requests that were read earlier are still all there is to know. */
const NEWEST_PULL_REQUESTS = `newest: pullRequests(first: ${NEWEST_SHOWN}, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { number updatedAt state headRefOid } }`;

/** So many deployments and open pull requests of a repository are shown beside those of others. */
export const WORK_SHOWN = 30;

/**
 * The open work of a repository, flat: no list in a list, since each would count for every item around it. It needs
 * {@link OPEN_WORK_FRAGMENTS}.
 */
export const OPEN_WORK_FIELDS = `${NEWEST_PULL_REQUESTS}
    open: pullRequests(first: ${WORK_SHOWN}, states: [OPEN], orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage }
      nodes { ...PullRequestFields }
    }
    deployments(first: ${WORK_SHOWN}, orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { ...FlatDeploymentFields } }`;

export const OPEN_WORK_FRAGMENTS = `fragment FlatDeploymentFields on Deployment {
        ${FLAT_FIELDS}
        ref { name refUpdateRule { pattern } }
        commit { committedDate }
}
${PULL_REQUEST_FRAGMENT}`;

/** A page from the newer end and, where there is much to list, one from the older end in the same request. */
function deploymentPages(filter: string): string {
  const order = `${filter}orderBy: {field: CREATED_AT, direction: DESC}`;
  return `deployments(first: 100, after: $after, ${order}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { ...DeploymentFields }
    }
    older: deployments(last: 100, before: $before, ${order}) @include(if: $withOlder) {
      pageInfo { startCursor }
      nodes { ...DeploymentFields }
    }`;
}

const PAGE_PARAMETERS = '$after: String, $before: String, $withOlder: Boolean!, $withPolicyText: Boolean!';

/** One environment: its deployments, whether it exists, the policy's version, and whatever else is to be looked up. */
export function environmentDeploymentsDocument(lookups: Lookups): PreparedDocument {
  const { parameters, fields, variables } = lookupParts(lookups);
  const text = `query EnvironmentDeployments($owner: String!, $name: String!, $environment: String!, $spellings: [String!], ${PAGE_PARAMETERS}${parameters}) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    environment(name: $environment) { name }
    ${NEWEST_PULL_REQUESTS}
    ${deploymentPages('environments: $spellings, ')}
${fields}
  }
  ${ORGANISATION_FIELDS}
}
${DEPLOYMENT_FRAGMENT}
${PULL_REQUEST_FRAGMENT}`;
  return { document: { name: 'EnvironmentDeployments', text }, variables };
}

/** The whole repository, in pages. */
export const REPOSITORY_DEPLOYMENTS: GraphqlDocument = {
  name: 'RepositoryDeployments',
  text: `query RepositoryDeployments($owner: String!, $name: String!, ${PAGE_PARAMETERS}) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    ${NEWEST_PULL_REQUESTS}
    ${deploymentPages('')}
  }
  ${ORGANISATION_FIELDS}
}
${DEPLOYMENT_FRAGMENT}
${PULL_REQUEST_FRAGMENT}`,
};

export const ENVIRONMENT_NAMES: GraphqlDocument = {
  name: 'EnvironmentNames',
  text: `query EnvironmentNames($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    environments(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { name } }
  }
}`,
};
