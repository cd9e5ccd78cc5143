import { keyOfChange, type DeployKeyChange } from '../changes/deploy-key-change.ts';
import type { PlanLine } from './plan.ts';

/** A change of a deploy key as a plan names it. The fingerprint is part of the name. */
export function deployKeyLine(change: DeployKeyChange): PlanLine {
  const { title, fingerprint, readOnly } = keyOfChange(change);
  const name = `${title} (${fingerprint})`;
  const { reason } = change;
  const access = (only: boolean): string => (only ? 'read-only' : 'read and write');
  switch (change.kind) {
    case 'create_deploy_key':
      return { sign: '+', what: 'deploy key', name, difference: access(readOnly), reason };
    case 'recreate_deploy_key': {
      const was = access(change.old.readOnly);
      const difference = was === access(readOnly) ? '' : `${was} → ${access(readOnly)}`;
      return { sign: '~', what: 'deploy key', name, difference, reason };
    }
    case 'delete_deploy_key':
      return { sign: '-', what: 'deploy key', name, difference: '', reason };
  }
}
