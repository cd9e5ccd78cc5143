import type { Bypass } from '../policy/schema.ts';
import type { Bypassing } from '../reports/gate-decision.ts';
import { BYPASS_COVERS } from '../reports/gate-state.ts';
import { sameName } from './actors.ts';
import { bypassOf, type GatesPolicy } from './gates-policy.ts';
import type { Candidate } from './snapshot.ts';

/** Clocks of two processes may differ by so much. Milliseconds. */
const CLOCKS_DIFFER = 60_000;

/** A press that lets a candidate through. */
export interface Covering {
  readonly press: Bypassing;
  readonly coversFreezes: boolean;
}

/**
 * The newest press that covers a candidate; null where none does. Nobody bypasses a deployment that they created; while
 * it is not known who did, nobody bypasses it at all.
 */
export function decideBypass(policy: GatesPolicy, candidate: Candidate, now: number): Covering | null {
  const allowed: Bypass | null = bypassOf(policy);
  const { creator } = candidate;
  if (allowed === null || creator.kind === 'unreadable') return null;
  const covering = candidate.bypasses
    .filter(({ at }) => at <= now + CLOCKS_DIFFER && now < at + BYPASS_COVERS)
    .filter(({ by }) => !sameName(by, creator.value.login))
    .sort((a, b) => b.at - a.at);
  const press = covering[0];
  return press === undefined ? null : { press, coversFreezes: allowed.freezes };
}
