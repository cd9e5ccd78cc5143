import { z } from 'zod';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { commitSha, isCommitSha } from '../github/trusted.ts';
import { notUnderstood } from '../policy/load.ts';
import { actorOfRest } from './accounts.ts';
import type { Actor } from './snapshot.ts';

/** A run of Actions, as it stands in its latest attempt. */
export interface ObservedRun {
  readonly id: number;
  readonly attempt: number;
  readonly sha: CommitSha;
  readonly isOver: boolean;
  /** It runs what a pull request or another repository has: its names are none of this repository's. */
  readonly isForeign: boolean;
  /** The node of its check suite, in which its jobs are. */
  readonly suite: string | null;
  /** The branch or tag that it runs on; null where it is foreign. */
  readonly ref: string | null;
  /** Who triggered the attempt; null where GitHub does not say. */
  readonly creator: Actor | null;
}

const RUN = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';

const slice = z.object({
  id: z.int().positive(),
  run_attempt: z.int().positive().optional(),
  head_sha: z.string().refine(isCommitSha),
  head_branch: z.string().nullable(),
  event: z.string(),
  status: z.string().nullable(),
  check_suite_node_id: z.string().optional(),
  repository: z.object({ id: z.number() }),
  head_repository: z.object({ id: z.number() }).nullish(),
  triggering_actor: z.object({ login: z.string(), type: z.string().optional() }).nullish(),
});

/**
 * A run by its number; null where the repository has none.
 * @throws GitHubError
 * @see https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run
 */
export async function observeRun(
  github: Pick<GitHubReader, 'get'>,
  repository: RepositoryRef,
  run: number,
): Promise<ObservedRun | null> {
  try {
    const { owner, name } = repository;
    return toRun(await github.get(RUN, { owner, repo: name, run_id: run }), repository);
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return null;
    throw error;
  }
}

/**
 * A run as GitHub's lists and its own address give it.
 * @throws GitHubError where it is not as promised, or another repository's
 */
export function toRun(answer: unknown, repository: RepositoryRef): ObservedRun {
  const parsed = slice.safeParse(answer);
  if (!parsed.success || parsed.data.repository.id !== repository.id) throw notUnderstood(RUN);
  const { data } = parsed;
  const isForeign = data.event.startsWith('pull_request') || data.head_repository?.id !== repository.id;
  return {
    id: data.id,
    attempt: data.run_attempt ?? 1,
    sha: commitSha(data.head_sha),
    isOver: data.status === 'completed',
    isForeign,
    suite: data.check_suite_node_id ?? null,
    ref: isForeign ? null : data.head_branch,
    creator: data.triggering_actor ? actorOfRest(data.triggering_actor) : null,
  };
}
