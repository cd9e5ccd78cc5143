import type { Actors } from '../../policy/schema.ts';
import { describeActors, findListed, teamKeys } from '../actors.ts';
import { NO_FACTS } from '../needed-facts.ts';
import type { Candidate } from '../snapshot.ts';
import { defineRule, fails, passes, unreadable, waits, type Said } from './rule.ts';

const FORWARD = {
  nothing_active: 'nothing is active',
  same: 'the active commit',
  descendant: 'a descendant of the active commit',
} as const;
const BACKWARD = {
  ancestor: 'an ancestor of the active commit',
  diverged: 'not on the line of the active commit',
} as const;

/** Nothing is active, or the commit is the active one or a descendant; or somebody who may goes back. */
export const forwardOnly = defineRule({
  name: 'forward_only',
  of: (gate) => ('forward_only' in gate ? gate.forward_only : undefined),
  looksAt: 'itself',
  needs(value) {
    if (value === true) return { ...NO_FACTS, ancestry: true };
    return { ...NO_FACTS, ancestry: true, succeededHere: true, creator: true, teams: teamKeys(value.rollback_by) };
  },
  required: (value) =>
    value === true ? 'forward of what is active' : `forward, or rolled back by ${describeActors(value.rollback_by)}`,
  decide(value, { candidate }) {
    const { ancestry } = candidate.facts;
    if (ancestry.kind === 'unreadable') return unreadable('how it lies to the active commit', ancestry);
    switch (ancestry.value) {
      case 'nothing_active':
      case 'same':
      case 'descendant':
        return passes('forward', FORWARD[ancestry.value]);
      case 'active_gone':
        return waits('active_commit_gone', {
          seen: 'GitHub does not find the active commit',
          unblockedBy: 'who ends the active deployment, or pushes its commit again',
        });
      case 'ancestor':
      case 'diverged':
        return decideRollback(value === true ? null : value.rollback_by, candidate, BACKWARD[ancestry.value]);
    }
  },
});

function decideRollback(allowed: Actors | null, candidate: Candidate, seen: string): Said {
  const { succeededHere } = candidate.facts;
  if (allowed === null) return notForward(seen, 'a new deployment, of a descendant of the active commit');
  if (succeededHere.kind === 'known' && !succeededHere.value) {
    return notForward(
      `${seen}, and has never succeeded here`,
      'a new deployment, of a descendant of the active commit',
    );
  }
  const listed = findListed(allowed, candidate);
  if (listed.kind === 'not_listed') {
    return notForward(`${seen}, and its creator may not roll back`, `a new deployment by ${describeActors(allowed)}`);
  }
  if (succeededHere.kind === 'unreadable') return unreadable('whether it has succeeded here before', succeededHere);
  if (listed.kind === 'unreadable') return unreadable(listed.what, listed);
  return passes('rollback_allowed', `${seen}, rolled back by ${listed.by}`);
}

function notForward(seen: string, unblockedBy: string): Said {
  return fails('not_forward', { seen, unblockedBy });
}
