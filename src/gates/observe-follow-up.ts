import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { isPattern, matchesText } from '../policy/match.ts';
import { branchAnswer, branchListAnswer, followUpAnswer, teamAnswer } from './answers.ts';
import { readOwnRun, type Self } from './commit-facts.ts';
import { gateFollowUpDocument, MOST_COMMITS } from './documents.ts';
import type { Branch } from './observe-compare.ts';
import { unreadableError } from './observe-more.ts';
import { completeOwnRun } from './observe-own-run.ts';
import { known, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import type { Fact, OwnCheckRun } from './snapshot.ts';

/** What is asked once the first answer told whom and what about. */
export interface FollowUpQuestion {
  readonly repository: RepositoryRef;
  readonly self: Self;
  /** Slugs of teams, and people who may be members of them. */
  readonly teams: readonly string[];
  readonly logins: readonly string[];
  /** Patterns of branches. */
  readonly branches: readonly string[];
  /** Commits on which this app may have a check run of this name. */
  readonly commits: readonly CommitSha[];
  readonly checkName: string;
  /** How the environment that it is about may be spelled there. */
  readonly spellings: readonly string[];
}

export interface FollowUp {
  /** By login: the slugs of the teams that each is a member of. */
  readonly memberships: ReadonlyMap<string, Fact<ReadonlySet<string>>>;
  readonly branches: Fact<{ readonly items: readonly Branch[]; readonly isWhole: boolean }>;
  readonly ownRuns: ReadonlyMap<CommitSha, Fact<OwnCheckRun | null>>;
}

/** Asks GitHub once, or not at all where there is nothing to ask; once more for each further 15 commits. */
export async function observeFollowUp(
  github: Pick<GitHubReader, 'query' | 'get'>,
  question: FollowUpQuestion,
): Promise<FollowUp> {
  const { repository, self, teams, logins, branches } = question;
  const commits = self.appId === null ? [] : question.commits.slice(0, MOST_COMMITS);
  const members = logins.flatMap((login) => teams.map((team) => ({ team, login })));
  const names = branches.filter((pattern) => !isPattern(pattern));
  const starts = [...new Set(branches.filter(isPattern).map(startOf))];
  const answer =
    members.length + branches.length + commits.length === 0
      ? { root: {}, problems: [] }
      : await ask(github, repository, {
          counts: {
            members: members.length,
            branches: names.length,
            lists: starts.length,
            commits: commits.length,
          },
          variables: {
            ...(members.length > 0 ? { organization: repository.owner } : {}),
            ...(commits.length > 0 ? { app: self.appId, withOwnRuns: true } : {}),
            ...Object.fromEntries(
              members.flatMap(({ team, login }, i) => [
                [`team${i}`, team],
                [`login${i}`, login],
              ]),
            ),
            ...Object.fromEntries(names.map((name, i) => [`b${i}`, `refs/heads/${name}`])),
            ...Object.fromEntries(starts.map((prefix, i) => [`l${i}`, prefix])),
            ...Object.fromEntries(commits.map((sha, i) => [`c${i}`, sha])),
          },
        });
  const memberships = new Map<string, Fact<ReadonlySet<string>>>();
  for (const login of logins) {
    const all = members.map((member, i) => ({ ...member, i })).filter((member) => member.login === login);
    memberships.set(login, await teamsOf(github, { repository, answer, all }));
  }
  const ownRuns = new Map<CommitSha, Fact<OwnCheckRun | null>>();
  for (const [i, sha] of commits.entries()) {
    const listed = readOwnRun(answer, ['repository', `c${i}`], question.checkName);
    const { appId } = self;
    ownRuns.set(sha, await completeOwnRun(github, listed, { repository, sha, appId, spellings: question.spellings }));
  }
  const left = self.appId === null ? [] : question.commits.slice(MOST_COMMITS);
  const rest =
    left.length === 0
      ? null
      : await observeFollowUp(github, { ...question, teams: [], logins: [], branches: [], commits: left });
  return {
    memberships,
    branches: readBranches(answer, { branches, names: names.length, lists: starts.length }),
    ownRuns: new Map([...ownRuns, ...(rest?.ownRuns ?? [])]),
  };
}

async function ask(
  github: Pick<GitHubReader, 'query'>,
  { id, owner, name }: RepositoryRef,
  {
    counts,
    variables,
  }: {
    readonly counts: Parameters<typeof gateFollowUpDocument>[0];
    readonly variables: Readonly<Record<string, unknown>>;
  },
): Promise<PartialAnswer> {
  try {
    const { data, problems } = await github.query(gateFollowUpDocument(counts), { owner, name, ...variables });
    const parsed = followUpAnswer.safeParse(data);
    if (parsed.success && parsed.data.repository?.databaseId === id) return { root: parsed.data, problems };
    return { root: {}, problems: [{ message: 'GitHub’s answer has not the promised shape' }, ...problems] };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { root: {}, problems: [{ message: error.message }] };
  }
}

interface AskedMember {
  readonly team: string;
  readonly login: string;
  readonly i: number;
}

async function teamsOf(
  github: Pick<GitHubReader, 'get'>,
  asked: { readonly repository: RepositoryRef; readonly answer: PartialAnswer; readonly all: readonly AskedMember[] },
): Promise<Fact<ReadonlySet<string>>> {
  const teams = new Set<string>();
  for (const { team, login, i } of asked.all) {
    const part = readPart(asked.answer, ['organization', `m${i}`], teamAnswer.nullable());
    if (part.kind === 'unreadable') return part;
    // Renamed, perhaps: then nobody should be rejected for it.
    if (part.value === null) return unreadable(`there is no team ${team}`);
    const { nodes, pageInfo } = part.value.members;
    const isMember = nodes.some((member) => member.login.toLowerCase() === login.toLowerCase());
    if (isMember) teams.add(team.toLowerCase());
    if (isMember || !pageInfo.hasNextPage) continue;
    const membership = await observeMembership(github, { organization: asked.repository.owner, team, login });
    if (membership.kind === 'unreadable') return membership;
    if (membership.value) teams.add(team.toLowerCase());
  }
  return known(teams);
}

/**
 * Whether somebody is a member of a team, or of one below it.
 * @see https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user
 */
async function observeMembership(
  github: Pick<GitHubReader, 'get'>,
  asked: { readonly organization: string; readonly team: string; readonly login: string },
): Promise<Fact<boolean>> {
  try {
    const { state } = await github.get('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org: asked.organization,
      team_slug: asked.team,
      username: asked.login,
    });
    return known(state === 'active');
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return known(false);
    return unreadableError(error);
  }
}

/** What every name that a pattern matches begins with: GitHub lists the branches whose names contain it. */
function startOf(pattern: string): string {
  return pattern.slice(0, pattern.search(/[*?{]/));
}

function readBranches(
  answer: PartialAnswer,
  { branches, names, lists }: { readonly branches: readonly string[]; readonly names: number; readonly lists: number },
): FollowUp['branches'] {
  const found = new Map<string, Branch>();
  let isWhole = true;
  for (let i = 0; i < names; i += 1) {
    const part = readPart(answer, ['repository', `b${i}`], branchAnswer);
    if (part.kind === 'unreadable') return part;
    if (part.value?.target) found.set(part.value.name, { name: part.value.name, oid: part.value.target.oid });
  }
  for (let i = 0; i < lists; i += 1) {
    const part = readPart(answer, ['repository', `l${i}`], branchListAnswer);
    if (part.kind === 'unreadable') return part;
    if (part.value.pageInfo.hasNextPage) isWhole = false;
    for (const { name, target } of part.value.nodes) {
      if (target !== null && matchesText(branches, name)) found.set(name, { name, oid: target.oid });
    }
  }
  return known({ items: [...found.values()], isWhole });
}
