import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { Promote } from '../policy/schema.ts';
import { describePromotion } from './promotion-mark.ts';
import type { PromotionSnapshot, PromotionSource } from './promotion-snapshot.ts';

/** A deployment to be created: `auto_merge: false`, `required_contexts: []`. */
export interface Promotion {
  /** The deployment that is promoted. */
  readonly source: DeploymentId;
  readonly environment: string;
  readonly sha: CommitSha;
  /** What the deployment is to be created of: the source's ref, or the commit where that has moved on. */
  readonly ref: string;
  readonly task: string;
  readonly payload: PromotionSource['payload'];
  readonly description: string;
  readonly strays: PromotionSnapshot['strays'];
}

export interface PromotionDecision {
  /** At most one: of several that are due, the newest counts, and the others are older than it from then on. */
  readonly promotion: Promotion | null;
  /** The next moment at which one may come due by itself, in milliseconds since the epoch; null where none is known. */
  readonly changesAt: number | null;
  /** What could not be read, a phrase each: nothing is promoted that depends on it. */
  readonly unread: readonly string[];
}

export interface PromotionQuestion {
  readonly snapshot: PromotionSnapshot;
  readonly promote: Promote;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `promote` creates. Pure: the same snapshot, policy and time give the same answer. */
export function decidePromotion(question: PromotionQuestion): PromotionDecision {
  const { snapshot, promote, now } = question;
  const unread = [snapshot.landedAt, snapshot.sources, snapshot.deployedHere].flatMap((fact) =>
    fact.kind === 'unreadable' ? [fact.why] : [],
  );
  if (unread.length > 0) return { promotion: null, changesAt: null, unread };
  const waiting = promotable(snapshot).flatMap(({ succeededAt }) =>
    now - succeededAt < promote.after ? [succeededAt + promote.after] : [],
  );
  const changesAt = waiting.length === 0 ? null : Math.min(...waiting);
  for (const source of dueSources(question)) {
    const { newerHere, refHolds } = source;
    if (newerHere.kind === 'known' && newerHere.value) continue;
    if (newerHere.kind === 'unreadable') return { promotion: null, changesAt, unread: [newerHere.why] };
    if (refHolds.kind === 'unreadable') return { promotion: null, changesAt, unread: [refHolds.why] };
    const { id, sha, ref, task, payload } = source;
    const promotion = {
      source: id,
      environment: snapshot.environment,
      sha,
      ref: refHolds.value ? ref : sha,
      task,
      payload,
      description: describePromotion(id, promote.from),
      strays: snapshot.strays,
    };
    return { promotion, changesAt, unread: [] };
  }
  return { promotion: null, changesAt, unread: [] };
}

/**
 * The deployments that have stood successful for long enough, newest first, as far as can be said without `refHolds` and
 * `newerHere`: only of these are the two asked.
 */
export function dueSources({ snapshot, promote, now }: PromotionQuestion): readonly PromotionSource[] {
  return promotable(snapshot).filter(({ succeededAt }) => now - succeededAt >= promote.after);
}

type Succeeded = PromotionSource & { readonly succeededAt: number };

/**
 * Successes since `promote` landed whose commit has no deployment here, nor has one that came to `from` later. Newest
 * first. A success at the very second is not one since: to promote too little can be mended by hand.
 */
function promotable({ landedAt, sources, deployedHere }: PromotionSnapshot): readonly Succeeded[] {
  if (landedAt.kind === 'unreadable' || sources.kind === 'unreadable' || deployedHere.kind === 'unreadable') return [];
  const newestFirst = [...sources.value].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  const reached = newestFirst.findIndex(({ sha }) => deployedHere.value.has(sha));
  return newestFirst
    .slice(0, reached === -1 ? undefined : reached)
    .filter((source): source is Succeeded => source.state === 'success' && source.succeededAt !== null)
    .filter(({ succeededAt }) => succeededAt > landedAt.value);
}
