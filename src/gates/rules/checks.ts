import { matchesText } from '../../policy/match.ts';
import { NO_FACTS } from '../needed-facts.ts';
import type { Candidate, CommitCheck } from '../snapshot.ts';
import { defineRule, fails, passes, unreadable, waits } from './rule.ts';

const PASSING: ReadonlySet<string> = new Set(['success', 'neutral', 'skipped']);
/** Everything else is not finished, stale, or nothing that is known: it waits. */
const FAILING: ReadonlySet<string> = new Set([
  'failure',
  'timed_out',
  'cancelled',
  'startup_failure',
  'action_required',
  'error',
]);
const NOT_STARTED: ReadonlySet<string> = new Set(['queued', 'waiting']);

/** Every pattern matches a check run or status of the commit, and the newest of each app and name is good. */
export const checks = defineRule({
  name: 'checks',
  of: (gate) => ('checks' in gate ? gate.checks : undefined),
  looksAt: 'itself',
  needs: () => ({ ...NO_FACTS, checks: true }),
  required: (patterns) => patterns.join(', '),
  decide(patterns, { candidate }) {
    const { checks: all } = candidate.facts;
    if (all.kind === 'unreadable') return unreadable('the checks', all);
    const counted = newestOfEach(all.value, candidate).filter(({ name }) => matchesText(patterns, name));
    const bad = counted.filter(({ state }) => FAILING.has(state));
    if (bad.length > 0) {
      return fails('checks_failed', {
        seen: list(bad),
        unblockedBy: 'a new deployment, once the checks have passed',
      });
    }
    const missing = patterns.filter((pattern) => {
      const alone = [pattern];
      return !counted.some(({ name }) => matchesText(alone, name));
    });
    if (missing.length > 0) {
      return waits('checks_missing', {
        seen: `${missing.join(', ')}: no such check yet`,
        unblockedBy: 'the checks, by running',
      });
    }
    const open = counted.filter(({ state }) => !PASSING.has(state));
    if (open.length > 0) {
      return waits('checks_unfinished', { seen: list(open), unblockedBy: 'the checks, by passing' });
    }
    return passes('checks_passed', list(counted));
  },
});

/**
 * The newest of each app and name, without this app's own and without jobs of the waiting run that have not started.
 * Where such a job is the newest, its earlier attempts do not speak for it either: else nobody could run a deployment
 * again that failed.
 */
function newestOfEach(all: readonly CommitCheck[], { run }: Candidate): readonly CommitCheck[] {
  const groups = new Map<string, CommitCheck[]>();
  for (const check of all) {
    if (check.own) continue;
    const key = JSON.stringify([check.kind, check.app.toLowerCase(), check.name]);
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return [...groups.values()].flatMap((group) => {
    const newestFirst = group.sort((a, b) => b.startedAt - a.startedAt || b.id - a.id);
    const isOfRun = (check: CommitCheck): boolean => run !== null && check.run === run.id;
    const ofRun = newestFirst.find(isOfRun);
    const isWaiting = ofRun !== undefined && NOT_STARTED.has(ofRun.state);
    return (isWaiting ? newestFirst.filter((check) => !isOfRun(check)) : newestFirst).slice(0, 1);
  });
}

const MOST_LISTED = 5;

function list(some: readonly CommitCheck[]): string {
  const shown = some.slice(0, MOST_LISTED).map(({ name, state }) => `${name}: ${state.replaceAll('_', ' ')}`);
  const more = some.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
