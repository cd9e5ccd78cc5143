import type { FindingCode } from '../reports/reason-codes.ts';
import {
  createDeployKey,
  deleteDeployKey,
  type DeployKeyOutcome,
  type DeployKeyRefused,
  type KeysPlace,
} from './apply-deploy-key.ts';
import { replaceDeployKey } from './apply-key-replacement.ts';
import type { DeployKeyChange } from './deploy-key-change.ts';

/**
 * Carries changes of deploy keys out, one after the other. Where GitHub says that there may be no deploy keys here, or
 * that the app may not change them, the rest is not asked for.
 * @throws GitHubError where GitHub is unavailable, asks to wait, or nobody knows whether a write was carried out.
 */
export async function applyDeployKeys(
  place: KeysPlace,
  work: {
    readonly changes: readonly DeployKeyChange[];
    readonly outcome: (change: DeployKeyChange, outcome: DeployKeyOutcome) => void;
  },
): Promise<void> {
  let closed: DeployKeyRefused | null = null;
  for (const change of work.changes) {
    const tell = (outcome: DeployKeyOutcome): void => {
      work.outcome(change, outcome);
    };
    const outcome: DeployKeyOutcome = closed ?? (await applyDeployKey(place, { change, tell }));
    if (outcome.result === 'refused' && isForAll(outcome.code)) closed = outcome;
    tell(outcome);
  }
}

function isForAll(code: FindingCode): boolean {
  return code === 'deploy_keys_forbidden' || code === 'deploy_keys_denied';
}

async function applyDeployKey(
  place: KeysPlace,
  { change, tell }: { readonly change: DeployKeyChange; readonly tell: (outcome: DeployKeyOutcome) => void },
): Promise<DeployKeyOutcome> {
  switch (change.kind) {
    case 'create_deploy_key':
      return (await createDeployKey(place, change.wanted)) ?? { result: 'applied' };
    case 'delete_deploy_key':
      return deleteDeployKey(place, change.old.id);
    case 'recreate_deploy_key':
      return replaceDeployKey(place, { change, tell });
  }
}
