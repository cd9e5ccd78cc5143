import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { AskedCandidate } from './asked.ts';
import { observeRun, type ObservedRun } from './observe-run.ts';

/** Which runs are over or gone: of those that were asked about, and of `more`. One that cannot be read is not. */
export async function observeOver(
  github: GitHubReader,
  repository: RepositoryRef,
  {
    runs,
    asked,
    more,
  }: {
    readonly runs: ReadonlyMap<number, ObservedRun>;
    readonly asked: readonly AskedCandidate[];
    readonly more: readonly number[];
  },
): Promise<ReadonlySet<number>> {
  const numbers = asked.flatMap((one) => (one.kind === 'run' ? [one.run] : []));
  const over = new Set(numbers.filter((run) => runs.get(run)?.isOver ?? true));
  for (const number of more) {
    if (numbers.includes(number)) continue;
    try {
      if ((await observeRun(github, repository, number))?.isOver ?? true) over.add(number);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
    }
  }
  return over;
}
