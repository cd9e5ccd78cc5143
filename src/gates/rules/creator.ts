import { describeActor, describeActors, findListed, teamKeys } from '../actors.ts';
import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, fails, passes, unreadable } from './rule.ts';

/** Who created the deployment is listed, or in a listed team, or is a listed app's bot. */
export const creator = defineRule({
  name: 'creator',
  of: (gate) => ('creator' in gate ? gate.creator : undefined),
  looksAt: 'itself',
  needs: (actors) => ({ ...NO_FACTS, creator: true, teams: teamKeys(actors) }),
  required: (actors) => `created by ${describeActors(actors)}`,
  decide(actors, { candidate }) {
    const listed = findListed(actors, candidate);
    if (listed.kind === 'unreadable') return unreadable(listed.what, listed);
    if (listed.kind === 'listed') return passes('creator_listed', listed.by);
    return fails('creator_not_listed', {
      seen: candidate.creator.kind === 'known' ? describeActor(candidate.creator.value) : 'nobody known',
      unblockedBy: `a new deployment by ${describeActors(actors)}`,
    });
  },
});
