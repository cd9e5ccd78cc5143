import type { Gate } from '../policy/schema.ts';

type KeyOfEach<T> = T extends unknown ? keyof T : never;

/** A gate's key in the policy. */
export type GateName = KeyOfEach<Gate>;

/** Why a gate says what it says. Public, like {@link ../reports/reason-codes.ts}; docs/gates.md explains each. */
export const GATE_CODES = Object.freeze([
  'policy_not_usable',
  'fact_unreadable',
  'freeze_in_force',
  'ref_matches',
  'ref_does_not_match',
  'creator_listed',
  'creator_not_listed',
  'checks_passed',
  'checks_missing',
  'checks_unfinished',
  'checks_failed',
  'pull_request_satisfied',
  'pull_request_unsatisfied',
  'pull_request_missing',
  'pull_request_rejected',
  'succeeded_elsewhere',
  'not_succeeded_elsewhere',
  'soaking',
  'failed_elsewhere',
  'window_open',
  'window_closed',
  'in_progress_free',
  'in_progress_full',
  'in_progress_behind',
  'latest',
  'not_latest',
  'newer_undecided',
  'forward',
  'rollback_allowed',
  'active_commit_gone',
  'not_forward',
] as const);

export type GateCode = (typeof GATE_CODES)[number];

export type GateVerdict = 'passes' | 'waits' | 'fails';

/** A moment, and the IANA zone in which people read it beside UTC. */
export interface ZonedMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly zone: string;
}

/** What one gate (or one freeze) says of one deployment. Texts are plain: whoever renders them escapes them. */
export interface GateResult {
  readonly gate: GateName | 'freeze' | 'policy';
  readonly verdict: GateVerdict;
  readonly code: GateCode;
  /** What the policy asks for, in one phrase. */
  readonly required: string;
  /** What was found, in one phrase. */
  readonly seen: string;
  /** Who or what can unblock it; null where it passes. */
  readonly unblockedBy: string | null;
  /** When it may change by itself, as far as is known; never the next sweep. */
  readonly changesAt: ZonedMoment | null;
  /** It does not count: somebody who may has let the deployment through it. */
  readonly bypassed: boolean;
}

/** One press of the Bypass button, by somebody who may. */
export interface Bypassing {
  readonly by: string;
  /** Milliseconds since the epoch. It covers 24 hours from then. */
  readonly at: number;
}

/**
 * What the gates say of one deployment. Check run, callback comment, deployment status, terminal and log are renderings
 * of this one value.
 */
export interface GateDecision {
  readonly verdict: 'approved' | 'waiting' | 'rejected';
  /** Freezes first, then the gates in the order of the policy. Renderings put blockers first. */
  readonly results: readonly GateResult[];
  /** The earliest moment at which it may change by itself, as far as is known. */
  readonly changesAt: ZonedMoment | null;
  /** Whose press let it through, where one did. */
  readonly bypass: Bypassing | null;
  /** It fails, and is not rejected before then, so that it can be bypassed. Milliseconds since the epoch. */
  readonly heldUntil: number | null;
}
