import type { DeploymentId } from '../github/ids.ts';

const MARK = /^Promoted from deployment (\d{1,15}) of /;

/**
 * The description of a deployment that the app creates: it says which one was promoted, so that the `creator` gate finds
 * who created that. It counts only on a deployment that the app itself created.
 */
export function describePromotion(source: DeploymentId, from: string): string {
  return `Promoted from deployment ${source} of ${from}`.slice(0, MOST_DESCRIPTION).replace(/[\uD800-\uDBFF]$/u, '');
}

/** GitHub's limit on a deployment's description, in characters. */
const MOST_DESCRIPTION = 140;

/** The number of the deployment that was promoted; null where the description is none of {@link describePromotion}. */
export function promotedFrom(description: string): number | null {
  const number = MARK.exec(description)?.[1];
  return number === undefined ? null : Number(number);
}
