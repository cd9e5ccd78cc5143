import { z } from 'zod';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import { POLICY_PATH } from './load-fields.ts';
import { notUnderstood, throwOnOutage, type ParsedFile } from './load.ts';
import { parsePolicy } from './parse.ts';

/** The last ten commits on the default branch that touched the policy. */
export const POLICY_HISTORY: GraphqlDocument = {
  name: 'PolicyHistory',
  text: `query PolicyHistory($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    defaultBranchRef {
      target {
        ... on Commit {
          history(first: 10, path: "${POLICY_PATH}") {
            nodes {
              oid
              committedDate
              file(path: "${POLICY_PATH}") { object { __typename oid ... on Blob { isBinary text } } }
            }
          }
        }
      }
    }
  }
}`,
};

const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      defaultBranchRef: z
        .object({
          target: z
            .object({
              history: z
                .object({
                  nodes: z
                    .array(
                      z
                        .object({
                          oid: z.string(),
                          committedDate: z.string(),
                          file: z
                            .object({
                              object: z
                                .object({
                                  __typename: z.string(),
                                  oid: z.string(),
                                  isBinary: z.boolean().nullish(),
                                  text: z.string().nullish(),
                                })
                                .nullable(),
                            })
                            .nullable(),
                        })
                        .nullable(),
                    )
                    .nullable(),
                })
                .optional(),
            })
            .nullable(),
        })
        .nullable(),
    })
    .nullable(),
});

/**
 * The newest version of a policy file on the default branch that parses, of the last ten commits that touched it; null
 * where none does. It serves the gates while a newer version does not parse; nothing is changed by it.
 * @throws GitHubError
 */
export async function loadNewestParsing(
  github: Pick<GitHubReader, 'query'>,
  { id, owner, name }: Pick<RepositoryRef, 'owner' | 'name'> & { readonly id: number | null },
): Promise<Extract<ParsedFile, { readonly kind: 'valid' }> | null> {
  const { data, problems } = await github.query(POLICY_HISTORY, { owner, name });
  const parsed = answer.safeParse(data);
  if (!parsed.success) throw notUnderstood(POLICY_HISTORY.name);
  // A repository that may not be seen for a moment is not one without a version that parses.
  throwOnOutage(POLICY_HISTORY.name, problems);
  const found = parsed.data.repository;
  if (found === null || (id !== null && found.databaseId !== id)) return null;
  for (const commit of found.defaultBranchRef?.target?.history?.nodes ?? []) {
    const blob = commit?.file?.object;
    if (!commit || blob?.__typename !== 'Blob' || blob.isBinary === true || typeof blob.text !== 'string') continue;
    const { policy, diagnostics, locate } = parsePolicy(blob.text);
    if (policy === null) continue;
    const at = Date.parse(commit.committedDate);
    return {
      kind: 'valid',
      version: blob.oid,
      commit: { oid: commit.oid, at },
      policy,
      diagnostics,
      locate,
      size: blob.text.length,
    };
  }
  return null;
}
