import type { GraphqlDocument } from '../github/port.ts';
import { ASSOCIATED_FIELDS, COMMITS_FIELDS, PULL_REQUEST_FRAGMENT } from './pull-request-fields.ts';

/** What is asked by name in one request: refs with their pull requests, and pull requests by number. */
export interface Lookups {
  /** Branch or tag names. */
  readonly refs: readonly string[];
  /** With their labels and commits. */
  readonly pullRequests: readonly number[];
  /** Commits by their full ids, with the pull requests that GitHub says they are in. */
  readonly commits?: readonly string[];
}

export const NO_LOOKUPS: Lookups = { refs: [], pullRequests: [], commits: [] };

/** Lookups as parts of a query on a repository. */
interface LookupParts {
  /** `, $h0: String!` and so on: what follows the query's own parameters. */
  readonly parameters: string;
  readonly fields: string;
  readonly variables: Readonly<Record<string, string | number>>;
}

/** Each lookup becomes a few aliases: `h0`, `t0`, `o0`, `c0` for the first ref, `p0`, `a0` for a pull request and a commit. */
export function lookupParts(lookups: Lookups): LookupParts {
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
  const { commits = [] } = lookups;
  const ofCommits = commits.map(
    (_, i) => `    a${i}: object(oid: $a${i}) {
        ... on Commit { associatedPullRequests(first: 20) { ${ASSOCIATED_FIELDS} } }
    }`,
  );
  const parameters = [
    ...lookups.refs.map((_, i) => `, $h${i}: String!, $t${i}: String!, $r${i}: String!`),
    ...lookups.pullRequests.map((_, i) => `, $p${i}: Int!`),
    ...commits.map((_, i) => `, $a${i}: GitObjectID!`),
  ].join('');
  const variables: Record<string, string | number> = {};
  for (const [i, name] of lookups.refs.entries()) {
    variables[`h${i}`] = `refs/heads/${name}`;
    variables[`t${i}`] = `refs/tags/${name}`;
    variables[`r${i}`] = name;
  }
  for (const [i, number] of lookups.pullRequests.entries()) variables[`p${i}`] = number;
  for (const [i, sha] of commits.entries()) variables[`a${i}`] = sha;
  return { parameters, fields: [...refs, ...pulls, ...ofCommits].join('\n'), variables };
}

/** A document with what its own lookups need as variables. */
export interface PreparedDocument {
  readonly document: GraphqlDocument;
  readonly variables: LookupParts['variables'];
}

/** Nothing but lookups. */
export function lookupsDocument(lookups: Lookups): PreparedDocument {
  const { parameters, fields, variables } = lookupParts(lookups);
  const text = `query LifecycleLookups($owner: String!, $name: String!${parameters}) {
  repository(owner: $owner, name: $name) {
    databaseId
${fields}
  }
}
${PULL_REQUEST_FRAGMENT}`;
  return { document: { name: 'LifecycleLookups', text }, variables };
}
