import type { DeniedPermission } from '../github/environment-guards.ts';
import type { Finding } from '../reports/reason-codes.ts';

const WHY = {
  actions: 'what protects them cannot be read without the permission `actions: read`',
  environments: 'whether they have variables or secrets cannot be read without the permission `environments: read`',
  administration: 'it takes the permission `administration: write`',
} as const satisfies Record<DeniedPermission, string>;

/** That no environment is deleted, told once for the whole repository. */
export function deniedDeletion(permission: DeniedPermission): Finding {
  const message = `Environments that are over are not deleted: ${WHY[permission]}. Grant it, or take \`delete: { environment: true }\` out of the policy.`;
  return { code: 'environment_deletion_denied', message };
}
