import type { GateDecision } from '../reports/gate-decision.ts';
import { gateStatusText } from '../reports/gate-status-text.ts';
import type { GateAnswer } from '../reports/gate-state.ts';
import type { Candidate } from './snapshot.ts';

/** GitHub takes ten reports on a run: two are kept for the decision, which may have to be sent twice. */
export const MOST_REPORTS = 8;

/** What is to be told to whoever waits, and what is to be remembered of it. */
export interface AnswerDecision {
  /** `report`: that it waits, and why. `nothing`: that was told already, or may not be told. */
  readonly tell: 'nothing' | 'report' | 'approved' | 'rejected';
  /** Null: nothing was ever said, and nothing is now. */
  readonly answer: GateAnswer | null;
}

/**
 * What a decision comes to. A run that asks is always told: with `mode: report`, that it is approved. A deployment of the
 * API's is told nothing then. The same reasons are told once, and a run no more than eight reports before the decision.
 *
 * @param question.before what was said of this candidate so far.
 * @param question.now milliseconds since the epoch.
 */
export function decideAnswer(question: {
  readonly candidate: Pick<Candidate, 'key' | 'deployment' | 'run'>;
  readonly decision: GateDecision;
  readonly before: GateAnswer | null;
  readonly mode: 'enforce' | 'report';
  readonly now: number;
}): AnswerDecision {
  const { candidate, decision, before, mode, now } = question;
  if (mode === 'report' && candidate.run === null) return { tell: 'nothing', answer: before };
  const verdict = mode === 'report' ? 'approved' : decision.verdict;
  const { key, deployment } = candidate;
  const reports = before?.reports ?? 0;
  const said = reasonsOf(decision);
  if (verdict === 'waiting') {
    const isFull = candidate.run !== null && reports >= MOST_REPORTS;
    if (before !== null && (before.said === said || isFull)) return { tell: 'nothing', answer: before };
    return { tell: 'report', answer: { key, deployment, answered: null, at: now, reports: reports + 1, said } };
  }
  // A run's comments are its own; a status that could not be set is set again as it was meant.
  const text = candidate.run === null ? { text: gateStatusText(decision) } : {};
  return { tell: verdict, answer: { key, deployment, answered: verdict, at: now, reports, said, ...text } };
}

/** What blocks, by code: what is seen changes with each look at a queue, and is no other reason. */
function reasonsOf({ verdict, results, bypass, heldUntil }: GateDecision): string {
  const blocking = results.filter((one) => one.verdict !== 'passes' && !one.bypassed);
  const codes = blocking.map(({ gate, code }) => `${gate}:${code}`).sort();
  const held = heldUntil === null ? [] : ['held'];
  return [verdict, ...held, ...new Set(codes), ...(bypass === null ? [] : [`bypass:${bypass.by}`])].join(' ');
}
