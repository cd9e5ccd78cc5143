import type { Change } from '../../changes/change.ts';
import type { ListedDeployment, Listing } from '../../lifecycle/observe-listing.ts';

/**
 * A listing as it would be once `changes` were made at `now` (milliseconds since the epoch), so that a plan can tell
 * what would follow from them.
 */
export function assumeDone(listing: Listing, changes: readonly Change[], now: number): Listing {
  const byId = new Map(changes.flatMap((change) => ('deployment' in change ? [[change.deployment.id, change]] : [])));
  return {
    ...listing,
    deployments: listing.deployments.flatMap((deployment): readonly ListedDeployment[] => {
      const change = byId.get(deployment.id);
      if (change === undefined || change.kind === 'gate_status') return [deployment];
      if (change.kind === 'delete_deployment') return [];
      const { environmentUrl, logUrl, state } = change;
      const node = deployment.status?.node ?? deployment.node;
      return [{ ...deployment, state, status: { node, createdAt: now, environmentUrl, logUrl } }];
    }),
  };
}
