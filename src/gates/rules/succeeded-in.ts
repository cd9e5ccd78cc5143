import { environmentKey } from '../../github/ids.ts';
import { writeDuration } from '../../policy/duration.ts';
import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, fails, passes, unreadable, waits } from './rule.ts';

/** The newest deployment of the same commit in another environment has succeeded, and long enough ago. */
export const succeededIn = defineRule({
  name: 'succeeded_in',
  of: (gate) => ('succeeded_in' in gate ? gate.succeeded_in : undefined),
  looksAt: 'itself',
  needs: ({ environment }) => ({ ...NO_FACTS, elsewhere: [environmentKey(environment)] }),
  required: ({ environment, for: soak }) =>
    `success in ${environment}${soak === 0 ? '' : `, ${writeDuration(soak)} ago or more`}`,
  decide({ environment, for: soak }, { candidate, now }) {
    const found = candidate.facts.elsewhere.get(environmentKey(environment));
    if (found === undefined || found.kind === 'unreadable') {
      return unreadable(`the deployments in ${environment}`, found ?? { why: 'they were not asked for' });
    }
    const newest = found.value;
    if (newest === null) {
      return waits('not_succeeded_elsewhere', {
        seen: `no deployment of this commit in ${environment}`,
        unblockedBy: `a deployment of this commit in ${environment}`,
      });
    }
    const { id, state, succeededAt } = newest;
    if (state === 'failure' || state === 'error') {
      return fails('failed_elsewhere', {
        seen: `deployment ${id} in ${environment}: ${state}`,
        unblockedBy: `a new deployment, once the commit has succeeded in ${environment}`,
      });
    }
    // One that was made inactive since has succeeded all the same; one that is under way again has not, so far.
    if (succeededAt === null || (state !== 'success' && state !== 'inactive')) {
      return waits('not_succeeded_elsewhere', {
        seen: `deployment ${id} in ${environment}: ${state.replaceAll('_', ' ')}`,
        unblockedBy: `success of this commit in ${environment}`,
      });
    }
    const seen = `deployment ${id} in ${environment} succeeded at ${new Date(succeededAt).toISOString().slice(0, 16)}Z`;
    if (now - succeededAt >= soak) return passes('succeeded_elsewhere', seen);
    return waits('soaking', {
      seen,
      unblockedBy: 'time',
      changesAt: { at: succeededAt + soak, zone: 'UTC' },
    });
  },
});
