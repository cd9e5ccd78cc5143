import { observeCheckRun } from '../github/check-runs.ts';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { gateCheckName, isGateDigest } from '../reports/gate-check.ts';
import type { ListedOwnRun } from './commit-facts.ts';
import { unreadableError } from './observe-more.ts';
import { known } from './read-fact.ts';
import type { Fact, OwnCheckRun } from './snapshot.ts';

/**
 * This app's check run about an environment on a commit. Where the commit has more check runs of this app's than were
 * listed, it is asked for by its name: one request for each spelling of the environment, since GitHub compares exactly.
 */
export async function completeOwnRun(
  github: Pick<GitHubReader, 'get'>,
  listed: Fact<ListedOwnRun>,
  question: {
    readonly repository: RepositoryRef;
    readonly sha: CommitSha;
    readonly appId: number | null;
    /** Of the environment. */
    readonly spellings: readonly string[];
  },
): Promise<Fact<OwnCheckRun | null>> {
  if (listed.kind === 'unreadable') return listed;
  let { run: newest } = listed.value;
  if (listed.value.isWhole) return known(newest);
  const { spellings, ...place } = question;
  try {
    for (const name of new Set(spellings.map(gateCheckName))) {
      const run = await observeCheckRun(github, { ...place, name, isOfKind: isGateDigest });
      if (run !== null && (newest === null || run.id > newest.id)) newest = { ...run, name };
    }
    return known(newest);
  } catch (error) {
    return unreadableError(error);
  }
}
