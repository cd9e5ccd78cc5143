import { matchesRef } from '../../policy/match.ts';
import type { RefPattern } from '../../policy/schema.ts';
import { NO_FACTS } from '../needed-facts.ts';
import { defineRule, fails, passes, unreadable, type Said } from './rule.ts';

/** The branch matches a pattern, the tag a `tag` pattern; a commit, when a branch that matches contains it. */
export const ref = defineRule({
  name: 'ref',
  of: (gate) => ('ref' in gate ? gate.ref : undefined),
  looksAt: 'itself',
  needs: (patterns) => {
    const branches = patterns.filter((pattern) => typeof pattern === 'string');
    return { ...NO_FACTS, branches: branches.length === 0 ? [] : [branches] };
  },
  required: (patterns) => patterns.map(describePattern).join(' or '),
  decide(patterns, { candidate }) {
    const { kind, name, of } = candidate.ref;
    if (kind !== 'commit') {
      const seen = `${kind} ${name}`;
      return matchesRef(patterns, { kind, name }) ? passes('ref_matches', seen) : doesNotMatch(seen);
    }
    const { containedIn } = candidate.facts;
    const mayMatch = of !== undefined && KINDS.some((one) => matchesRef(patterns, { kind: one, name: of }));
    const otherwise = (seen: string): Said =>
      mayMatch
        ? unreadable(`whether ${of} was a branch or a tag`, { why: 'it is gone, or there are both' })
        : doesNotMatch(seen);
    if (patterns.every((pattern) => typeof pattern !== 'string')) return otherwise(`commit ${name}`);
    if (containedIn.kind === 'unreadable') return unreadable('the branches that contain the commit', containedIn);
    const branch = containedIn.value.find((one) => matchesRef(patterns, { kind: 'branch', name: one }));
    if (branch === undefined) return otherwise(`commit ${name}, in no branch that matches`);
    return passes('ref_matches', `commit ${name}, in branch ${branch}`);
  },
});

const KINDS = ['branch', 'tag'] as const;

function doesNotMatch(seen: string): Said {
  return fails('ref_does_not_match', { seen, unblockedBy: 'a new deployment, from a ref that matches' });
}

function describePattern(pattern: RefPattern): string {
  return typeof pattern === 'string' ? `branch ${pattern}` : `tag ${pattern.tag}`;
}
