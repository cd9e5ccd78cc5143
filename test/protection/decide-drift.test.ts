import { describe, expect, test } from '@jest/globals';
import { decideDrift } from '../../src/protection/decide-drift.ts';
import { decide } from './case.ts';

const { changes } = decide({ wait_timer: 30, variables: { A: 'b' } }, { waitTimer: 5, name: 'Production' });
const NEVER = { isNamed: false, open: new Set<string>() };
const DONE = { isNamed: true, open: new Set(['staging']) };
const NOT_DONE = { isNamed: true, open: new Set(['production']) };

describe('a difference is drift where the last report says that the policy at this commit was applied', () => {
  test.each([
    ['a policy that was never applied', 'revert', NEVER, { rules: ['protection', 'protection'], findings: 0 }],
    ['a policy that was never applied', 'report', NEVER, { rules: ['protection', 'protection'], findings: 0 }],
    ['a policy that was applied', 'revert', DONE, { rules: ['drift', 'drift'], findings: 0 }],
    ['a policy that was applied', 'report', DONE, { rules: [], findings: 2 }],
    ['an environment that was left undone', 'revert', NOT_DONE, { rules: ['protection', 'protection'], findings: 0 }],
    ['an environment that was left undone', 'report', NOT_DONE, { rules: ['protection', 'protection'], findings: 0 }],
  ] as const)('%s, drift: %s', (_name, drift, before, { rules, findings }) => {
    const decided = decideDrift(changes, { before, drift });
    expect(decided.changes.map(({ rule }) => rule)).toEqual(rules);
    expect(decided.findings).toHaveLength(findings);
  });

  test('is reported with the old and the new value, and logged without what variables hold', () => {
    const { findings } = decideDrift(changes, { before: DONE, drift: 'report' });
    expect(findings).toMatchObject([
      { code: 'protection_drifted', environment: 'Production' },
      { code: 'protection_drifted', environment: 'Production' },
    ]);
    expect(findings.map(({ message }) => message).join()).toMatch(/wait_timer: 5 → 30.*variable A: b/);
    expect(findings.map(({ logMessage }) => logMessage).join()).not.toContain('A: b');
  });
});
