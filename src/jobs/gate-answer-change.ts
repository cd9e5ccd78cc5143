import type { GateChange } from '../changes/gate-change.ts';
import type { AnswerDecision } from '../gates/decide-answer.ts';
import type { Candidate } from '../gates/snapshot.ts';
import { gateComment } from '../reports/gate-comment.ts';
import type { GateDecision } from '../reports/gate-decision.ts';
import type { GateAnswer } from '../reports/gate-state.ts';
import { gateStatusText } from '../reports/gate-status-text.ts';
import { headline } from '../reports/gate-words.ts';

/** A candidate, what its gates say, and what is to be told of that. */
export interface Decided {
  readonly candidate: Candidate;
  readonly decision: GateDecision;
  /** What was said of it so far. */
  readonly before: GateAnswer | null;
  readonly answer: AnswerDecision;
}

const STATES = { report: 'pending', approved: 'queued', rejected: 'failure' } as const;

/** What tells a candidate what its gates say; null where nothing is to be told. */
export function answerChange(
  { candidate, decision, answer }: Decided,
  by: {
    /** As GitHub spells it. */
    readonly environment: string;
    readonly mode: 'enforce' | 'report';
    /** The page of the check run; null where there is none. */
    readonly detailsUrl: string | null;
    readonly own: { readonly appId: number; readonly slug: string | null };
  },
): GateChange | null {
  const { tell } = answer;
  if (tell === 'nothing') return null;
  const { environment, mode, detailsUrl, own } = by;
  const because = { rule: 'gates', reason: `${headline(decision, mode)}.` } as const;
  if (candidate.run !== null) {
    return {
      kind: 'answer_protection_rule',
      run: candidate.run.id,
      environment,
      state: tell === 'report' ? null : tell,
      comment: gateComment(decision, { told: mode, detailsUrl }),
      ...because,
    };
  }
  if (candidate.deployment === null) return null;
  return {
    kind: 'gate_status',
    deployment: { id: candidate.deployment, environment },
    state: STATES[tell],
    description: gateStatusText(decision),
    logUrl: detailsUrl,
    own,
    ...because,
  };
}

/** Says which deployment it is, where a commit has several. */
export function labelOf({ run, deployment, key }: Pick<Candidate, 'run' | 'deployment' | 'key'>): string {
  if (run !== null) return `run ${run.id}, attempt ${run.attempt}`;
  return deployment === null ? key : `deployment ${deployment}`;
}
