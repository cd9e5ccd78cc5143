import { describe, expect, test } from '@jest/globals';
import { decideDrift, decideOpen } from '../../src/protection/decide-drift.ts';
import { decide } from './case.ts';

const { changes } = decide({ wait_timer: 30, variables: { A: 'b' } }, { waitTimer: 5, name: 'Production' });
const NEVER = { isNamed: false, open: new Set<string>() };
const DONE = { isNamed: true, open: new Set(['wait_timer staging', 'custom_rules production']) };
const NOT_DONE = { isNamed: true, open: new Set(['wait_timer production', 'variables production']) };
const IN_PART = { isNamed: true, open: new Set(['wait_timer production']) };

describe('a difference is drift where the last report says that the policy at this commit was applied', () => {
  test.each([
    ['a policy that was never applied', 'revert', NEVER, { rules: ['protection', 'protection'], findings: 0 }],
    ['a policy that was never applied', 'report', NEVER, { rules: ['protection', 'protection'], findings: 0 }],
    ['a policy that was applied', 'revert', DONE, { rules: ['drift', 'drift'], findings: 0 }],
    ['a policy that was applied', 'report', DONE, { rules: [], findings: 2 }],
    ['keys that were left undone', 'revert', NOT_DONE, { rules: ['protection', 'protection'], findings: 0 }],
    ['keys that were left undone', 'report', NOT_DONE, { rules: ['protection', 'protection'], findings: 0 }],
    [
      'a key that was left undone beside one that was done',
      'revert',
      IN_PART,
      { rules: ['protection', 'drift'], findings: 0 },
    ],
    ['a key that was left undone beside one that was done', 'report', IN_PART, { rules: ['protection'], findings: 1 }],
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

  test('of an environment that is gone nothing is left to be done for the first time', () => {
    const { changes: all } = decide({ wait_timer: 30 }, { exists: false, name: 'Production' });
    const before = { isNamed: true, open: new Set(['wait_timer production']) };
    expect(decideDrift(all, { before, drift: 'report' })).toMatchObject({ changes: [], findings: [{}, {}] });
  });
});

describe('what is open', () => {
  test('is all that is not done, under a policy that was never applied', () => {
    expect(decideOpen(['b x', 'a x', 'b x'], NEVER)).toEqual(['a x', 'b x']);
  });

  test('is not what was done once', () => {
    expect(decideOpen(['wait_timer production', 'variables production'], IN_PART)).toEqual(['wait_timer production']);
  });
});
