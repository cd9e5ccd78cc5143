import { matchesText } from '../policy/match.ts';
import type { PastPullRequestAnswer } from './answers.ts';
import type { PastDeployment } from './deployments.ts';
import { known, unreadable } from './read-fact.ts';
import type { CommitCheck, CommitPullRequest, Fact } from './snapshot.ts';

/*
 * What things were like at a moment, told from what GitHub keeps of them: when a check finished, when a review was
 * given, when a status was set. Of a check that has run again since, GitHub does not tell what it said before.
 */

/** When a deployment went ahead; where it never did, when it was made. Milliseconds since the epoch. */
export function wentAheadAt({ createdAt, statuses }: PastDeployment): { readonly at: number; readonly ahead: boolean } {
  const first = statuses?.filter(({ state }) => state === 'in_progress' || state === 'success').at(-1);
  return first === undefined ? { at: createdAt, ahead: false } : { at: first.createdAt, ahead: true };
}

/** Deployments that there were, with what had been said of them by then. */
export function deploymentsAsOf(deployments: readonly PastDeployment[], at: number): readonly PastDeployment[] {
  return deployments
    .filter(({ createdAt }) => createdAt <= at)
    .map((one) => ({ ...one, statuses: one.statuses?.filter(({ createdAt }) => createdAt <= at) ?? null }));
}

/** @param patterns which checks anybody asks for */
export function checksAsOf(
  checks: readonly CommitCheck[],
  at: number,
  patterns: readonly string[],
): Fact<readonly CommitCheck[]> {
  const later = checks.find(({ name, startedAt, own }) => !own && startedAt > at && matchesText(patterns, name));
  if (later !== undefined)
    return unreadable(`${later.name} has run since, and GitHub does not tell what it said before`);
  return known(
    checks
      .filter(({ startedAt }) => startedAt <= at)
      .map((check) => {
        const isOpen = check.finishedAt === null || check.finishedAt > at;
        return isOpen && check.kind === 'check_run' ? { ...check, state: 'in_progress', finishedAt: null } : check;
      }),
  );
}

export function pullRequestsAsOf(
  all: readonly PastPullRequestAnswer[],
  at: number,
): Fact<readonly CommitPullRequest[]> {
  const isCut = all.find(({ reviews }) => reviews.pageInfo.hasNextPage);
  if (isCut !== undefined) return unreadable(`#${isCut.number} has more reviews than are read`);
  const isPast = (time: string | null): boolean => time !== null && Date.parse(time) <= at;
  return known(
    all
      .filter(({ createdAt }) => isPast(createdAt))
      .map(({ number, baseRefName, mergedAt, closedAt, reviews }) => ({
        number,
        state: isPast(mergedAt) ? 'merged' : isPast(closedAt) ? 'closed' : 'open',
        base: baseRefName,
        approvals: approvals(reviews.nodes.filter(({ submittedAt }) => isPast(submittedAt))),
      })),
  );
}

/** People whose latest opinion was an approval. Reviews come oldest first. */
function approvals(reviews: PastPullRequestAnswer['reviews']['nodes']): number {
  const opinions = new Map<string, boolean>();
  for (const { author, state, authorCanPushToRepository } of reviews) {
    if (author === null || state === 'COMMENTED' || state === 'PENDING') continue;
    opinions.set(author.login, state === 'APPROVED' && authorCanPushToRepository);
  }
  return [...opinions.values()].filter(Boolean).length;
}
