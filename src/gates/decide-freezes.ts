import { freezesAt } from '../policy/calendar.ts';
import type { GateResult } from '../reports/gate-decision.ts';
import type { GatesPolicy } from './gates-policy.ts';

/** A waiting result for each freeze that holds an environment at `at`, in the order of the policy. */
export function decideFreezes(
  policy: GatesPolicy,
  { environment, at }: { readonly environment: string; readonly at: number },
): readonly GateResult[] {
  if (policy.kind !== 'usable') return [];
  return freezesAt(policy.freezes, { environment, at }).map(({ freeze, endsAt }) => ({
    gate: 'freeze',
    verdict: 'waits',
    code: 'freeze_in_force',
    required: 'no freeze',
    seen: freeze.reason === undefined ? freeze.name : `${freeze.name}: ${freeze.reason}`,
    unblockedBy: endsAt === null ? 'who may change the policy' : 'time, or who may change the policy',
    changesAt: endsAt === null ? null : { at: endsAt, zone: freeze.time_zone },
    bypassed: false,
  }));
}
