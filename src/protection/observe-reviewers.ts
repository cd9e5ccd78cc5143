import type { ProtectionKey } from '../changes/protection-change.ts';
import type { EnvironmentReviewer, EnvironmentState } from '../github/environments.ts';
import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { Reviewer } from '../policy/schema.ts';
import { reviewerKey, type ProtectedEnvironment, type ReviewerLookup } from './snapshot.ts';

type Reader = Pick<GitHubReader, 'get'>;

interface Question {
  readonly repository: RepositoryRef;
  readonly environments: readonly ProtectedEnvironment[];
  readonly listed: readonly EnvironmentState[];
  readonly leftOut: Map<ProtectionKey, string>;
}

/**
 * Finds the teams and users that entries name as reviewers. Those who review in some environment already are known from
 * the list; only others are looked up, and whether they can read the repository, which GitHub asks of a reviewer.
 * @throws GitHubError
 */
export async function observeReviewers(
  github: Reader,
  question: Question,
): Promise<ReadonlyMap<string, ReviewerLookup>> {
  const listed = reviewersIn(question.listed);
  const found = await lookUpEach(question, {
    isWanted: (key) => !listed.has(key),
    lookUp: (reviewer) => lookUp(github, question.repository, reviewer),
  });
  return new Map([...[...listed].map(([key, reviewer]) => [key, known(reviewer)] as const), ...found]);
}

/**
 * Looks up whether those can still read the repository who are known from the list alone: GitHub keeps listing who has
 * lost access, and takes nothing for an environment that names them. Ask it of environments that are to be changed.
 * @throws GitHubError
 */
export async function observeAccess(github: Reader, question: Question): Promise<ReadonlyMap<string, ReviewerLookup>> {
  const { repository } = question;
  const listed = reviewersIn(question.listed);
  return lookUpEach(question, {
    isWanted: (key) => listed.has(key),
    async lookUp(reviewer, key) {
      const team = listed.get(key);
      if (!('team' in reviewer) || team === undefined) return lookUp(github, repository, reviewer);
      return (await teamCanRead(github, repository, reviewer.team)) ? known(team) : { kind: 'cannot_read' };
    },
  });
}

function reviewersIn(listed: readonly EnvironmentState[]): ReadonlyMap<string, EnvironmentReviewer> {
  return new Map(listed.flatMap(({ settings }) => settings.reviewers).map((one) => [keyOf(one), one]));
}

/** Looks each wanted reviewer up once, until that turns out not to be allowed. */
async function lookUpEach(
  { environments, leftOut }: Question,
  how: {
    readonly isWanted: (key: string) => boolean;
    readonly lookUp: (reviewer: Reviewer, key: string) => Promise<ReviewerLookup>;
  },
): Promise<ReadonlyMap<string, ReviewerLookup>> {
  const found = new Map<string, ReviewerLookup>();
  for (const reviewer of environments.flatMap(({ protection }) => protection.reviewers ?? [])) {
    if (leftOut.has('reviewers')) return found;
    const key = reviewerKey(reviewer);
    if (found.has(key) || !how.isWanted(key)) continue;
    try {
      found.set(key, await how.lookUp(reviewer, key));
    } catch (error) {
      if (!(error instanceof GitHubError) || error.kind !== 'forbidden') throw error;
      leftOut.set('reviewers', error.message);
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

async function lookUpTeam(github: Reader, repository: RepositoryRef, slug: string): Promise<ReviewerLookup> {
  const place = { org: repository.owner, team_slug: slug };
  const team = await unlessMissing(() => github.get('GET /orgs/{org}/teams/{team_slug}', place));
  if (team === null) return { kind: 'unknown' };
  if (!(await teamCanRead(github, repository, slug))) return { kind: 'cannot_read' };
  return known({ type: 'Team', id: team.id, name: team.slug });
}

/** @see https://docs.github.com/en/rest/teams/teams#check-team-permissions-for-a-repository */
async function teamCanRead(github: Reader, { owner, name }: RepositoryRef, slug: string): Promise<boolean> {
  const place = { org: owner, team_slug: slug, owner, repo: name };
  // The answer is a yes without a word.
  const canRead = await unlessMissing(async () => {
    await github.get('GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}', place);
    return true;
  });
  return canRead !== null;
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
