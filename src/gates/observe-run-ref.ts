import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { refAnswer } from './answers.ts';
import type { GateListing } from './observe-listing.ts';
import type { ObservedRun } from './observe-run.ts';
import { readPart } from './read-fact.ts';
import type { DeployedRef } from './snapshot.ts';

/**
 * What a run runs on, where its deployment does not tell: GitHub names no ref there that is gone, as a branch is that was
 * deleted with the merge of its pull request. A branch is told from a tag by what exists of that name, or by a pull request
 * that had the commit as its head; nothing less will do, since whoever may push tags may give one any name.
 *
 * @param question.asks some gate asks for branches: it is worth a request.
 */
export async function observeRunRef(
  github: Pick<GitHubReader, 'get'>,
  run: ObservedRun,
  question: { readonly repository: RepositoryRef; readonly listing: GateListing; readonly asks: boolean },
): Promise<DeployedRef> {
  const { ref, sha } = run;
  const commit: DeployedRef = { kind: 'commit', name: sha };
  if (ref === null) return commit;
  const { repository, listing, asks } = question;
  const index = listing.names.indexOf(ref);
  const [branch, tag] = ['h', 't'].map((letter) =>
    readPart(listing.answer, ['repository', `${letter}${index}`], refAnswer),
  );
  const unsure: DeployedRef = { ...commit, of: ref };
  if (branch?.kind !== 'known' || tag?.kind !== 'known') return unsure;
  if (branch.value !== null && tag.value === null) return { kind: 'branch', name: ref };
  if (tag.value !== null && branch.value === null) return { kind: 'tag', name: ref };
  const isGone = branch.value === null && tag.value === null;
  const wasBranch = isGone && asks && (await hadAsHead(github, repository, { branch: ref, sha }));
  return wasBranch ? { kind: 'branch', name: ref } : unsure;
}

/** Whether some pull request of the repository's own branch has the commit as its head. What cannot be read proves nothing. */
async function hadAsHead(
  github: Pick<GitHubReader, 'get'>,
  { id, owner, name }: RepositoryRef,
  { branch, sha }: { readonly branch: string; readonly sha: CommitSha },
): Promise<boolean> {
  try {
    const found = await github.get('GET /repos/{owner}/{repo}/pulls', {
      owner,
      repo: name,
      state: 'all',
      head: `${owner}:${branch}`,
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
    });
    return found.some(({ head }) => head.ref === branch && head.sha === sha && head.repo.id === Number(id));
  } catch (error) {
    if (error instanceof GitHubError) return false;
    throw error;
  }
}
