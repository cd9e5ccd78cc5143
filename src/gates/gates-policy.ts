import { matchEntry } from '../policy/match.ts';
import type { EnvironmentEntry, Freeze, Policy } from '../policy/schema.ts';
import { teamKeys } from './actors.ts';
import { NO_FACTS, uniteNeeds, type NeededFacts } from './needed-facts.ts';
import { askable } from './rules/all.ts';

/** What the gates of one environment go by. */
export type GatesPolicy =
  /** There is no policy at all. */
  | { readonly kind: 'none' }
  /** There is one, and no version of it can be gone by. `why`: a phrase for people. */
  | { readonly kind: 'unusable'; readonly why: string }
  | {
      readonly kind: 'usable';
      /** The entry that counts for the environment; null where none matches. */
      readonly entry: EnvironmentEntry | null;
      /** All of the policy's; those that do not cover the environment do not count. */
      readonly freezes: readonly Freeze[];
      /** `check_runs`: without them there are no buttons, and so no bypass. */
      readonly checkRuns: boolean;
    };

export type UsablePolicy = Extract<GatesPolicy, { readonly kind: 'usable' }>;

/** What a policy that can be gone by says of one environment. */
export function gatesPolicyFor(policy: Policy, environment: string): UsablePolicy {
  return {
    kind: 'usable',
    entry: matchEntry(policy, environment),
    freezes: policy.freezes,
    checkRuns: policy.check_runs,
  };
}

/** The entry's gates; none where it cannot be gone by. */
export function gatesOf(policy: GatesPolicy) {
  if (policy.kind !== 'usable' || policy.entry === null || policy.entry.unusable.length > 0) return [];
  return askable(policy.entry.gates ?? []);
}

/** Who may bypass, where `bypass` names somebody and there is a button to press; else null. */
export function bypassOf(policy: GatesPolicy) {
  if (policy.kind !== 'usable' || !policy.checkRuns) return null;
  const bypass = policy.entry?.bypass;
  return bypass === undefined || bypass.teams.length + bypass.users.length === 0 ? null : bypass;
}

/** The facts that are needed to decide an environment's gates. Nothing else has to be read. */
export function neededFacts(policy: GatesPolicy): NeededFacts {
  const gates = gatesOf(policy);
  // Nobody bypasses a deployment that they created.
  const bypass = bypassOf(policy) === null || gates.length === 0 ? NO_FACTS : { ...NO_FACTS, creator: true };
  return uniteNeeds([bypass, ...gates.map(({ needs }) => needs)]);
}

/** Teams of which the policy asks whether people are members of, when one of them presses Bypass; in lower case. */
export function bypassTeams(policy: GatesPolicy): readonly string[] {
  const bypass = bypassOf(policy);
  return bypass === null ? [] : teamKeys(bypass);
}
