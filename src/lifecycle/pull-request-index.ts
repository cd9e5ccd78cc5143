import { nodes, type PullRequestWithCommits, type UpdatedPullRequest } from './answers.ts';

/**
 * Which commits a repository's pull requests have, and had before force pushes. A process may keep it: that a pull
 * request had a commit stays true, and whatever else changes makes the pull request the one that was updated last,
 * so that reading on from there brings everything up to date.
 */
export interface PullRequestIndex {
  /** The pull requests updated last when the index was read. */
  newest: readonly NewestPullRequest[];
  /** What was last updated between these two is in the index; milliseconds since the epoch. */
  readDownTo: number;
  readUpTo: number;
  /** There is more below, which is not read because it lies too far back. */
  endsHere: boolean;
  /** Commits have been looked up in it: it is worth being kept up to date. */
  inUse: boolean;
  readonly pullRequests: Map<number, UpdatedPullRequest>;
  /** By commit and number: how the commit belongs to the pull request. */
  readonly commits: Map<string, Map<number, Membership>>;
}

export type Membership =
  | { readonly kind: 'own' }
  /** It lies behind a head that a force push replaced: the pull request had it, unless the base has it as well. */
  | { readonly kind: 'behind_replaced'; readonly base: string };

/** One of the pull requests that were updated last, with what of it the index would have to learn. */
export type NewestPullRequest = Pick<UpdatedPullRequest, 'number' | 'updatedAt' | 'headRefOid'> & {
  readonly state: string;
};

/** So many of the newest are shown. */
export const NEWEST_SHOWN = 10;

/**
 * Whether no pull request was updated between two looks at the newest. GitHub's timestamps are whole seconds: where
 * all that are shown were updated in the same one, another may have been as well.
 */
export function nothingUpdated(before: readonly NewestPullRequest[], now: readonly NewestPullRequest[]): boolean {
  const mayHideOne = now.length >= NEWEST_SHOWN && now[0]?.updatedAt === now.at(-1)?.updatedAt;
  if (mayHideOne || before.length !== now.length) return false;
  return now.every((one, i) => {
    const other = before[i];
    return (
      one.number === other?.number &&
      one.updatedAt === other.updatedAt &&
      one.state === other.state &&
      one.headRefOid === other.headRefOid
    );
  });
}

export function createPullRequestIndex(): PullRequestIndex {
  return {
    newest: [],
    readDownTo: Number.POSITIVE_INFINITY,
    readUpTo: Number.NEGATIVE_INFINITY,
    endsHere: false,
    inUse: false,
    pullRequests: new Map(),
    commits: new Map(),
  };
}

/** Adds what was read of one pull request, or brings it up to date. What was read earlier and came later is left out. */
export function addToIndex(index: PullRequestIndex, pullRequest: UpdatedPullRequest): void {
  const known = index.pullRequests.get(pullRequest.number);
  if (known === undefined || Date.parse(known.updatedAt) <= Date.parse(pullRequest.updatedAt)) {
    index.pullRequests.set(pullRequest.number, pullRequest);
  }
  for (const [oid, membership] of membershipsOf(pullRequest)) {
    const others = index.commits.get(oid) ?? new Map<number, Membership>();
    others.set(pullRequest.number, membership);
    index.commits.set(oid, others);
  }
}

function membershipsOf(pullRequest: PullRequestWithCommits): ReadonlyMap<string, Membership> {
  const memberships = new Map<string, Membership>();
  const replaced = nodes(pullRequest.timelineItems).flatMap(({ beforeCommit }) => beforeCommit ?? []);
  for (const { history } of replaced) {
    for (const { oid } of nodes(history)) {
      memberships.set(oid, { kind: 'behind_replaced', base: pullRequest.baseRefName });
    }
  }
  for (const { oid } of replaced) memberships.set(oid, { kind: 'own' });
  for (const { commit } of nodes(pullRequest.commits)) memberships.set(commit.oid, { kind: 'own' });
  memberships.set(pullRequest.headRefOid, { kind: 'own' });
  return memberships;
}
