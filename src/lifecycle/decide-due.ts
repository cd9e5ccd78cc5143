import { hasEnded, isInFlight, lastHeardOf, mayBeTransient } from './facts.ts';
import type { GovernedBy } from './governed-by.ts';
import type { DeploymentFacts, LifecycleSnapshot } from './snapshot.ts';

const HOUR = 3_600_000;
/** A rule asks for more than its time, and GitHub's times are whole seconds. */
const SECOND = 1000;

/**
 * When time alone may ask for something that is not asked for now; null where it never does. Milliseconds since the
 * epoch, rather too early than too late. What happens besides makes a difference that can be seen.
 */
export function decideNextDue(input: {
  readonly snapshot: Pick<LifecycleSnapshot, 'deployments'>;
  readonly by: GovernedBy;
  readonly now: number;
}): number | null {
  const { snapshot, by, now } = input;
  const moments = snapshot.deployments
    .filter((deployment) => mayBeTransient(deployment, by))
    .flatMap((deployment) => waits(deployment, by).map((wait) => lastHeardOf(deployment) + wait))
    .filter((moment) => moment + SECOND > now);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** How long after it was last heard of a deployment comes under which rule. */
function waits({ state }: Pick<DeploymentFacts, 'state'>, by: GovernedBy): readonly number[] {
  const { inactivateAfter, failStuckAfter, deleteAfter } = by;
  const some = hasEnded(state)
    ? [deleteAfter]
    : [inactivateAfter, ...(isInFlight(state) ? [failStuckAfter, HOUR, later(inactivateAfter)] : [])];
  return some.filter((wait) => wait !== null);
}

/** What is in flight is left alone for an hour, however short the rule's time is. */
function later(wait: number | null): number | null {
  return wait === null ? null : Math.max(wait, HOUR);
}
