import type { Gate } from '../../policy/schema.ts';
import type { GateName } from '../../reports/gate-decision.ts';
import { checks } from './checks.ts';
import { creator } from './creator.ts';
import { forwardOnly } from './forward-only.ts';
import { latestOnly } from './latest-only.ts';
import { maxInProgress } from './max-in-progress.ts';
import { pullRequest } from './pull-request.ts';
import { ref } from './ref.ts';
import type { AskableGate, Rule } from './rule.ts';
import { succeededIn } from './succeeded-in.ts';
import { windows } from './windows.ts';

/** Every gate that a policy can name, and its rule. */
const RULES: Readonly<Record<GateName, Rule>> = {
  ref,
  creator,
  checks,
  pull_request: pullRequest,
  succeeded_in: succeededIn,
  windows,
  max_in_progress: maxInProgress,
  latest_only: latestOnly,
  forward_only: forwardOnly,
};

/** A policy's gates, ready to be asked, in its order. */
export function askable(gates: readonly Gate[]): readonly AskableGate[] {
  return gates.flatMap((gate) => {
    for (const rule of Object.values(RULES)) {
      const found = rule(gate);
      if (found !== null) return [found];
    }
    return [];
  });
}
