import { z } from 'zod';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import { commitSha, isCommitSha } from '../github/trusted.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import type { DeployedRef } from './snapshot.ts';

/** A name as a deployment would take it: a branch, a tag, or a commit. And who asks. */
export const DEPLOYABLE_REF: GraphqlDocument = {
  name: 'DeployableRef',
  text: `query DeployableRef($owner: String!, $name: String!, $branch: String!, $tag: String!, $expression: String!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId
    branch: ref(qualifiedName: $branch) { name }
    tag: ref(qualifiedName: $tag) { name }
    commit: object(expression: $expression) { __typename oid ... on Tag { target { oid } } }
  }
}`,
};

const named = z.object({ name: z.string() }).nullable();
const answer = z.object({
  viewer: z.object({ login: z.string() }),
  repository: z
    .object({
      databaseId: z.number(),
      branch: named,
      tag: named,
      commit: z
        .object({ __typename: z.string(), oid: z.string(), target: z.object({ oid: z.string() }).optional() })
        .nullable(),
    })
    .nullable(),
});

export interface DeployableRef {
  /** Null where the repository has no such branch, tag or commit. */
  readonly found: { readonly ref: DeployedRef; readonly sha: CommitSha } | null;
  /** The login of whoever the token belongs to. */
  readonly viewer: string;
}

/**
 * What GitHub would deploy for a name; of a branch and a tag of the same name, the branch.
 * @throws GitHubError
 */
export async function observeRef(
  github: Pick<GitHubReader, 'query'>,
  { id, owner, name }: RepositoryRef,
  ref: string,
): Promise<DeployableRef> {
  const { data, problems } = await github.query(DEPLOYABLE_REF, {
    owner,
    name,
    branch: `refs/heads/${ref}`,
    tag: `refs/tags/${ref}`,
    expression: ref,
  });
  throwOnOutage(DEPLOYABLE_REF.name, problems);
  const parsed = answer.safeParse(data);
  if (!parsed.success || parsed.data.repository?.databaseId !== id) throw notUnderstood(DEPLOYABLE_REF.name);
  const { branch, tag, commit } = parsed.data.repository;
  const oid = commit?.target?.oid ?? commit?.oid ?? '';
  const isCommit = commit?.__typename === 'Commit' || commit?.__typename === 'Tag';
  const viewer = parsed.data.viewer.login;
  if (!isCommit || !isCommitSha(oid)) return { found: null, viewer };
  const kind = branch !== null ? 'branch' : tag !== null ? 'tag' : 'commit';
  return { found: { ref: { kind, name: kind === 'commit' ? oid : ref }, sha: commitSha(oid) }, viewer };
}
