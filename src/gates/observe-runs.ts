import type { RepositoryRef } from '../github/ids.ts';
import { getAll } from '../github/pages.ts';
import type { GitHubReader } from '../github/port.ts';
import { toRun, type ObservedRun } from './observe-run.ts';

/** More do not wait in one repository, or somebody is playing. */
const MOST = 1_000;

/**
 * All runs of a repository that wait, by their number: one request, where asking for each by its number is one for each.
 * @throws GitHubError
 */
export async function observeRunsThatWait(
  github: Pick<GitHubReader, 'get'>,
  repository: RepositoryRef,
): Promise<ReadonlyMap<number, ObservedRun>> {
  const runs = await getAll(
    github,
    'GET /repos/{owner}/{repo}/actions/runs',
    { owner: repository.owner, repo: repository.name, status: 'waiting' },
    { items: ({ workflow_runs }) => workflow_runs, most: MOST },
  );
  return new Map(runs.map((run) => [Number(run.id), toRun(run, repository)]));
}
