import type { EnvironmentReviewer } from '../../src/github/environments.ts';
import { UNPROTECTED } from '../../src/github/environments.ts';
import type { Protection } from '../../src/policy/schema.ts';
import { decideProtection, type ProtectionDecision } from '../../src/protection/decide.ts';
import type { LeftOut, ProtectedEnvironment, ProtectionSnapshot } from '../../src/protection/snapshot.ts';
import { describeProtectionChange } from '../../src/reports/protection-lines.ts';

export const SRE: EnvironmentReviewer = { type: 'Team', id: 7, name: 'sre' };
export const OCTOCAT: EnvironmentReviewer = { type: 'User', id: 7, name: 'octocat' };

/** An environment that nobody has protected, with a few things that are different. */
export type Given = Partial<Omit<ProtectedEnvironment, 'protection' | 'settings'>> &
  Partial<ProtectedEnvironment['settings']>;

export function environment(protection: Protection, given: Given = {}): ProtectedEnvironment {
  const {
    name = 'production',
    exists = true,
    isCreated = true,
    patterns = [],
    customRules,
    variables,
    secrets,
    ...settings
  } = given;
  return {
    name,
    exists,
    isCreated,
    protection,
    settings: { ...UNPROTECTED, ...settings },
    patterns,
    customRules: customRules ?? new Set(),
    variables: variables ?? new Map(),
    secrets: secrets ?? new Set(),
  };
}

/** A repository in which all that is named exists. */
export function snapshot(
  environments: readonly ProtectedEnvironment[],
  more: Partial<ProtectionSnapshot> = {},
): ProtectionSnapshot {
  return {
    environments,
    reviewers: new Map([
      ['team:sre', { kind: 'found', reviewer: SRE }],
      ['user:octocat', { kind: 'found', reviewer: OCTOCAT }],
      ['team:strangers', { kind: 'cannot_read' }],
    ]),
    hasProtectedBranch: true,
    isPublic: false,
    ruleApps: new Map([['datadog', 11]]),
    ...more,
  };
}

export const NOTHING_LEFT_OUT: LeftOut = new Map();

/** Decides on one environment. */
export function decide(
  protection: Protection,
  given: Given = {},
  { leftOut = NOTHING_LEFT_OUT, ...more }: Partial<ProtectionSnapshot> & { readonly leftOut?: LeftOut } = {},
): ProtectionDecision {
  return decideProtection(snapshot([environment(protection, given)], more), leftOut);
}

/** The changes in words, in order. */
export function words({ changes }: Pick<ProtectionDecision, 'changes'>): readonly string[] {
  return changes.map(describeProtectionChange);
}
