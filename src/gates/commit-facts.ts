import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { isGateDigest } from '../reports/gate-check.ts';
import { actorOfGraphql, isBotOf } from './accounts.ts';
import {
  closedPullRequestsAnswer,
  ownSuitesAnswer,
  pastDeploymentsAnswer,
  pullRequestsAnswer,
  rollupAnswer,
  type ContextAnswer,
  type OwnRunAnswer,
} from './answers.ts';
import { pastDeployment, type PastDeployment } from './deployments.ts';
import { known, readPart, unreadable, type PartialAnswer } from './read-fact.ts';
import type { CommitCheck, CommitPullRequest, Fact, OwnCheckRun } from './snapshot.ts';

/** Who this app is: its number, and the slug that its bot goes by where it is known. Null: a person asks. */
export interface Self {
  readonly appId: number | null;
  readonly slug: string | null;
}

/** A list of which there may be more, and where it goes on. */
export interface Begun<T> {
  readonly items: readonly T[];
  /** Null: this is all. */
  readonly next: string | null;
}

function begun<T>(
  connection: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined } },
  items: readonly T[],
): Fact<Begun<T>> {
  const { hasNextPage, endCursor } = connection.pageInfo;
  if (!hasNextPage) return known({ items, next: null });
  return endCursor ? known({ items, next: endCursor }) : unreadable('GitHub did not say where its list goes on');
}

type Path = readonly (string | number)[];

/** Check runs and statuses; GitHub leaves out those that a newer one of the same app and name has replaced. */
export function readChecks(answer: PartialAnswer, commit: Path, self: Self): Fact<Begun<CommitCheck>> {
  const rollup = readPart(answer, [...commit, 'statusCheckRollup'], rollupAnswer);
  if (rollup.kind === 'unreadable') return rollup;
  if (rollup.value === null) return known({ items: [], next: null });
  const { contexts } = rollup.value;
  return begun(
    contexts,
    contexts.nodes.map((context) => toCheck(context, self)),
  );
}

/** `Lockkeeper` and `Lockkeeper / …`: a person's token does not tell which app is this one. */
const OWN_NAME = /^Lockkeeper(?: \/ |$)/;

function toCheck(context: ContextAnswer, self: Self): CommitCheck {
  if (context.__typename === 'StatusContext') {
    const creator = actorOfGraphql(context.creator);
    return {
      kind: 'status',
      app: creator?.login ?? '',
      name: context.context,
      state: context.state.toLowerCase(),
      startedAt: Date.parse(context.createdAt),
      finishedAt: /^(?:PENDING|EXPECTED)$/.test(context.state) ? null : Date.parse(context.createdAt),
      id: 0,
      own: isBotOf(creator, self.slug),
      run: null,
    };
  }
  const { name, status, conclusion, startedAt, completedAt, checkSuite } = context;
  const isOver = status === 'COMPLETED' && conclusion !== null;
  return {
    kind: 'check_run',
    app: checkSuite.app?.slug ?? '',
    name,
    state: (isOver ? conclusion : status).toLowerCase(),
    // One that has not started will.
    startedAt: startedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(startedAt),
    finishedAt: isOver && completedAt !== null ? Date.parse(completedAt) : null,
    id: context.databaseId,
    own: self.appId === null ? OWN_NAME.test(name) : checkSuite.app?.databaseId === self.appId,
    run: checkSuite.workflowRun?.databaseId ?? null,
  };
}

/** The repository's pull requests that have the commit; one that was closed unmerged is told by its own commits. */
export function readPullRequests(
  answer: PartialAnswer,
  commit: Path,
  { repository, sha }: { readonly repository: RepositoryRef; readonly sha: CommitSha },
): Fact<readonly CommitPullRequest[]> {
  const part = readPart(answer, [...commit, 'associatedPullRequests'], pullRequestsAnswer);
  if (part.kind === 'unreadable') return part;
  const isCut = ({ pageInfo }: { readonly pageInfo: { readonly hasNextPage: boolean } }): boolean =>
    pageInfo.hasNextPage;
  const nodes = part.value.nodes.filter((one) => isInto(repository, one));
  if (isCut(part.value) || nodes.some(({ latestOpinionatedReviews }) => isCut(latestOpinionatedReviews))) {
    return unreadable('there are more pull requests or reviews than are read');
  }
  const associated = nodes.map(({ number, state, baseRefName, latestOpinionatedReviews: reviews }) => ({
    number,
    state: STATES[state],
    base: baseRefName,
    approvals: reviews.nodes.filter((one) => one.state === 'APPROVED' && one.authorCanPushToRepository).length,
  }));
  const closed = readPart(answer, ['closedIn', 'pullRequests'], closedPullRequestsAnswer);
  // Whether it has none or only closed ones, it is rejected; which of the two is for people to read.
  const unmerged = closed.kind === 'known' ? closed.value.nodes : [];
  return known([
    ...associated,
    ...unmerged
      .filter(({ number }) => !associated.some((other) => other.number === number))
      .filter(({ headRefOid, commits }) => headRefOid === sha || commits.nodes.some((one) => one.commit.oid === sha))
      .map(({ number, baseRefName }) => ({ number, state: 'closed' as const, base: baseRefName, approvals: 0 })),
  ]);
}

/**
 * Whether a pull request is one of the repository's: GitHub associates a commit with those of forks too, where whoever
 * owns the fork approves and merges what they like.
 */
export function isInto(
  { id }: RepositoryRef,
  { baseRepository }: { readonly baseRepository: { readonly databaseId: number | null } | null },
): boolean {
  return baseRepository?.databaseId === id;
}

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

/** The commit's deployments to whatever environment. */
export function readPastDeployments(answer: PartialAnswer, commit: Path): Fact<Begun<PastDeployment>> {
  const part = readPart(answer, [...commit, 'deployments'], pastDeploymentsAnswer);
  if (part.kind === 'unreadable') return part;
  const items = part.value.nodes.map(pastDeployment);
  if (items.includes(null)) return unreadable('a deployment is in a state that is not known here');
  return begun(
    part.value,
    items.filter((item) => item !== null),
  );
}

/** A check run among those that were listed; null where it is not, though it may be among others. */
export interface ListedOwnRun {
  readonly run: OwnCheckRun | null;
  readonly isWhole: boolean;
}

/** This app's newest check run of a name on a commit, in whatever case, among those that are listed. */
export function readOwnRun(answer: PartialAnswer, commit: Path, checkName: string): Fact<ListedOwnRun> {
  const part = readPart(answer, [...commit, 'checkSuites'], ownSuitesAnswer);
  if (part.kind === 'unreadable') return part;
  const suites = part.value;
  const isWhole = !suites.pageInfo.hasNextPage && !suites.nodes.some(({ checkRuns }) => checkRuns.pageInfo.hasNextPage);
  const named = suites.nodes
    .flatMap(({ checkRuns }) => checkRuns.nodes)
    .filter(({ name, externalId }) => name.toLowerCase() === checkName.toLowerCase() && isGateDigest(externalId ?? ''))
    .sort((a, b) => b.databaseId - a.databaseId);
  const [newest] = named;
  return known({ run: newest === undefined ? null : toOwnRun(newest), isWhole });
}

function toOwnRun({ databaseId, name, externalId, title, summary }: OwnRunAnswer): OwnCheckRun {
  return {
    id: databaseId,
    name,
    digest: externalId ?? '',
    title: title ?? '',
    summary: summary ?? '',
  };
}
