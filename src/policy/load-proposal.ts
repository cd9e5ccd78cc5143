import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import { organisationFields, ORGANISATION_FIELDS, POLICY_FIELDS, POLICY_PATH, policyFields } from './load-fields.ts';
import { notUnderstood, throwOnOutage, type PolicyRide } from './load.ts';

/** `refs/pull/N/head` is there for pull requests from forks as well, and stays when the branch goes. */
export const PROPOSED_POLICY: GraphqlDocument = {
  name: 'ProposedPolicy',
  text: `query ProposedPolicy($owner: String!, $name: String!, $number: Int!, $file: String!, $after: String, $withPolicyText: Boolean!) {
  repository(owner: $owner, name: $name) {
    databaseId
    isArchived
    ${POLICY_FIELDS}
    proposed: object(expression: $file) { __typename oid ... on Blob { isBinary text } }
    pullRequest(number: $number) {
      state
      isCrossRepository
      baseRefName
      headRefOid
      files(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { path } }
    }
  }
  ${ORGANISATION_FIELDS}
}`,
};

const proposedFile = z
  .object({
    __typename: z.string(),
    oid: z.string(),
    isBinary: z.boolean().nullish(),
    text: z.string().nullish(),
  })
  .nullable();

const proposedPolicyAnswer = z.object({
  repository: policyFields
    .extend({
      databaseId: z.number(),
      isArchived: z.boolean(),
      proposed: proposedFile,
      pullRequest: z
        .object({
          state: z.string(),
          isCrossRepository: z.boolean(),
          baseRefName: z.string(),
          headRefOid: z.string(),
          files: z
            .object({
              pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
              nodes: z.array(z.object({ path: z.string() }).nullable()).nullable(),
            })
            .nullable(),
        })
        .nullable(),
    })
    .nullable(),
  organisation: organisationFields,
});

/** A policy file as an open pull request against the default branch would have it. */
export interface Proposal {
  readonly headSha: string;
  readonly isFork: boolean;
  /** The text; null where the pull request takes the file away, and an unreadable text for what is no text file. */
  readonly text: string | null;
  readonly ride: PolicyRide;
}

/** Of 100 files. A pull request of more that also changes the policy is not a change of the policy to look through. */
const MOST_PAGES = 5;

/** A text that no parser takes: a folder or a binary file where the policy should be. */
const NO_TEXT = '\0';

/**
 * Reads what a pull request would make of the policy. Null where it does not change it, is not open, or is not against
 * the default branch.
 * @throws GitHubError
 */
export async function loadProposal(
  github: Pick<GitHubReader, 'query'>,
  repository: RepositoryRef,
  number: number,
): Promise<Proposal | null> {
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, problems } = await github.query(PROPOSED_POLICY, {
      owner: repository.owner,
      name: repository.name,
      number,
      file: `refs/pull/${number}/head:${POLICY_PATH}`,
      after,
      withPolicyText: true,
    });
    const parsed = proposedPolicyAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(PROPOSED_POLICY.name);
    const answer = parsed.data.repository;
    if (answer === null || answer.isArchived || answer.databaseId !== repository.id) return null;
    throwOnOutage(PROPOSED_POLICY.name, problems);
    const { pullRequest, proposed, policyFile, defaultBranchRef } = answer;
    if (pullRequest?.state !== 'OPEN' || pullRequest.baseRefName !== defaultBranchRef?.name) return null;
    if (proposed?.oid === policyFile?.oid) return null;
    const files = pullRequest.files;
    if ((files?.nodes ?? []).some((file) => file?.path === POLICY_PATH)) {
      return {
        headSha: pullRequest.headRefOid,
        isFork: pullRequest.isCrossRepository,
        text: proposed === null ? null : (proposed.text ?? NO_TEXT),
        ride: { answer: { ...parsed.data, repository: answer }, problems },
      };
    }
    // Not among its files: the default branch has moved on, and the pull request is only older than the policy.
    after = files?.pageInfo.hasNextPage === true ? files.pageInfo.endCursor : null;
    if (after === null) return null;
  }
  return null;
}

/** What some warnings are told from: owners of code, environments, and what workflows say of environments. */
export interface RepositoryFacts {
  /** All that there are; null where they are too many for one request, or may not be seen. */
  readonly environments: readonly string[] | null;
  /** The CODEOWNERS file that GitHub uses; null where there is none. */
  readonly codeowners: string | null;
  /** Path and text of each workflow. */
  readonly workflows: readonly { readonly path: string; readonly text: string }[];
}

/** The environments are asked for apart: who may not see them sees the rest. */
export const REPOSITORY_FACTS: GraphqlDocument = {
  name: 'RepositoryFacts',
  text: `query RepositoryFacts($owner: String!, $name: String!, $first: String!, $second: String!, $third: String!, $workflows: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    first: object(expression: $first) { ... on Blob { text } }
    second: object(expression: $second) { ... on Blob { text } }
    third: object(expression: $third) { ... on Blob { text } }
    workflows: object(expression: $workflows) { ... on Tree { entries { name object { ... on Blob { text } } } } }
  }
  surroundings: repository(owner: $owner, name: $name) {
    environments(first: 100) { totalCount nodes { name } }
  }
}`,
};

const blob = z.object({ text: z.string().nullish() }).nullable();
const repositoryFactsAnswer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      first: blob,
      second: blob,
      third: blob,
      workflows: z.object({ entries: z.array(z.object({ name: z.string(), object: blob })).nullish() }).nullable(),
    })
    .nullable(),
  surroundings: z
    .object({
      environments: z.object({
        totalCount: z.number(),
        nodes: z.array(z.object({ name: z.string() }).nullable()).nullable(),
      }),
    })
    .nullable(),
});

/** Where GitHub looks for it, in this order. */
const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
const WORKFLOWS = '.github/workflows';

/**
 * Reads what some warnings are told from, as of a commit.
 * @throws GitHubError
 */
export async function loadRepositoryFacts(
  github: Pick<GitHubReader, 'query'>,
  repository: RepositoryRef,
  commit: string,
): Promise<RepositoryFacts> {
  const [first, second, third] = CODEOWNERS.map((path) => `${commit}:${path}`);
  const { data, problems } = await github.query(REPOSITORY_FACTS, {
    owner: repository.owner,
    name: repository.name,
    first,
    second,
    third,
    workflows: `${commit}:${WORKFLOWS}`,
  });
  const parsed = repositoryFactsAnswer.safeParse(data);
  if (!parsed.success || parsed.data.repository?.databaseId !== repository.id)
    throw notUnderstood(REPOSITORY_FACTS.name);
  throwOnOutage(REPOSITORY_FACTS.name, problems);
  const found = parsed.data.repository;
  return {
    environments: allNames(parsed.data.surroundings),
    codeowners: found.first?.text ?? found.second?.text ?? found.third?.text ?? null,
    workflows: (found.workflows?.entries ?? []).flatMap(({ name, object }) =>
      /\.ya?ml$/.test(name) && typeof object?.text === 'string'
        ? [{ path: `${WORKFLOWS}/${name}`, text: object.text }]
        : [],
    ),
  };
}

function allNames(surroundings: z.infer<typeof repositoryFactsAnswer>['surroundings']): readonly string[] | null {
  if (surroundings === null) return null;
  const { nodes, totalCount } = surroundings.environments;
  const names = (nodes ?? []).flatMap((environment) => environment?.name ?? []);
  return names.length < totalCount ? null : names;
}
