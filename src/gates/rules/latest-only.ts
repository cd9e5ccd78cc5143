import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, fails, passes, unreadable } from './rule.ts';

/** No newer deployment of the environment, of another commit, waits or was approved. */
export const latestOnly = defineRule({
  name: 'latest_only',
  of: (gate) => ('latest_only' in gate ? gate.latest_only : undefined),
  looksAt: 'newer',
  needs: () => ({ ...NO_FACTS, standing: true }),
  required: () => 'no newer deployment of another commit',
  decide(_value, { beside }) {
    if (beside.kind === 'unreadable') return unreadable('the environment’s deployments', beside);
    const [newest] = beside.value.newer;
    if (newest === undefined) return passes('latest', 'none');
    return fails('not_latest', { seen: newest.label, unblockedBy: 'a new deployment of this commit' });
  },
});
