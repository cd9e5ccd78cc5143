import type { DeploymentId, RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { nodes, type PullRequestAnswer } from './answers.ts';
import { counts, surelyHas, toFacts, type RefKind } from './belonging.ts';
import type { Lookups } from './lookup-documents.ts';
import { observeByName, type LookedUp } from './observe-by-name.ts';
import { observeInBranches } from './observe-in-branches.ts';
import type { ListedDeployment } from './observe-listing.ts';
import {
  currentPullRequests,
  observePullRequestIndex,
  type PullRequestIndexes,
  isUpToDate,
  reachesBackTo,
} from './observe-pull-requests.ts';
import type { NewestPullRequest } from './pull-request-index.ts';
import type { DeployedRef, PullRequestFacts } from './snapshot.ts';

/** A deployment whose ref and pull requests are asked for, and what of it the rules want to know. */
export interface Asked {
  readonly deployment: ListedDeployment;
  readonly ref: RefKind;
  readonly pullRequests: boolean;
  readonly refGone: boolean;
  readonly labels: boolean;
}

/** What could be found out; null stands for what could not. */
export interface Belonging {
  readonly ref: DeployedRef;
  readonly pullRequests: readonly PullRequestFacts[] | null;
}

interface Question {
  readonly repository: RepositoryRef;
  readonly defaultBranch: string;
  readonly newestPullRequests: readonly NewestPullRequest[];
  readonly indexes: PullRequestIndexes;
  /** What was asked by name along with the listing. */
  readonly lookedUp: LookedUp;
  /** The open pull requests by number, as far as they were listed. */
  readonly openPullRequests: ReadonlyMap<number, PullRequestAnswer>;
  readonly asked: readonly Asked[];
}

/**
 * Finds out which pull requests deployments belong to, and whether their branches and tags are gone. What rode along
 * with the listing costs nothing; the rest is asked by name, many in a request; commits that no pull request names
 * today are sought among the pull requests' own commits.
 * @throws GitHubError
 */
export async function observeBelonging(
  github: GitHubReader,
  question: Question,
): Promise<ReadonlyMap<DeploymentId, Belonging>> {
  const { repository, indexes, newestPullRequests: newest } = question;
  const current = new Map<number, PullRequestAnswer>([
    ...currentPullRequests({ repository, indexes, newest }),
    ...question.openPullRequests,
  ]);
  const named = both(question.lookedUp, await observeByName(github, repository, missingLookups(question, current)));
  const found = new Map<DeploymentId, readonly PullRequestAnswer[] | null>();
  for (const one of question.asked) found.set(one.deployment.id, belongsTo(one, { named, current }, question));
  await searchCommits(github, question, found);
  const labels = await observeLabels(github, { question, found, named });
  return new Map(
    question.asked.map((one) => [
      one.deployment.id,
      {
        ref: deployedRef(one, named),
        pullRequests:
          found
            .get(one.deployment.id)
            ?.map((pullRequest) => toFacts(pullRequest, labels.get(pullRequest.number) ?? null)) ?? null,
      },
    ]),
  );
}

/** Names that nothing has answered so far: refs that look gone, and pull requests by number. */
function missingLookups({ asked, lookedUp, defaultBranch }: Question, current: Current): Lookups {
  const refs = new Set<string>();
  const pullRequests = new Set<number>();
  const commits = new Set<string>();
  for (const { deployment, ref, ...wants } of asked) {
    const { ref: listed } = deployment;
    const looksGone = listed === null && (wants.pullRequests || wants.refGone);
    // The pull requests of a branch that nobody counts need not be known.
    const lacksPullRequests =
      wants.pullRequests && listed?.pullRequests === null && !listed.isProtected && listed.name !== defaultBranch;
    if (ref.kind === 'named' && (looksGone || lacksPullRequests)) refs.add(ref.name);
    if (ref.kind === 'pull_request' && wants.pullRequests) pullRequests.add(ref.number);
    if (ref.kind === 'commit' && wants.pullRequests && deployment.associated === null) commits.add(deployment.sha);
  }
  return {
    commits: [...commits].filter((sha) => !lookedUp.commits.has(sha)),
    refs: [...refs].filter((name) => !lookedUp.refs.has(name)),
    pullRequests: [...pullRequests].filter((number) => !lookedUp.pullRequests.has(number) && !current.has(number)),
  };
}

/** Pull requests by number that this process knows as they stand now. */
type Current = ReadonlyMap<number, PullRequestAnswer>;

function both(a: LookedUp, b: LookedUp): LookedUp {
  return {
    refs: new Map([...a.refs, ...b.refs]),
    pullRequests: new Map([...a.pullRequests, ...b.pullRequests]),
    commits: new Map([...a.commits, ...b.commits]),
  };
}

/** Null where what is known so far does not tell. */
function belongsTo(
  one: Asked,
  { named, current }: { readonly named: LookedUp; readonly current: Current },
  { defaultBranch }: Question,
): readonly PullRequestAnswer[] | null {
  if (!one.pullRequests) return null;
  const { deployment, ref } = one;
  const counted = (some: readonly PullRequestAnswer[]): readonly PullRequestAnswer[] =>
    some.filter((pullRequest) => counts(pullRequest, { defaultBranch, deployedAt: deployment.createdAt }));
  switch (ref.kind) {
    case 'pull_request': {
      const found = named.pullRequests.get(ref.number) ?? current.get(ref.number);
      return found === undefined ? null : counted([found]);
    }
    case 'unclear':
      return [];
    case 'named': {
      if (ref.isTag || ref.name === defaultBranch || deployment.ref?.isProtected === true) return [];
      const found = deployment.ref?.pullRequests ?? named.refs.get(ref.name)?.pullRequests;
      return found === undefined ? null : counted(found);
    }
    case 'commit': {
      const associated = deployment.associated ?? named.commits.get(deployment.sha);
      if (associated === undefined) return null;
      return counted(associated).filter((pullRequest) => surelyHas(pullRequest, deployment.sha));
    }
  }
}

/**
 * Commits that belong to no open pull request so far. A pull request that was closed without a merge, or that lost the
 * commit in a force push, names it only from its own side; so does a merged one, whose own commits are told there from
 * the one that the merge made. An open one among them speaks against an ending.
 */
async function searchCommits(
  github: GitHubReader,
  question: Question,
  found: Map<DeploymentId, readonly PullRequestAnswer[] | null>,
): Promise<void> {
  const { repository, indexes, newestPullRequests, defaultBranch } = question;
  const sought = question.asked.filter(
    ({ deployment, ref, pullRequests }) =>
      pullRequests && ref.kind === 'commit' && !found.get(deployment.id)?.some(({ state }) => state === 'OPEN'),
  );
  if (sought.length === 0 || newestPullRequests.length === 0) return;
  const index = await observePullRequestIndex(github, {
    repository,
    indexes,
    newest: newestPullRequests,
    committedAt: sought.reduce((oldest, { deployment }) => Math.min(oldest, commitDate(deployment)), Infinity),
  });
  const inBranches = createInBranches(github, repository);
  for (const { deployment } of sought) {
    const known = found.get(deployment.id) ?? [];
    const all = new Map(known.map((one) => [one.number, one]));
    let isKnown = reachesBackTo(index, commitDate(deployment));
    for (const [number, member] of index.commits.get(deployment.sha) ?? []) {
      const pullRequest = index.pullRequests.get(number);
      if (pullRequest === undefined || !counts(pullRequest, { defaultBranch, deployedAt: deployment.createdAt }))
        continue;
      const isOwn = member.kind === 'own' && !pullRequest.isCrossRepository;
      const base = member.kind === 'own' ? defaultBranch : member.base;
      if (!isOwn && !(await isAheadOf(github, { repository, base, sha: deployment.sha }))) continue;
      const isOurs = pullRequest.isCrossRepository ? await inBranches(deployment) : false;
      if (isOurs === true) continue;
      if (isOurs === false && isUpToDate(index, pullRequest)) all.set(number, pullRequest);
      else isKnown = false;
    }
    // Not having looked far enough is no proof that it belongs to nobody.
    found.set(deployment.id, isKnown || all.size > 0 ? [...all.values()] : null);
  }
}

/**
 * Whether a branch of this repository has a deployment's commit, asked once for a commit. Then whoever pushed that deployed
 * it, and not a fork: everybody can push the commit to a branch of a fork that has a pull request already, and close that.
 */
function createInBranches(
  github: GitHubReader,
  repository: RepositoryRef,
): (deployment: ListedDeployment) => Promise<boolean | null> {
  const asked = new Map<string, Promise<boolean | null>>();
  return (deployment) => {
    const answer = asked.get(deployment.sha) ?? observeInBranches(github, repository, deployment);
    asked.set(deployment.sha, answer);
    return answer;
  };
}

const MONTH = 30 * 86_400_000;

/** A commit that GitHub has no more was made before it was deployed, and hardly long before. */
function commitDate({ committedAt, createdAt }: ListedDeployment): number {
  return committedAt ?? createdAt - MONTH;
}

/**
 * Whether a commit is none of a branch's own. What lies behind a replaced head is the pull request's only where its
 * base does not have it; what a fork pushes may be anybody's commit, and is only where the default branch does not.
 */
async function isAheadOf(
  github: GitHubReader,
  question: { readonly repository: RepositoryRef; readonly base: string; readonly sha: string },
): Promise<boolean> {
  const { repository, base, sha } = question;
  try {
    const { status } = await github.get('GET /repos/{owner}/{repo}/compare/{basehead}', {
      owner: repository.owner,
      repo: repository.name,
      basehead: `${base}...${sha}`,
      per_page: 1,
    });
    return status === 'ahead' || status === 'diverged';
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return false;
    throw error;
  }
}

/** The labels of the pull requests of those deployments that a label could keep. */
async function observeLabels(
  github: GitHubReader,
  known: {
    readonly question: Question;
    readonly found: ReadonlyMap<DeploymentId, readonly PullRequestAnswer[] | null>;
    readonly named: LookedUp;
  },
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { question, found, named } = known;
  const labels = new Map([...named.pullRequests].map(([number, one]) => [number, namesOf(one)]));
  const wanted = new Set(
    question.asked
      .filter((one) => one.labels)
      .flatMap(({ deployment }) => found.get(deployment.id) ?? [])
      .map(({ number }) => number)
      .filter((number) => !labels.has(number)),
  );
  if (wanted.size === 0) return labels;
  const more = await observeByName(github, question.repository, { refs: [], pullRequests: [...wanted] });
  for (const [number, one] of more.pullRequests) labels.set(number, namesOf(one));
  return labels;
}

function namesOf({ labels }: { readonly labels: Parameters<typeof nodes<{ name: string }>>[0] }): readonly string[] {
  return nodes(labels).map(({ name }) => name);
}

function deployedRef({ deployment, ref, refGone }: Asked, named: LookedUp): DeployedRef {
  if (ref.kind !== 'named') return ref;
  const { kind, name } = ref;
  const gone = deployment.ref === null ? (named.refs.get(name)?.gone ?? null) : false;
  return { kind, name, gone: refGone ? gone : null };
}
