import type { ListedDeployment } from '../lifecycle/observe-listing.ts';

/** A deployment as far as a list tells whether it waits. */
export type ShownDeployment = Pick<ListedDeployment, 'id' | 'environment' | 'sha' | 'state'>;

/**
 * The deployments that a list shows to wait for a protection rule, newest first: whose it is, it does not tell. A run that
 * waits has such a deployment, so that where there is none, runs need not be asked for. `not listed`: nobody has looked.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
 */
export type ShownToWait = readonly ShownDeployment[] | 'not listed';

export function shownToWait(deployments: readonly ShownDeployment[]): readonly ShownDeployment[] {
  return deployments.filter(({ state }) => state === 'waiting');
}
