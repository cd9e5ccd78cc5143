import { nextOpening, windowsAt } from '../../policy/calendar.ts';
import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, passes, waits } from './rule.ts';

/** Now is inside one of the windows. */
export const windows = defineRule({
  name: 'windows',
  of: (gate) => ('windows' in gate ? gate.windows : undefined),
  looksAt: 'itself',
  needs: () => NO_FACTS,
  required: (all) => `inside ${all.map(({ name }) => name).join(' or ')}`,
  decide(all, { now }) {
    const found = windowsAt(all, now);
    if (found.kind === 'open') return passes('window_open', 'open');
    const { opensAt } = found;
    if (opensAt === null) {
      return waits('window_closed', { seen: 'closed, and never opens', unblockedBy: 'who may change the policy' });
    }
    const opening = all.find((window) => nextOpening([window], now) === opensAt);
    return waits('window_closed', {
      seen: opening === undefined ? 'closed' : `closed; ${opening.name} opens next`,
      unblockedBy: 'time',
      changesAt: { at: opensAt, zone: opening?.time_zone ?? 'UTC' },
    });
  },
});
