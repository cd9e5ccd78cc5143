import { matchesText } from '../../policy/match.ts';
import type { Gate } from '../../policy/schema.ts';
import { NO_FACTS } from '../needed-facts.ts';
import type { CommitPullRequest } from '../snapshot.ts';
import { defineRule, fails, passes, unreadable, waits } from './rule.ts';

type Required = Extract<Gate, { readonly pull_request: unknown }>['pull_request'];

/** GitHub takes a moment until it knows a commit's pull request. Milliseconds. */
const UNTIL_KNOWN = 5 * 60_000;

/** The commit belongs to a pull request that satisfies what is asked. */
export const pullRequest = defineRule({
  name: 'pull_request',
  of: (gate) => ('pull_request' in gate ? gate.pull_request : undefined),
  looksAt: 'itself',
  needs: ({ approvals }) => ({ ...NO_FACTS, pullRequests: true, approvals: approvals > 0 }),
  required: describeRequired,
  decide(required, { candidate, now }) {
    const { pullRequests: all } = candidate.facts;
    if (all.kind === 'unreadable') return unreadable('the pull requests', all);
    const bases = required.base === undefined ? null : [required.base];
    const counted = all.value.filter((one) => bases === null || matchesText(bases, one.base));
    const good = counted.find((one) => lacks(required, one).length === 0);
    if (good !== undefined) return passes('pull_request_satisfied', describe(good));
    const mayCome = counted.filter(({ state }) => state !== 'closed');
    if (mayCome.length > 0) {
      return waits('pull_request_unsatisfied', {
        seen: mayCome.map((one) => `${describe(one)} lacks ${lacks(required, one).join(' and ')}`).join('; '),
        unblockedBy: 'reviewers who can write, and whoever merges the pull request',
      });
    }
    const unblockedBy = 'a new deployment, of a commit that went through a pull request';
    if (counted.length > 0) {
      return fails('pull_request_rejected', { seen: counted.map(describe).join('; '), unblockedBy });
    }
    const seen = all.value.length === 0 ? 'no pull request' : `only ${all.value.map(describe).join('; ')}`;
    const until = candidate.createdAt === null ? null : candidate.createdAt + UNTIL_KNOWN;
    if (until !== null && now >= until) return fails('pull_request_missing', { seen, unblockedBy });
    return waits('pull_request_missing', {
      seen: `${seen} so far`,
      unblockedBy: 'a pull request that has the commit',
      changesAt: until === null ? null : { at: until, zone: 'UTC' },
    });
  },
});

function lacks({ merged, approvals }: Required, one: CommitPullRequest): readonly string[] {
  if (one.state === 'closed') return ['the merge'];
  const missing = approvals - one.approvals;
  return [
    ...(missing > 0 ? [`${missing} approval${missing === 1 ? '' : 's'}`] : []),
    ...(merged && one.state !== 'merged' ? ['the merge'] : []),
  ];
}

function describe({ number, state, base }: CommitPullRequest): string {
  return `#${number} into ${base} (${state === 'closed' ? 'closed unmerged' : state})`;
}

function describeRequired({ base, merged, approvals }: Required): string {
  const into = base === undefined ? '' : ` into ${base}`;
  const approved = approvals === 0 ? '' : ` with ${approvals} approval${approvals === 1 ? '' : 's'}`;
  return `a ${merged ? 'merged ' : ''}pull request${into}${approved}`;
}
