import type { GraphqlDocument } from '../github/port.ts';
import { ORGANISATION_FIELDS, POLICY_FIELDS } from '../policy/load-fields.ts';
import { COMMITS_FIELDS, PULL_REQUEST_FRAGMENT } from './pull-request-fields.ts';

const PAGE_FIELDS = `pageInfo { hasNextPage endCursor }
      nodes {
        updatedAt
        ...PullRequestFields
        ${COMMITS_FIELDS}
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
      ${PAGE_FIELDS}
    }
  }
}
${PULL_REQUEST_FRAGMENT}`,
};

/**
 * Where a repository was deployed to: its environments, and those that a pull request's commits were deployed to, also
 * commits that force pushes replaced. The policy rides along, and so do the pull requests updated last where commits
 * will have to be looked up among them. The environments are asked for apart: who may not see them sees the rest.
 */
export const WHEREABOUTS: GraphqlDocument = {
  name: 'Whereabouts',
  text: `query Whereabouts($owner: String!, $name: String!, $number: Int!, $ofPullRequest: Boolean!, $withPullRequests: Boolean!, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    deployments(first: 1) { totalCount }
    pullRequest(number: $number) @include(if: $ofPullRequest) {
      commits(last: 100) { nodes { commit { ...Deployed } } }
      timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
        nodes { ... on HeadRefForcePushedEvent { beforeCommit { history(first: 20) { nodes { ...Deployed } } } } }
      }
    }
    pullRequests(first: 50, orderBy: {field: UPDATED_AT, direction: DESC}) @include(if: $withPullRequests) {
      ${PAGE_FIELDS}
    }
  }
  ${ORGANISATION_FIELDS}
  surroundings: repository(owner: $owner, name: $name) {
    environments(first: 100) { totalCount nodes { name } }
  }
}
fragment Deployed on Commit {
  deployments(first: 20, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { latestEnvironment originalEnvironment } }
}
${PULL_REQUEST_FRAGMENT}`,
};
