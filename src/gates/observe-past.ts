import { environmentKey, type CommitSha, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { pastAnswer, pastDeploymentsAnswer, pastPullRequestsAnswer, type PastPullRequestAnswer } from './answers.ts';
import { checksAsOf, deploymentsAsOf, pullRequestsAsOf, wentAheadAt } from './as-of.ts';
import { keyOfDeployment } from './asked.ts';
import { isInto, readChecks, readPastDeployments, type Self } from './commit-facts.ts';
import { elsewhereOf, succeededIn } from './complete-facts.ts';
import { hasEnded, newestFirst, pastDeployment, stateOf, type PastDeployment } from './deployments.ts';
import { MOST_COMMITS } from './documents.ts';
import type { NeededFacts } from './needed-facts.ts';
import { createCompare, observeAncestry, observeContaining, type Compare } from './observe-compare.ts';
import { observeCreator } from './observe-creator.ts';
import { observeFollowUp, type FollowUp } from './observe-follow-up.ts';
import { readOnChecks, readOnDeployments, unreadableError } from './observe-more.ts';
import { observeRun } from './observe-run.ts';
import { PAST_DEPLOYMENTS, pastCommitsDocument } from './past-documents.ts';
import { known, mapFact, NOT_ASKED, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import type { Actor, Candidate, CommitCheck, Fact, GatesSnapshot } from './snapshot.ts';

export interface PastQuestion {
  readonly repository: RepositoryRef;
  /** As GitHub spells it. */
  readonly environment: string;
  /** How many of the newest. */
  readonly last: number;
  readonly needs: NeededFacts;
  /** Patterns of the checks that any gate asks for. */
  readonly checks: readonly string[];
}

/** A deployment that there was, and how things stood when it went ahead; where it never did, when it was made. */
export interface PastMoment {
  readonly deployment: PastDeployment;
  readonly at: number;
  readonly wentAhead: boolean;
  /** With this deployment as its only candidate. */
  readonly snapshot: GatesSnapshot;
}

interface PastCommit {
  readonly checks: Fact<readonly CommitCheck[]>;
  readonly pullRequests: Fact<readonly PastPullRequestAnswer[]>;
  readonly deployments: Fact<readonly PastDeployment[]>;
}

/** Nobody knows which app is this one: its check runs are told by their names. */
const NOBODY: Self = { appId: null, slug: null };

/**
 * Observes an environment's last deployments, each as of its time, as far as GitHub tells: teams, branches and who can
 * write are as they are now.
 * @throws GitHubError where GitHub answers nothing at all
 */
export async function observePast(github: GitHubReader, question: PastQuestion): Promise<readonly PastMoment[]> {
  const { repository, environment, last, needs } = question;
  const listed = await listPast(github, question);
  const chosen = listed.deployments.slice(0, last);
  const commits = await observeCommits(github, question, [...new Set(chosen.map(({ sha }) => sha))]);
  const creators = new Map<number, Fact<Actor>>();
  if (needs.creator) {
    for (const one of chosen) creators.set(one.id, await creatorOf(github, question, { one, commits }));
  }
  const known = [...creators.values()].flatMap((creator) => (creator.kind === 'known' ? [creator.value] : []));
  const follow = await observeFollowUp(github, {
    repository,
    self: NOBODY,
    teams: needs.teams,
    logins: [...new Set(known.filter(({ app }) => app === null).map(({ login }) => login))],
    branches: chosen.some(({ ref }) => ref === null) ? [...new Set(needs.branches.flat())] : [],
    commits: [],
    checkName: '',
    spellings: [],
  });
  const compare = createCompare(github, repository);
  const moments: PastMoment[] = [];
  for (const deployment of chosen) {
    const { at, ahead } = wentAheadAt(deployment);
    const candidate = await candidateAsOf({ question, listed, deployment, at, commits, creators, follow, compare });
    moments.push({
      deployment,
      at,
      wentAhead: ahead,
      snapshot: { environment, candidates: [candidate], standing: standingAsOf(listed, deployment, at) },
    });
  }
  return moments;
}

interface Listed {
  /** Newest first. */
  readonly deployments: readonly PastDeployment[];
  /** There are none but these. */
  readonly isWhole: boolean;
}

/** The last ones, and before them those that may have stood when these came. */
async function listPast(github: GitHubReader, { repository, environment, last }: PastQuestion): Promise<Listed> {
  const deployments: PastDeployment[] = [];
  let after: string | null = null;
  do {
    const page: Page = await readPage(github, { repository, environment, after });
    deployments.push(...page.deployments);
    after = page.next;
  } while (after !== null && deployments.length < last + BEFORE);
  return { deployments: deployments.sort(newestFirst), isWhole: after === null };
}

interface Page {
  readonly deployments: readonly PastDeployment[];
  readonly next: string | null;
}

async function readPage(
  github: GitHubReader,
  asked: { readonly repository: RepositoryRef; readonly environment: string; readonly after: string | null },
): Promise<Page> {
  const { environment, after } = asked;
  const { owner, name, id } = asked.repository;
  const { data, problems } = await github.query(PAST_DEPLOYMENTS, { owner, name, spellings: [environment], after });
  throwOnOutage(PAST_DEPLOYMENTS.name, problems);
  const parsed = pastAnswer.safeParse(data);
  if (!parsed.success || parsed.data.repository?.databaseId !== id) throw notUnderstood(PAST_DEPLOYMENTS.name);
  const part = readPart({ root: parsed.data, problems }, ['repository', 'deployments'], pastDeploymentsAnswer);
  if (part.kind === 'unreadable') throw notUnderstood(PAST_DEPLOYMENTS.name);
  const { nodes, pageInfo } = part.value;
  const here = nodes.flatMap((node) => pastDeployment(node) ?? []);
  return {
    deployments: here.filter((one) => one.environment === environmentKey(environment)),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
  };
}

/** So many older ones are looked through for what stood at the time of the oldest that is decided again. */
const BEFORE = 50;

async function observeCommits(
  github: GitHubReader,
  { repository, needs }: PastQuestion,
  shas: readonly CommitSha[],
): Promise<ReadonlyMap<CommitSha, PastCommit>> {
  const { owner, name, id } = repository;
  const commits = new Map<CommitSha, PastCommit>();
  for (let from = 0; from < shas.length; from += MOST_COMMITS) {
    const some = shas.slice(from, from + MOST_COMMITS);
    const { data, problems } = await github.query(pastCommitsDocument(some.length), {
      owner,
      name,
      withChecks: needs.checks,
      withPullRequests: needs.pullRequests,
      ...Object.fromEntries(some.map((sha, i) => [`c${i}`, sha])),
    });
    const parsed = pastAnswer.safeParse(data);
    if (!parsed.success || parsed.data.repository?.databaseId !== id) throw notUnderstood('PastCommits');
    const answer: PartialAnswer = { root: parsed.data, problems };
    for (const [i, sha] of some.entries()) {
      const path = ['repository', `c${i}`];
      const pullRequests = readPart(answer, [...path, 'associatedPullRequests'], pastPullRequestsAnswer);
      commits.set(sha, {
        checks: needs.checks
          ? await readOnChecks(github, readChecks(answer, path, NOBODY), { repository, sha, self: NOBODY })
          : NOT_ASKED,
        pullRequests: needs.pullRequests
          ? mapFact(pullRequests, ({ nodes }) => nodes.filter((one) => isInto(repository, one)))
          : NOT_ASKED,
        deployments: await readOnDeployments(github, readPastDeployments(answer, path), { repository, sha }),
      });
    }
  }
  return commits;
}

async function creatorOf(
  github: GitHubReader,
  { repository, environment }: PastQuestion,
  { one, commits }: { readonly one: PastDeployment; readonly commits: ReadonlyMap<CommitSha, PastCommit> },
): Promise<Fact<Actor>> {
  try {
    const number = one.byActions ? (one.statuses?.find(({ run }) => run !== null)?.run ?? null) : null;
    if (one.byActions && number === null) return unreadable('the deployment does not say which run made it');
    const run = number === null ? null : await observeRun(github, repository, number);
    if (number !== null && run === null) return unreadable(`GitHub does not keep run ${number} any more`);
    return await observeCreator(github, {
      repository,
      environment: environmentKey(environment),
      creator: run === null ? one.creator : run.creator,
      sha: one.sha,
      deployment: one,
      past: commits.get(one.sha)?.deployments ?? NOT_ASKED,
      slug: null,
      isPerson: true,
    });
  } catch (error) {
    return unreadableError(error);
  }
}

async function candidateAsOf(seen: {
  readonly question: PastQuestion;
  readonly listed: Listed;
  readonly deployment: PastDeployment;
  readonly at: number;
  readonly commits: ReadonlyMap<CommitSha, PastCommit>;
  readonly creators: ReadonlyMap<number, Fact<Actor>>;
  readonly follow: FollowUp;
  readonly compare: Compare;
}): Promise<Candidate> {
  const { question, listed, deployment, at, commits, follow, compare } = seen;
  const { needs, environment } = question;
  const { id, sha, createdAt } = deployment;
  const creator = seen.creators.get(id) ?? NOT_ASKED;
  const commit = commits.get(sha);
  const deployments = mapFact(commit?.deployments ?? NOT_ASKED, (all) => deploymentsAsOf(all, at));
  const others = deploymentsAsOf(listed.deployments, at).filter((one) => one.id !== id);
  const active = others.find(({ statuses }) => stateOf(statuses?.[0]) === 'success');
  const isKnown = active !== undefined || listed.isWhole;
  const before = mapFact(deployments, (all) => all.filter((one) => one.id !== id));
  return {
    key: keyOfDeployment(id),
    deployment: id,
    run: null,
    sha,
    ref: deployment.ref ?? { kind: 'commit', name: sha },
    createdAt,
    creator,
    bypasses: [],
    facts: {
      containedIn:
        deployment.ref === null && needs.branches.length > 0
          ? await observeContaining(compare, sha, { branches: follow.branches, gates: needs.branches })
          : NOT_ASKED,
      creatorTeams: teamsOf(creator, needs, follow),
      checks: chain(commit?.checks ?? NOT_ASKED, (all) => checksAsOf(all, at, question.checks)),
      pullRequests: chain(commit?.pullRequests ?? NOT_ASKED, (all) => pullRequestsAsOf(all, at)),
      elsewhere: elsewhereOf(deployments, needs.elsewhere),
      ancestry: needs.ancestry
        ? await observeAncestry(
            compare,
            sha,
            isKnown
              ? known(active === undefined ? null : { sha: active.sha, commitIsGone: false })
              : unreadable('what was active lies further back than is read'),
          )
        : NOT_ASKED,
      succeededHere: needs.succeededHere ? succeededIn(before, environment) : NOT_ASKED,
    },
  };
}

function teamsOf(creator: Fact<Actor>, { teams }: NeededFacts, { memberships }: FollowUp): Fact<ReadonlySet<string>> {
  if (teams.length === 0) return NOT_ASKED;
  if (creator.kind === 'unreadable') return creator;
  return creator.value.app === null ? (memberships.get(creator.value.login) ?? NOT_ASKED) : known(new Set());
}

function chain<T, U>(fact: Fact<T>, next: (value: T) => Fact<U>): Fact<U> {
  return fact.kind === 'known' ? next(fact.value) : fact;
}

/** What stood at the time. The deployment itself had not gone ahead yet. */
function standingAsOf({ deployments }: Listed, asked: PastDeployment, at: number): GatesSnapshot['standing'] {
  const then = deploymentsAsOf(deployments, at);
  const cut = then.find(({ statuses }) => statuses === null);
  if (cut !== undefined) return unreadable(`deployment ${cut.id} has more statuses than are read`);
  return known(
    then
      .map(({ id, sha, createdAt, statuses }) => {
        const isAsked = id === asked.id;
        return {
          id,
          sha,
          createdAt,
          state: isAsked ? ('waiting' as const) : stateOf(statuses?.[0]),
          answered: null,
          candidate: isAsked ? keyOfDeployment(id) : null,
          mayAsk: false,
        };
      })
      .filter(({ state }) => !hasEnded(state)),
  );
}
