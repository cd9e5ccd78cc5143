import type { GraphqlDocument } from '../github/port.ts';
import { SUITE_FIELDS } from './run-documents.ts';

/** A deployment as the gates look at it. The log of a status of Actions' tells the run. */
const DEPLOYMENT_FIELDS = `databaseId
        createdAt
        latestEnvironment
        originalEnvironment
        description
        commitOid
        creator { __typename login }
        ref { name prefix }`;

const STATUS_FIELDS = 'id state createdAt logUrl creator { __typename login }';

const STANDING_FRAGMENT = `fragment StandingFields on Deployment {
        ${DEPLOYMENT_FIELDS}
        commit { oid }
        latestStatus { ${STATUS_FIELDS} }
}`;

export const CONTEXTS = `pageInfo { hasNextPage endCursor }
          nodes {
            __typename
            ... on CheckRun {
              databaseId
              name
              status
              conclusion
              startedAt
              completedAt
              checkSuite { app { databaseId slug } workflowRun { databaseId } }
            }
            ... on StatusContext { context state createdAt creator { __typename login } }
          }`;

export const HISTORY = `pageInfo { hasNextPage endCursor }
        nodes {
          ${DEPLOYMENT_FIELDS}
          latestStatus { id }
          statuses(first: 50) { pageInfo { hasNextPage } nodes { ${STATUS_FIELDS} } }
        }`;

/**
 * Reviews of people who cannot write are left out by GitHub. A commit is one in a repository and its forks, and the
 * pull requests of all of them are associated with it.
 */
const PULL_REQUESTS = `pageInfo { hasNextPage }
        nodes {
          number
          baseRepository { databaseId }
          state
          baseRefName
          latestOpinionatedReviews(first: 100, writersOnly: true) {
            pageInfo { hasNextPage }
            nodes { state authorCanPushToRepository }
          }
        }`;

/** This app's own check runs; the latest of a name could be of another kind than the one that is looked for. */
const OWN_RUNS = `checkSuites(first: 10, filterBy: {appId: $app}) @include(if: $withOwnRuns) {
        pageInfo { hasNextPage }
        nodes {
          checkRuns(first: 50, filterBy: {appId: $app, checkType: ALL}) {
            pageInfo { hasNextPage }
            nodes { databaseId name externalId title summary }
          }
        }
      }`;

const COMMIT_FRAGMENT = `fragment CommitFields on Commit {
      oid
      statusCheckRollup @include(if: $withChecks) { contexts(first: 100) { ${CONTEXTS} } }
      associatedPullRequests(first: 25) @include(if: $withPullRequests) { ${PULL_REQUESTS} }
      deployments(first: 100, orderBy: {field: CREATED_AT, direction: DESC}) { ${HISTORY} }
      ${OWN_RUNS}
}`;

/**
 * A commit's associated pull requests do not name one that was closed unmerged: it is found by its own commits. Asked
 * apart, because a list of pull requests that may not be seen takes all around it away.
 */
const CLOSED_PULL_REQUESTS = `
  closedIn: repository(owner: $owner, name: $name) @include(if: $withPullRequests) {
    databaseId
    pullRequests(first: 20, states: [CLOSED], orderBy: {field: UPDATED_AT, direction: DESC}) {
      nodes { number baseRefName headRefOid commits(last: 100) { nodes { commit { oid } } } }
    }
  }`;

/** More commits than this in one request, and it would ask for more nodes than GitHub gives. */
export const MOST_COMMITS = 15;

export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

/**
 * What gates ask, in one request: an environment's newest deployments; `commits` commits (`c0`, …) with their checks,
 * pull requests, deployments and this app's check runs; `names` names that may be branches or tags (`h0`, `t0`, …); and
 * what the jobs of runs made, by their `suites` (`s0`, …).
 */
export function gateFactsDocument({
  commits,
  names,
  suites,
}: {
  readonly commits: number;
  readonly names: number;
  readonly suites: number;
}): GraphqlDocument {
  const ofCommits = ', $app: Int!, $withOwnRuns: Boolean!, $withChecks: Boolean!, $withPullRequests: Boolean!';
  const parameters = [
    commits > 0 ? ofCommits : '',
    lines(commits, (i) => `, $c${i}: GitObjectID!`),
    lines(names, (i) => `, $h${i}: String!, $t${i}: String!`),
    lines(suites, (i) => `, $s${i}: ID!`),
  ].join('');
  const text = `query GateFacts($owner: String!, $name: String!, $environment: String!, $spellings: [String!], $after: String${parameters}) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    environment(name: $environment) { name }
    standing: deployments(first: 100, after: $after, environments: $spellings, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { ...StandingFields }
    }
    ${lines(commits, (i) => `\n    c${i}: object(oid: $c${i}) { ...CommitFields }`)}${lines(names, (i) => `\n    h${i}: ref(qualifiedName: $h${i}) { target { oid } }\n    t${i}: ref(qualifiedName: $t${i}) { target { oid } }`)}
  }${commits > 0 ? CLOSED_PULL_REQUESTS : ''}${lines(
    suites,
    (i) => `
  s${i}: node(id: $s${i}) { ${SUITE_FIELDS} }`,
  )}
}
${STANDING_FRAGMENT}${commits > 0 ? `\n${COMMIT_FRAGMENT}` : ''}`;
  return { name: 'GateFacts', text };
}

/** A further page of a commit's checks. */
export const COMMIT_CHECKS: GraphqlDocument = {
  name: 'CommitChecks',
  text: `query CommitChecks($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    object(oid: $oid) { ... on Commit { statusCheckRollup { contexts(first: 100, after: $after) { ${CONTEXTS} } } } }
  }
}`,
};

/** A further page of a commit's deployments. */
export const COMMIT_DEPLOYMENTS: GraphqlDocument = {
  name: 'CommitDeployments',
  text: `query CommitDeployments($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    object(oid: $oid) { ... on Commit { deployments(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) { ${HISTORY} } } }
  }
}`,
};

/**
 * What may wait among the deployments of the API: the `$first` newest ones of `environments` environments (`e0`, …), with how
 * GitHub spells these (`n0`, …), and of the whole repository.
 */
export function waitingDeploymentsDocument(environments: number): GraphqlDocument {
  const ofEnvironments = lines(environments, (i) => `, $n${i}: String!, $e${i}: [String!]`);
  const parameters = environments > 0 ? `, $first: Int!${ofEnvironments}` : '';
  const order = 'orderBy: {field: CREATED_AT, direction: DESC}';
  const text = `query WaitingDeployments($owner: String!, $name: String!, $after: String, $withRecent: Boolean!${parameters}) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    recent: deployments(first: 100, after: $after, ${order}) @include(if: $withRecent) { ${HISTORY} }${lines(
      environments,
      (i) => `
    n${i}: environment(name: $n${i}) { name }
    e${i}: deployments(first: $first, environments: $e${i}, ${order}) { ${HISTORY} }`,
    )}
  }
}`;
  return { name: 'WaitingDeployments', text };
}

/**
 * What is asked once the first answer told whom and what about: memberships (`m0`, …), branches by name (`b0`, …) and
 * by a part of their names (`l0`, …), and this app's check runs on further commits (`c0`, …).
 */
export function gateFollowUpDocument({
  members,
  branches,
  lists,
  commits,
}: {
  readonly members: number;
  readonly branches: number;
  readonly lists: number;
  readonly commits: number;
}): GraphqlDocument {
  const parameters = [
    members > 0 ? ', $organization: String!' : '',
    commits > 0 ? ', $app: Int!, $withOwnRuns: Boolean!' : '',
    lines(members, (i) => `, $team${i}: String!, $login${i}: String!`),
    lines(branches, (i) => `, $b${i}: String!`),
    lines(lists, (i) => `, $l${i}: String!`),
    lines(commits, (i) => `, $c${i}: GitObjectID!`),
  ].join('');
  const organization = `\n  organization(login: $organization) {${lines(members, (i) => `\n    m${i}: team(slug: $team${i}) { members(first: 100, membership: ALL, query: $login${i}) { pageInfo { hasNextPage } nodes { login } } }`)}\n  }`;
  const text = `query GateFollowUp($owner: String!, $name: String!${parameters}) {
  repository(owner: $owner, name: $name) {
    databaseId${lines(branches, (i) => `\n    b${i}: ref(qualifiedName: $b${i}) { name target { oid } }`)}${lines(lists, (i) => `\n    l${i}: refs(refPrefix: "refs/heads/", query: $l${i}, first: 100) { pageInfo { hasNextPage } nodes { name target { oid } } }`)}${lines(commits, (i) => `\n    c${i}: object(oid: $c${i}) { ... on Commit { ${OWN_RUNS} } }`)}
  }${members > 0 ? organization : ''}
}`;
  return { name: 'GateFollowUp', text };
}

/**
 * Deployments of the environment that is promoted from, with what a promotion copies and where their commits went, and
 * the commits that came to the environment that is promoted to.
 */
export const PROMOTION: GraphqlDocument = {
  name: 'Promotion',
  text: `query Promotion($owner: String!, $name: String!, $from: String!, $fromSpellings: [String!], $to: String!, $toSpellings: [String!]) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    from: environment(name: $from) { name }
    to: environment(name: $to) { name }
    sources: deployments(first: 50, environments: $fromSpellings, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes {
        databaseId
        createdAt
        latestEnvironment
        originalEnvironment
        description
        commitOid
        creator { __typename login }
        task
        payload
        ref { name prefix target { oid ... on Tag { target { oid } } } }
        commit { deployments(first: 50, orderBy: {field: CREATED_AT, direction: DESC}) { pageInfo { hasNextPage } nodes { databaseId latestEnvironment originalEnvironment } } }
        latestStatus { id }
        statuses(first: 50) { pageInfo { hasNextPage } nodes { ${STATUS_FIELDS} } }
      }
    }
    here: deployments(first: 100, environments: $toSpellings, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { databaseId commitOid description creator { __typename login } latestStatus { state } }
    }
  }
}`,
};

/** The commits behind a commit, the newest first. */
export const COMMIT_HISTORY: GraphqlDocument = {
  name: 'CommitHistory',
  text: `query CommitHistory($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    databaseId
    object(oid: $oid) { ... on Commit { history(first: 100) { nodes { oid } } } }
  }
}`,
};
