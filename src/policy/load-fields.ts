import { z } from 'zod';

/** Where a policy is, on the default branch. */
export const POLICY_PATH = '.github/deployments.yml';

/**
 * What a query on a repository selects so that its policy rides along: always the blob's id, the text and the commit
 * that last changed it only where `$withPolicyText` says so. `HEAD` is the default branch.
 */
export const POLICY_FIELDS = `isPrivate
    defaultBranchRef {
      name
      refUpdateRule { pattern }
      target {
        oid
        ... on Commit {
          policyCommits: history(first: 1, path: "${POLICY_PATH}") @include(if: $withPolicyText) { nodes { oid committedDate } }
        }
      }
    }
    policyFile: object(expression: "HEAD:${POLICY_PATH}") {
      __typename
      oid
      ... on Blob { isBinary text @include(if: $withPolicyText) }
    }`;

/** What a query selects beside `repository` so that the owner's policy rides along. */
export const ORGANISATION_FIELDS = `organisation: repository(owner: $owner, name: ".github", followRenames: false) {
    databaseId
    ${POLICY_FIELDS}
  }`;

/** What {@link POLICY_FIELDS} answers with. */
export const policyFields = z.object({
  isPrivate: z.boolean(),
  defaultBranchRef: z
    .object({
      name: z.string(),
      refUpdateRule: z.object({}).nullish(),
      target: z
        .object({
          oid: z.string(),
          policyCommits: z
            .object({ nodes: z.array(z.object({ oid: z.string(), committedDate: z.string() }).nullable()).nullable() })
            .nullish(),
        })
        .nullable(),
    })
    .nullable(),
  policyFile: z
    .object({
      __typename: z.string(),
      oid: z.string(),
      isBinary: z.boolean().nullish(),
      text: z.string().nullish(),
    })
    .nullable(),
});

export type PolicyFields = z.infer<typeof policyFields>;

/** What {@link ORGANISATION_FIELDS} answers with; null where there is none, or where it may not be seen. */
export const organisationFields = policyFields.extend({ databaseId: z.number() }).nullable();

export const policiesAnswer = z.object({
  repository: policyFields.extend({ databaseId: z.number(), isArchived: z.boolean() }).nullable(),
  organisation: organisationFields,
});

export type PoliciesAnswer = z.infer<typeof policiesAnswer>;
