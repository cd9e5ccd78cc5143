import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { isBotOf } from './accounts.ts';
import type { AskedCandidate } from './asked.ts';
import { observeIdentity, type Identified } from './observe-identity.ts';
import { readChecks, readOwnRun, readPastDeployments, readPullRequests, type Self } from './commit-facts.ts';
import { completeFacts } from './complete-facts.ts';
import { byAge } from './decide-beside.ts';
import type { PastDeployment } from './deployments.ts';
import { MOST_COMMITS } from './documents.ts';
import type { NeededFacts } from './needed-facts.ts';
import { createCompare } from './observe-compare.ts';
import { observeFollowUp } from './observe-follow-up.ts';
import { observeGateListing, settledMark, type GateListing } from './observe-listing.ts';
import { readOnChecks, readOnDeployments } from './observe-more.ts';
import { observeOver } from './observe-over.ts';
import { completeOwnRun } from './observe-own-run.ts';
import { observeRun, type ObservedRun } from './observe-run.ts';
import { MOST_SUITES } from './run-documents.ts';
import { known, NOT_ASKED } from './read-fact.ts';
import type {
  Candidate,
  CommitCheck,
  CommitPullRequest,
  Fact,
  GateMemory,
  GatesSnapshot,
  OwnCheckRun,
} from './snapshot.ts';
import { runsThatMatter, standingOf } from './standing.ts';

export interface GatesQuestion {
  readonly repository: RepositoryRef;
  /** In whatever spelling. */
  readonly environment: string;
  /** How the environment may be spelled in its deployments: GitHub's filter compares exactly. */
  readonly spellings: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly needs: NeededFacts;
  readonly candidates: readonly AskedCandidate[];
  /** This app's number; null where a person asks. */
  readonly appId: number | null;
  /** The name of the check run that says what the gates of this environment say; case does not count. */
  readonly checkName: string;
  /** What such a check run remembers. */
  readonly recall: (run: OwnCheckRun) => GateMemory;
  /** What was created before it is known to have ended. Milliseconds since the epoch. */
  readonly settledBefore: number | null;
}

export interface ObservedGates {
  readonly snapshot: GatesSnapshot;
  /** This app's check run on the commit of each candidate. */
  readonly ownRuns: ReadonlyMap<CommitSha, Fact<OwnCheckRun | null>>;
  /** This app's slug; null where GitHub does not say. */
  readonly slug: string | null;
  /** What waits no longer: runs that are over or gone, and deployments that are gone. */
  readonly over: readonly AskedCandidate[];
  /** For the next look. */
  readonly settledBefore: number | null;
}

/** What is known of a commit before anybody asks further. */
export interface CommitFacts {
  readonly checks: Fact<readonly CommitCheck[]>;
  readonly pullRequests: Fact<readonly CommitPullRequest[]>;
  readonly deployments: Fact<readonly PastDeployment[]>;
  readonly ownRun: Fact<OwnCheckRun | null>;
}

/**
 * Observes one environment and what waits there for an answer. What GitHub does not give is unreadable, a fact at a
 * time, and never taken for what is not there. Null where nothing may be decided: the repository is gone, archived, or
 * another one by now has its name.
 *
 * Requests: one for each run that was not seen a moment ago, or that holds another one back without asking, one for the
 * environment and up to 15 commits, one for memberships, branches and what is remembered on up to 15 other commits, one for
 * each comparison of two commits, and one for each further page. Where a commit has more check runs of this app's than a
 * page, one for each spelling of the environment.
 * @throws GitHubError where GitHub answers nothing at all
 */
export async function observeGates(github: GitHubReader, question: GatesQuestion): Promise<ObservedGates | null> {
  const { repository, needs } = question;
  const runs = await observeRuns(github, question);
  const over = question.candidates.filter((one) => one.kind === 'run' && (runs.get(one.run)?.isOver ?? true));
  const asked = question.candidates.filter((one) => !over.includes(one));
  const shas = [...new Set(asked.flatMap((one) => (one.kind === 'run' ? (runs.get(one.run)?.sha ?? []) : one.sha)))];
  const names = asked.flatMap((one) => (one.kind === 'run' ? (runs.get(one.run)?.ref ?? []) : []));

  const suites = asked.flatMap((one) => (one.kind === 'run' ? (runs.get(one.run)?.suite ?? []) : []));

  const listed = await observeListings(github, question, {
    shas,
    names: [...new Set(names)],
    suites: [...new Set(suites)].slice(0, MOST_SUITES),
  });
  if (listed === null) return null;
  const { listing, commits } = listed;
  const self: Self = { appId: question.appId, slug: listing.slug };
  const identified: (Identified | null)[] = [];
  for (const one of asked) {
    const run = one.kind === 'run' ? runs.get(one.run) : undefined;
    identified.push(await observeIdentity(github, one, { question, listing, commits, slug: self.slug, run }));
  }
  const found = identified.filter((one) => one !== null);
  const gone = asked.filter((one, index) => identified[index] === null && isListed(one, listed));

  const follow = await observeFollowUp(github, {
    repository,
    self,
    teams: needs.teams,
    logins: loginsOf(found, needs),
    branches: found.some(({ ref }) => ref.kind === 'commit') ? [...new Set(needs.branches.flat())] : [],
    commits: needs.standing ? answeredElsewhere(listing, { shas, slug: self.slug }) : [],
    checkName: question.checkName,
    spellings: spellingsIn(listing, question),
  });
  const compare = createCompare(github, repository);
  const candidates: Candidate[] = [];
  for (const one of found) {
    const facts = commits.get(one.sha);
    if (facts === undefined) continue;
    candidates.push(await completeFacts(one, { question, listing, facts, follow, compare }));
  }
  candidates.sort(byAge);
  const ownRuns = new Map([...commits].map(([sha, { ownRun }]) => [sha, ownRun]));
  const known = {
    candidates,
    slug: self.slug,
    memories: memoriesOf([...ownRuns, ...follow.ownRuns], question.recall),
  };
  const asRead = needs.standing ? standingOf(listing, { ...known, over: new Set() }) : NOT_ASKED;
  const overRuns = await observeOver(github, repository, {
    runs,
    asked: question.candidates,
    more: runsThatMatter(listing, asRead, candidates),
  });
  return {
    snapshot: {
      environment: listing.environmentName ?? spelledBy(question),
      candidates,
      // What may have been approved must not count as if it had not.
      standing:
        [...follow.ownRuns.values()].find((run) => run.kind === 'unreadable') ??
        standingOf(listing, { ...known, over: overRuns }),
    },
    ownRuns,
    slug: self.slug,
    over: [...over, ...gone],
    settledBefore: listing.deployments.kind === 'known' ? settledMark(listing.deployments.value) : null,
  };
}

/** What could not be looked for is not known to be gone: nothing is said of it. */
function isListed(asked: AskedCandidate, { listing, commits }: Listed): boolean {
  if (asked.kind !== 'deployment') return true;
  return listing.deployments.kind === 'known' && commits.get(asked.sha)?.deployments.kind === 'known';
}

/** Runs by their number; what is not there is gone. */
async function observeRuns(
  github: GitHubReader,
  { repository, candidates }: GatesQuestion,
): Promise<ReadonlyMap<number, ObservedRun>> {
  const runs = new Map<number, ObservedRun>();
  for (const one of candidates) {
    if (one.kind !== 'run' || runs.has(one.run)) continue;
    const run = one.seen ?? (await observeRun(github, repository, one.run));
    if (run !== null) runs.set(one.run, run);
  }
  return runs;
}

interface Listed {
  readonly listing: GateListing;
  readonly commits: ReadonlyMap<CommitSha, CommitFacts>;
}

/** The environment, and all commits in as few requests as GitHub's limit on nodes allows. */
async function observeListings(
  github: GitHubReader,
  question: GatesQuestion,
  { shas, names, suites }: Pick<GateListing, 'names' | 'suites'> & { readonly shas: readonly CommitSha[] },
): Promise<Listed | null> {
  const commits = new Map<CommitSha, CommitFacts>();
  let listing: GateListing | null = null;
  for (let from = 0; from === 0 || from < shas.length; from += MOST_COMMITS) {
    const some = shas.slice(from, from + MOST_COMMITS);
    const read = await observeGateListing(github, {
      ...question,
      commits: some,
      names,
      suites: from === 0 ? suites : [],
      withChecks: question.needs.checks,
      withPullRequests: question.needs.pullRequests,
    });
    if (read === null) return null;
    const self: Self = { appId: question.appId, slug: read.slug };
    for (const [i, sha] of some.entries()) {
      commits.set(
        sha,
        await commitFacts(github, question, { listing: read, path: ['repository', `c${i}`], sha, self }),
      );
    }
    listing ??= read;
  }
  return listing === null ? null : { listing, commits };
}

async function commitFacts(
  github: GitHubReader,
  question: GatesQuestion,
  seen: {
    readonly listing: GateListing;
    readonly path: readonly [string, string];
    readonly sha: CommitSha;
    readonly self: Self;
  },
): Promise<CommitFacts> {
  const { repository, needs, checkName, appId } = question;
  const { listing, path, sha, self } = seen;
  const { answer } = listing;
  const spellings = spellingsIn(listing, question);
  return {
    checks: needs.checks
      ? await readOnChecks(github, readChecks(answer, path, self), { repository, sha, self })
      : NOT_ASKED,
    pullRequests: needs.pullRequests ? readPullRequests(answer, path, { repository, sha }) : NOT_ASKED,
    deployments: await readOnDeployments(github, readPastDeployments(answer, path), { repository, sha }),
    ownRun:
      appId === null
        ? known(null)
        : await completeOwnRun(github, readOwnRun(answer, path, checkName), { repository, sha, appId, spellings }),
  };
}

/** GitHub may not show an environment, and names it all the same where a run asks for it. */
function spelledBy({ candidates, environment }: GatesQuestion): string {
  const spelled = candidates.flatMap((one) => (one.kind === 'run' && one.environment ? [one.environment] : []));
  return spelled[0] ?? environment;
}

/** How the environment may be spelled, GitHub's way first. */
function spellingsIn(
  { environmentName }: GateListing,
  { spellings }: Pick<GatesQuestion, 'spellings'>,
): readonly string[] {
  return environmentName === null ? spellings : [environmentName, ...spellings];
}

/** People whose teams decide something; apps are members of none. */
function loginsOf(found: readonly Identified[], needs: NeededFacts): readonly string[] {
  if (needs.teams.length === 0) return [];
  const logins = found.flatMap(({ creator }) =>
    creator.kind === 'known' && creator.value.app === null ? [creator.value.login] : [],
  );
  return [...new Set(logins)];
}

/**
 * Other commits with a deployment that does not say itself whether it was approved: a run that waits may wait for somebody
 * else by now, and a deploy system may have answered an approval with `pending`. The commits alone remember it.
 */
function answeredElsewhere(
  { deployments }: GateListing,
  { shas, slug }: { readonly shas: readonly CommitSha[]; readonly slug: string | null },
): readonly CommitSha[] {
  if (deployments.kind === 'unreadable') return [];
  const silent = deployments.value.filter(({ status, sha, commitIsGone }) => {
    if (commitIsGone || shas.includes(sha)) return false;
    return status?.state === 'waiting' || (status?.state === 'pending' && !isBotOf(status.creator, slug));
  });
  return [...new Set(silent.map(({ sha }) => sha))];
}

function memoriesOf(
  runs: readonly (readonly [CommitSha, Fact<OwnCheckRun | null>])[],
  recall: GatesQuestion['recall'],
): ReadonlyMap<CommitSha, GateMemory> {
  return new Map(
    runs.flatMap(([sha, run]) => (run.kind === 'known' && run.value !== null ? [[sha, recall(run.value)]] : [])),
  );
}
