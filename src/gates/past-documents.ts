import type { GraphqlDocument } from '../github/port.ts';
import { CONTEXTS, HISTORY, lines } from './documents.ts';

/** An environment's deployments with all that was said of them, the newest first. */
export const PAST_DEPLOYMENTS: GraphqlDocument = {
  name: 'PastDeployments',
  text: `query PastDeployments($owner: String!, $name: String!, $spellings: [String!], $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    deployments(first: 50, after: $after, environments: $spellings, orderBy: {field: CREATED_AT, direction: DESC}) { ${HISTORY} }
  }
}`,
};

/** Commits (`c0`, …) with what they were checked by, reviewed and deployed to, and when. */
export function pastCommitsDocument(commits: number): GraphqlDocument {
  const text = `query PastCommits($owner: String!, $name: String!, $withChecks: Boolean!, $withPullRequests: Boolean!${lines(commits, (i) => `, $c${i}: GitObjectID!`)}) {
  repository(owner: $owner, name: $name) {
    databaseId${lines(commits, (i) => `\n    c${i}: object(oid: $c${i}) { ...PastFields }`)}
  }
}
fragment PastFields on Commit {
  statusCheckRollup @include(if: $withChecks) { contexts(first: 100) { ${CONTEXTS} } }
  associatedPullRequests(first: 10) @include(if: $withPullRequests) {
    pageInfo { hasNextPage }
    nodes {
      number
      baseRepository { databaseId }
      baseRefName
      createdAt
      mergedAt
      closedAt
      reviews(first: 100) {
        pageInfo { hasNextPage }
        nodes { state submittedAt authorCanPushToRepository author { __typename login } }
      }
    }
  }
  deployments(first: 100, orderBy: {field: CREATED_AT, direction: DESC}) { ${HISTORY} }
}`;
  return { name: 'PastCommits', text };
}
