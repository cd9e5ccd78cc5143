import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, fails, passes, unreadable, waits } from './rule.ts';

/** No newer deployment of the environment, of another commit, waits or was approved. */
export const latestOnly = defineRule({
  name: 'latest_only',
  of: (gate) => ('latest_only' in gate ? gate.latest_only : undefined),
  looksAt: 'newer',
  needs: () => ({ ...NO_FACTS, standing: true }),
  required: () => 'no newer deployment of another commit',
  decide(_value, { beside }) {
    if (beside.kind === 'unreadable') return unreadable('the environment’s deployments', beside);
    const { newer, mayBeNewer } = beside.value;
    const [newest] = newer;
    if (newest !== undefined) {
      return fails('not_latest', { seen: newest.label, unblockedBy: 'a new deployment of this commit' });
    }
    const [open] = mayBeNewer;
    if (open === undefined) return passes('latest', 'none');
    return waits('newer_undecided', {
      seen: `${open.label} may be, which is not decided so far`,
      unblockedBy: 'the decision about that one',
    });
  },
});
