import { GitHubError } from '../github/port.ts';
import { withAnswer, type GateState } from '../reports/gate-state.ts';
import type { Decided } from './gate-answer-change.ts';

/**
 * What was said on a commit when reports could not be told: the next look tells them as they are by then. One that may have
 * arrived counts, so that GitHub's limit is kept, and whatever is said next is news.
 *
 * @param untold those of `decided` that were to be told a report.
 * @param maybe the one among them that may have arrived; null: none has.
 */
export function withUntold(state: GateState, untold: readonly Decided[], maybe: Decided | null): GateState {
  return untold.reduce((so, one) => {
    const { before, answer } = one;
    if (answer.answer === null) return so;
    const reports = before?.reports ?? 0;
    const said =
      one === maybe ? { reports: reports + 1, said: NOT_KNOWN } : { reports, said: before?.said ?? NOT_KNOWN };
    return withAnswer(so, { ...answer.answer, ...said });
  }, state);
}

/** No reasons are like it. */
const NOT_KNOWN = '';

/**
 * Whether what failed may have arrived all the same: there was no answer, or a gateway gave up waiting for it. GitHub's own
 * words that it failed are taken for it. A status can be read again, so that nothing need be guessed about it.
 */
export function mayHaveArrived({ candidate }: Decided, error: unknown): boolean {
  if (candidate.run === null || !(error instanceof GitHubError) || error.kind !== 'lost') return false;
  return error.status === null || error.status === GATEWAY_TIMEOUT;
}

const GATEWAY_TIMEOUT = 504;
