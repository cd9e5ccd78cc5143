import type { GraphqlDocument } from '../github/port.ts';
import { ORGANISATION_FIELDS, POLICY_FIELDS } from '../policy/load-fields.ts';
import { NEWEST_SHOWN } from './pull-request-index.ts';

/*
 * Pages of 100, newest first: GraphQL's own order is oldest first. States and pull requests come from here;
 * `transient_environment` and the name of a deleted branch only from REST.
 */

/** `refUpdateRule` is what of a branch's protection can be seen without administration rights. */
const PULL_REQUEST_FIELDS = `number
        state
        isCrossRepository
        headRefName
        headRefOid
        headRef { refUpdateRule { pattern } }
        mergeCommit { oid }`;

const DEPLOYMENT_FIELDS = `pageInfo { hasNextPage endCursor }
      nodes {
        id
        databaseId
        createdAt
        latestEnvironment
        originalEnvironment
        commitOid
        latestStatus { id state createdAt environmentUrl logUrl }
        ref {
          name
          refUpdateRule { pattern }
          open: associatedPullRequests(first: 10, states: [OPEN]) { nodes { ...PullRequestFields } }
          over: associatedPullRequests(first: 5, states: [CLOSED, MERGED], orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { ...PullRequestFields } }
        }
        commit {
          committedDate
          associatedPullRequests(first: 20) { nodes { ...PullRequestFields } }
        }
      }`;

/** Tells whether the pull requests that were read earlier are still all there is to know. */
const NEWEST_PULL_REQUESTS = `newest: pullRequests(first: ${NEWEST_SHOWN}, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { number updatedAt state headRefOid } }`;

const PULL_REQUEST_FRAGMENT = `fragment PullRequestFields on PullRequest {
        ${PULL_REQUEST_FIELDS}
}`;

/** One environment: its deployments, whether it exists, and the policy's version. */
export const ENVIRONMENT_DEPLOYMENTS: GraphqlDocument = {
  name: 'EnvironmentDeployments',
  text: `query EnvironmentDeployments($owner: String!, $name: String!, $environment: String!, $spellings: [String!], $after: String, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    environment(name: $environment) { name }
    ${NEWEST_PULL_REQUESTS}
    deployments(first: 100, after: $after, environments: $spellings, orderBy: {field: CREATED_AT, direction: DESC}) {
      ${DEPLOYMENT_FIELDS}
    }
  }
  ${ORGANISATION_FIELDS}
}
${PULL_REQUEST_FRAGMENT}`,
};

/** The whole repository, in pages. */
export const REPOSITORY_DEPLOYMENTS: GraphqlDocument = {
  name: 'RepositoryDeployments',
  text: `query RepositoryDeployments($owner: String!, $name: String!, $after: String, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    ${NEWEST_PULL_REQUESTS}
    deployments(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      ${DEPLOYMENT_FIELDS}
    }
  }
  ${ORGANISATION_FIELDS}
}
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

/**
 * What a pull request's commits are and, after force pushes, were. GitHub keeps the head that a force push replaced;
 * what lay between it and the base is in its history.
 */
const COMMITS_FIELDS = `commits(last: 100) { nodes { commit { oid } } }
        baseRefName
        timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
          nodes { ... on HeadRefForcePushedEvent { beforeCommit { oid history(first: 20) { nodes { oid } } } } }
        }`;

/**
 * Pull requests with their commits, the one last updated first: a commit's associated pull requests name neither those
 * that were closed without a merge nor those that lost it in a force push.
 */
export const PULL_REQUEST_COMMITS: GraphqlDocument = {
  name: 'PullRequestCommits',
  text: `query PullRequestCommits($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequests(first: 50, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        updatedAt
        ...PullRequestFields
        ${COMMITS_FIELDS}
      }
    }
  }
}
${PULL_REQUEST_FRAGMENT}`,
};

/** What is asked by name in one request: refs with their pull requests, and pull requests by number. */
export interface Lookups {
  /** Branch or tag names. */
  readonly refs: readonly string[];
  /** With their labels and commits. */
  readonly pullRequests: readonly number[];
}

/** Each lookup becomes a few aliases: `h0`, `t0`, `o0`, `c0` for the first ref and `p0` for the first pull request. */
export function lookupsDocument(lookups: Lookups): {
  readonly document: GraphqlDocument;
  readonly variables: Readonly<Record<string, string | number>>;
} {
  const refs = lookups.refs.map(
    (_, i) => `    h${i}: ref(qualifiedName: $h${i}) { name refUpdateRule { pattern } }
    t${i}: ref(qualifiedName: $t${i}) { name }
    o${i}: pullRequests(headRefName: $r${i}, first: 50, states: [OPEN]) { nodes { ...PullRequestFields } }
    c${i}: pullRequests(headRefName: $r${i}, first: 50, states: [CLOSED, MERGED], orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { ...PullRequestFields } }`,
  );
  const pulls = lookups.pullRequests.map(
    (_, i) => `    p${i}: pullRequest(number: $p${i}) {
        ...PullRequestFields
        labels(first: 100) { nodes { name } }
        ${COMMITS_FIELDS}
    }`,
  );
  const parameters = [
    ...lookups.refs.map((_, i) => `, $h${i}: String!, $t${i}: String!, $r${i}: String!`),
    ...lookups.pullRequests.map((_, i) => `, $p${i}: Int!`),
  ].join('');
  const variables: Record<string, string | number> = {};
  for (const [i, name] of lookups.refs.entries()) {
    variables[`h${i}`] = `refs/heads/${name}`;
    variables[`t${i}`] = `refs/tags/${name}`;
    variables[`r${i}`] = name;
  }
  for (const [i, number] of lookups.pullRequests.entries()) variables[`p${i}`] = number;
  const text = `query LifecycleLookups($owner: String!, $name: String!${parameters}) {
  repository(owner: $owner, name: $name) {
    databaseId
${[...refs, ...pulls].join('\n')}
  }
}
${PULL_REQUEST_FRAGMENT}`;
  return { document: { name: 'LifecycleLookups', text }, variables };
}

/** Where a pull request's commits were deployed, also those that force pushes replaced. */
export const PULL_REQUEST_ENVIRONMENTS: GraphqlDocument = {
  name: 'PullRequestEnvironments',
  text: `query PullRequestEnvironments($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequest(number: $number) {
      commits(last: 100) { nodes { commit { ...Deployed } } }
      timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
        nodes { ... on HeadRefForcePushedEvent { beforeCommit { history(first: 20) { nodes { ...Deployed } } } } }
      }
    }
  }
}
fragment Deployed on Commit {
  deployments(first: 20, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { latestEnvironment originalEnvironment } }
}`,
};
