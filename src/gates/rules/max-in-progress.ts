import type { OtherDeployment } from '../beside.ts';
import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, passes, unreadable, waits } from './rule.ts';

/** Fewer other commits' deployments of the environment are queued, in progress, or approved and not done. */
export const maxInProgress = defineRule({
  name: 'max_in_progress',
  of: (gate) => ('max_in_progress' in gate ? gate.max_in_progress : undefined),
  looksAt: 'order',
  needs: () => ({ ...NO_FACTS, standing: true }),
  required: (most) => `fewer than ${most} other${most === 1 ? '' : 's'} in progress`,
  decide(most, { beside }) {
    if (beside.kind === 'unreadable') return unreadable('the environment’s deployments', beside);
    const { underWay, commitUnderWay, released, ahead } = beside.value;
    if (underWay.length >= most) {
      return waits('in_progress_full', { seen: list(underWay), unblockedBy: 'the end of one of them' });
    }
    // What has its place already takes no other, and must not wait for those that wait for it.
    if (commitUnderWay) return passes('in_progress_free', 'this commit is in progress already');
    if (underWay.length + released.length >= most) {
      return waits('in_progress_behind', {
        seen: `${list(released)} goes first`,
        unblockedBy: 'the end of what goes first',
      });
    }
    if (ahead.length > 0) {
      return waits('in_progress_behind', {
        seen: `${list(ahead)} waited longer`,
        unblockedBy: 'the end of what goes first',
      });
    }
    const free = underWay.length + released.length;
    return passes('in_progress_free', free === 0 ? 'none' : list([...underWay, ...released]));
  },
});

const MOST_LISTED = 3;

function list(some: readonly OtherDeployment[]): string {
  const shown = some.slice(0, MOST_LISTED).map(({ label }) => label);
  const more = some.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
