import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { Bypass } from '../policy/schema.ts';
import type { Fact } from './snapshot.ts';

type Reader = Pick<GitHubReader, 'get'>;

/** Somebody who pressed a button, in a repository. */
interface Presser {
  readonly repository: RepositoryRef;
  readonly login: string;
}

/**
 * Whether somebody can write to the repository. What a custom role may do, GitHub says in its own words for it.
 * @see https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function observeCanWrite(github: Reader, { repository, login }: Presser): Promise<Fact<boolean>> {
  return ask(async () => {
    const { permission } = await github.get('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner: repository.owner,
      repo: repository.name,
      username: login,
    });
    return permission === 'admin' || permission === 'write';
  });
}

/** Whether `bypass` names somebody: by login, or as a member of a team or of one below it. */
export async function observeMayBypass(
  github: Reader,
  { repository, login, bypass }: Presser & { readonly bypass: Bypass },
): Promise<Fact<boolean>> {
  if (bypass.users.some((user) => user.toLowerCase() === login.toLowerCase())) return { kind: 'known', value: true };
  let answer: Fact<boolean> = { kind: 'known', value: false };
  for (const team of bypass.teams) {
    const isMember = await observeMembership(github, { organization: repository.owner, team, login });
    if (isMember.kind === 'known' && isMember.value) return isMember;
    if (isMember.kind === 'unreadable') answer = isMember;
  }
  return answer;
}

/** @see https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user */
function observeMembership(
  github: Reader,
  asked: { readonly organization: string; readonly team: string; readonly login: string },
): Promise<Fact<boolean>> {
  return ask(async () => {
    const { state } = await github.get('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org: asked.organization,
      team_slug: asked.team,
      username: asked.login,
    });
    return state === 'active';
  });
}

/** GitHub says 404 for who is no member, and for who is nobody. */
async function ask(question: () => Promise<boolean>): Promise<Fact<boolean>> {
  try {
    return { kind: 'known', value: await question() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.kind === 'not_found') return { kind: 'known', value: false };
    return { kind: 'unreadable', why: error.message };
  }
}
