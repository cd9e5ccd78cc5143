import type { Finding, PolicyPath } from '../diagnostics.ts';
import { usableEntries, warning, type LintContext } from './rule.ts';

interface Listed {
  readonly teams: readonly string[];
  readonly users: readonly string[];
  readonly apps?: readonly string[];
}

/** Lists of who may, or of what may, that are empty. */
export function nobody({ policy }: LintContext): readonly Finding[] {
  return usableEntries(policy).flatMap(({ entry, path }) => {
    const found: Finding[] = [];
    const check = (who: Listed, where: PolicyPath, message: string): void => {
      if ([...who.teams, ...who.users, ...(who.apps ?? [])].length === 0) found.push(warning('nobody', where, message));
    };
    for (const [index, gate] of (entry.gates ?? []).entries()) {
      const at = [...path, 'gates', index];
      if ('creator' in gate) {
        check(gate.creator, [...at, 'creator'], 'Name a team, a user or an app: nobody passes this gate.');
      }
      if ('forward_only' in gate && gate.forward_only !== true) {
        const place = [...at, 'forward_only', 'rollback_by'];
        check(gate.forward_only.rollback_by, place, 'Name who may roll back, or write `forward_only: true`.');
      }
    }
    if (entry.bypass !== undefined) {
      check(entry.bypass, [...path, 'bypass'], 'Name a team or a user, or take `bypass` out: nobody may bypass.');
    }
    const policyOfBranches = entry.protection?.deployment_branch_policy;
    if (Array.isArray(policyOfBranches) && policyOfBranches.length === 0) {
      const message = 'Name a branch or tag pattern, or write `all`: no branch may deploy.';
      found.push(warning('nobody', [...path, 'protection', 'deployment_branch_policy'], message));
    }
    return found;
  });
}
