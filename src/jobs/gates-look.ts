import { gatesOf, type GatesPolicy } from '../gates/gates-policy.ts';
import { freezesAt } from '../policy/calendar.ts';
import { hasGates } from '../policy/has-gates.ts';
import type { EffectivePolicy } from '../policy/merge.ts';
import type { GatesGoverning } from './governing-gates.ts';

/** One look at the gates of one environment. */
export interface GatesLook {
  /** In lower case. */
  readonly environment: string;
  readonly governing: GatesGoverning;
  readonly policy: GatesPolicy;
  readonly mode: 'enforce' | 'report';
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether anything could hold a deployment of the environment back now. */
export function isGated({ policy, environment, now }: Pick<GatesLook, 'policy' | 'environment' | 'now'>): boolean {
  if (policy.kind !== 'usable') return policy.kind === 'unusable';
  const { entry, freezes } = policy;
  if (entry !== null && entry.unusable.length > 0) return true;
  return gatesOf(policy).length > 0 || freezesAt(freezes, { environment, at: now }).length > 0;
}

/** Whether a policy has anything for which a deployment could wait, at any time and anywhere. */
export function hasAnyGate({ environments, freezes }: Pick<EffectivePolicy, 'environments' | 'freezes'>): boolean {
  return freezes.length > 0 || environments.some((entry) => hasGates(entry) || entry.unusable.length > 0);
}
