import { z } from 'zod';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader, GraphqlDocument } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { nodes } from './answers.ts';

/** What each branch has of about the time at which a commit was made: the commit itself, where it has that. */
export const BRANCHES_AROUND: GraphqlDocument = {
  name: 'BranchesAround',
  text: `query BranchesAround($owner: String!, $name: String!, $since: GitTimestamp!, $until: GitTimestamp!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    refs(refPrefix: "refs/heads/", first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { target { ... on Commit { history(first: 20, since: $since, until: $until) { pageInfo { hasNextPage } nodes { oid } } } } }
    }
  }
}`,
};

const list = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node.nullable()).nullable() });
const history = list(z.object({ oid: z.string() })).extend({ pageInfo: z.object({ hasNextPage: z.boolean() }) });
const branches = list(z.object({ target: z.object({ history: history.optional() }).nullable() })).extend({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const branchesAroundAnswer = z.object({
  repository: z.object({ databaseId: z.number(), refs: branches.nullable() }).nullable(),
});

/** Pages of 100 branches. Of a repository with more it is not known. */
const MOST_PAGES = 5;
/** Milliseconds to each side: git counts in whole seconds, and a bound need not be inside. */
const MARGIN = 1_000;

/**
 * Whether a branch of the repository has a commit, at its head or behind it. Null where that is not known: GitHub has the
 * commit no more, or there are more branches, or more commits of that moment, than are read.
 * @throws GitHubError
 */
export async function observeInBranches(
  github: Pick<GitHubReader, 'query'>,
  repository: RepositoryRef,
  {
    sha,
    committedAt,
  }: {
    readonly sha: CommitSha;
    /** Milliseconds since the epoch. */
    readonly committedAt: number | null;
  },
): Promise<boolean | null> {
  if (committedAt === null) return null;
  const [since, until] = [committedAt - MARGIN, committedAt + MARGIN].map((at) => new Date(at).toISOString());
  const { owner, name, id } = repository;
  let isWhole = true;
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { data, problems } = await github.query(BRANCHES_AROUND, { owner, name, since, until, after });
    const parsed = branchesAroundAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(BRANCHES_AROUND.name);
    throwOnOutage(BRANCHES_AROUND.name, problems);
    const answer = parsed.data.repository;
    if (answer?.databaseId !== id || answer.refs === null) return null;
    // A branch that GitHub could not give may have it.
    if (answer.refs.nodes?.every((ref) => ref !== null) !== true) isWhole = false;
    for (const { target } of nodes(answer.refs)) {
      if (nodes(target?.history).some(({ oid }) => oid === sha)) return true;
      if (target?.history?.pageInfo.hasNextPage !== false) isWhole = false;
    }
    const { hasNextPage, endCursor } = answer.refs.pageInfo;
    if (!hasNextPage) return isWhole ? false : null;
    after = endCursor;
  }
  return null;
}
