import { nodes, type PullRequestAnswer, type PullRequestWithCommits } from './answers.ts';

/**
 * Which commits a repository's pull requests have, and had before force pushes. A process may keep it: that a pull
 * request had a commit stays true, and whatever else changes makes the pull request the one that was updated last,
 * so that reading on from there brings everything up to date.
 */
export interface PullRequestIndex {
  /** The pull request updated last when the index was read, as `number updatedAt`. */
  newest: string | null;
  /** What was last updated between these two is in the index; milliseconds since the epoch. */
  readDownTo: number;
  readUpTo: number;
  readonly pullRequests: Map<number, PullRequestAnswer>;
  /** By commit and number: how the commit belongs to the pull request. */
  readonly commits: Map<string, Map<number, Membership>>;
}

export type Membership =
  | { readonly kind: 'own' }
  /** It lies behind a head that a force push replaced: the pull request had it, unless the base has it as well. */
  | { readonly kind: 'behind_replaced'; readonly base: string };

export function createPullRequestIndex(): PullRequestIndex {
  return {
    newest: null,
    readDownTo: Number.POSITIVE_INFINITY,
    readUpTo: Number.NEGATIVE_INFINITY,
    pullRequests: new Map(),
    commits: new Map(),
  };
}

/** Adds what was read of one pull request, or brings it up to date. */
export function addToIndex(index: PullRequestIndex, pullRequest: PullRequestWithCommits): void {
  index.pullRequests.set(pullRequest.number, pullRequest);
  for (const [oid, membership] of membershipsOf(pullRequest)) {
    const known = index.commits.get(oid) ?? new Map<number, Membership>();
    known.set(pullRequest.number, membership);
    index.commits.set(oid, known);
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
