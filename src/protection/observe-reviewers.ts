import type { ProtectionKey } from '../changes/protection-change.ts';
import type { EnvironmentReviewer, EnvironmentState } from '../github/environments.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { Reviewer } from '../policy/schema.ts';
import { reviewerKey, type ProtectedEnvironment, type ReviewerLookup } from './snapshot.ts';

type Reader = Pick<GitHubReader, 'get'>;

/**
 * Finds the teams and users that entries name as reviewers. Those who review in some environment already are known from
 * the list; only others are looked up, and whether they can read the repository, which GitHub asks of a reviewer.
 * @throws GitHubError
 */
export async function observeReviewers(
  github: Reader,
  question: {
    readonly repository: RepositoryRef;
    readonly environments: readonly ProtectedEnvironment[];
    readonly listed: readonly EnvironmentState[];
    readonly leftOut: Map<ProtectionKey, string>;
  },
): Promise<ReadonlyMap<string, ReviewerLookup>> {
  const { repository, environments, listed, leftOut } = question;
  const found = new Map<string, ReviewerLookup>();
  for (const { settings } of listed)
    for (const reviewer of settings.reviewers) found.set(keyOf(reviewer), known(reviewer));
  for (const { protection } of environments) {
    for (const reviewer of protection.reviewers ?? []) {
      if (leftOut.has('reviewers')) return found;
      const key = reviewerKey(reviewer);
      if (found.has(key)) continue;
      try {
        found.set(key, await lookUp(github, repository, reviewer));
      } catch (error) {
        if (!(error instanceof GitHubError) || error.kind !== 'forbidden') throw error;
        leftOut.set('reviewers', error.message);
      }
    }
  }
  return found;
}

function keyOf({ type, name }: EnvironmentReviewer): string {
  return reviewerKey(type === 'Team' ? { team: name } : { user: name });
}

function known(reviewer: EnvironmentReviewer): ReviewerLookup {
  return { kind: 'found', reviewer };
}

async function lookUp(github: Reader, repository: RepositoryRef, reviewer: Reviewer): Promise<ReviewerLookup> {
  return 'team' in reviewer
    ? lookUpTeam(github, repository, reviewer.team)
    : lookUpUser(github, repository, reviewer.user);
}

/** @see https://docs.github.com/en/rest/teams/teams#check-team-permissions-for-a-repository */
async function lookUpTeam(github: Reader, { owner, name }: RepositoryRef, slug: string): Promise<ReviewerLookup> {
  const place = { org: owner, team_slug: slug };
  const team = await unlessMissing(() => github.get('GET /orgs/{org}/teams/{team_slug}', place));
  if (team === null) return { kind: 'unknown' };
  // The answer is a yes without a word.
  const canRead = await unlessMissing(async () => {
    await github.get('GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}', { ...place, owner, repo: name });
    return true;
  });
  return canRead === null ? { kind: 'cannot_read' } : known({ type: 'Team', id: team.id, name: team.slug });
}

/** @see https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
async function lookUpUser(github: Reader, { owner, name }: RepositoryRef, login: string): Promise<ReviewerLookup> {
  const answer = await unlessMissing(() =>
    github.get('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner,
      repo: name,
      username: login,
    }),
  );
  if (!answer?.user) return { kind: 'unknown' };
  if (answer.permission === 'none') return { kind: 'cannot_read' };
  return known({ type: 'User', id: Number(answer.user.id), name: answer.user.login });
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return null;
    throw error;
  }
}
