import { visibleText } from './escape.ts';
import type { GateCode, GateDecision, GateResult, GateVerdict, ZonedMoment } from './gate-decision.ts';
import { blockersFirst, blockersOf } from './gate-words.ts';

/** A moment for scripts: `at` in UTC, as ISO 8601 has it, and the zone that people read it in. */
export interface MomentDocument {
  readonly at: string;
  readonly zone: string;
}

/** One gate's result as `--json` has it. */
export interface GateResultDocument extends Omit<GateResult, 'changesAt'> {
  readonly changesAt: MomentDocument | null;
}

/** A decision as `--json` has it, what blocks first. */
export interface GateDecisionDocument {
  readonly verdict: GateDecision['verdict'];
  readonly results: readonly GateResultDocument[];
  readonly changesAt: MomentDocument | null;
  readonly bypass: { readonly by: string; readonly at: string } | null;
  readonly heldUntil: string | null;
}

export function gateDecisionDocument(decision: GateDecision): GateDecisionDocument {
  const { verdict, results, changesAt, bypass, heldUntil } = decision;
  return {
    verdict,
    results: blockersFirst(results).map((result) => ({ ...result, changesAt: momentDocument(result.changesAt) })),
    changesAt: momentDocument(changesAt),
    bypass: bypass === null ? null : { by: bypass.by, at: iso(bypass.at) },
    heldUntil: heldUntil === null ? null : iso(heldUntil),
  };
}

/** What a line of the log says of a decision; `rule` and `reason` are those of what blocks most. */
export interface GateLogFields {
  readonly verdict: GateDecision['verdict'];
  readonly rule: GateResult['gate'] | 'none';
  readonly reason: GateCode | 'passed';
  /** What was seen, of somebody else's words perhaps: made visible and short. */
  readonly detail?: string;
  readonly gates: readonly {
    readonly gate: string;
    readonly decision: GateVerdict | 'bypassed';
    readonly code: GateCode;
  }[];
  readonly changesAt?: string;
  readonly heldUntil?: string;
  readonly bypassedBy?: string;
}

export function gateLogFields(decision: GateDecision): GateLogFields {
  const { verdict, results, changesAt, heldUntil, bypass } = decision;
  const [worst] = blockersOf(results);
  return {
    verdict,
    rule: worst?.gate ?? 'none',
    reason: worst?.code ?? 'passed',
    ...(worst === undefined ? {} : { detail: visibleText(worst.seen) }),
    gates: blockersFirst(results).map((result) => ({
      gate: result.gate,
      decision: result.bypassed ? 'bypassed' : result.verdict,
      code: result.code,
    })),
    ...(changesAt === null ? {} : { changesAt: iso(changesAt.at) }),
    ...(heldUntil === null ? {} : { heldUntil: iso(heldUntil) }),
    ...(bypass === null ? {} : { bypassedBy: visibleText(bypass.by) }),
  };
}

function momentDocument(moment: ZonedMoment | null): MomentDocument | null {
  return moment === null ? null : { at: iso(moment.at), zone: moment.zone };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
