import type { ProtectionKey } from '../changes/protection-change.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { LeftOut } from './snapshot.ts';

/** Tells once for the whole repository what a plan or a permission does not allow. */
export function tellLeftOut(leftOut: LeftOut): readonly Finding[] {
  return [...leftOut].map(([key, detail]) => ({
    code: 'protection_not_allowed',
    message: `${subject(key)}, because GitHub does not allow it here: ${detail}`,
  }));
}

function subject(key: ProtectionKey): string {
  switch (key) {
    case 'environments':
      return 'Nothing of `protection` is kept true';
    case 'creation':
      return 'Environments that are missing are not created';
    case 'required_secrets':
      return 'Nobody looks for required_secrets';
    case 'wait_timer':
    case 'reviewers':
    case 'prevent_self_review':
    case 'deployment_branch_policy':
    case 'custom_rules':
    case 'variables':
      return `protection.${key} is not kept true`;
  }
}
