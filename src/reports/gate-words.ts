import type { GateDecision, GateResult } from './gate-decision.ts';
import { plural } from './check-run.ts';

/** How a result stands in the decision. */
export type Standing = 'fails' | 'waits' | 'bypassed' | 'passes';

export function standingOf({ verdict, bypassed }: GateResult): Standing {
  return bypassed && verdict !== 'passes' ? 'bypassed' : verdict;
}

const ORDER = ['fails', 'waits', 'bypassed', 'passes'] as const satisfies readonly Standing[];

/** What blocks comes first: what fails, what waits, what somebody let it through, what passes. */
export function blockersFirst(results: readonly GateResult[]): readonly GateResult[] {
  return [...results].sort((a, b) => ORDER.indexOf(standingOf(a)) - ORDER.indexOf(standingOf(b)));
}

/** What stands between the deployment and its approval, what fails first. */
export function blockersOf(results: readonly GateResult[]): readonly GateResult[] {
  return blockersFirst(results).filter((result) => ['fails', 'waits'].includes(standingOf(result)));
}

/** Whether what is said is done: with `mode: report` nothing is held back, and it is told what would be. */
export type Told = 'enforce' | 'report';

/** The decision in one phrase of our own words: names of gates, and nothing that somebody else wrote. */
export function headline({ verdict, results, bypass, heldUntil }: GateDecision, told: Told): string {
  const gates = [...new Set(blockersOf(results).map(({ gate }) => gate))].join(', ');
  const would = told === 'report' ? 'Would be ' : '';
  const verb = (word: string): string => (would === '' ? word : would + word.toLowerCase());
  if (verdict === 'rejected') return `${verb('Rejected')}: ${gates}`;
  if (verdict === 'waiting') {
    const waiting = would === '' ? 'Waiting' : 'Would wait';
    return heldUntil === null ? `${waiting}: ${gates}` : `${waiting} to be bypassed, or rejected: ${gates}`;
  }
  if (results.length === 0) return 'Approved: there are no gates, and no freeze is in force';
  if (bypass !== null) return 'Approved: bypassed';
  return `Approved: ${plural(results.length, 'gate')} ${results.length === 1 ? 'passes' : 'pass'}`;
}
