import { includesSettings } from '../changes/environment-settings.ts';
import type { SettingChange, SettingKey } from '../changes/protection-change.ts';
import type { BranchPolicyKind, EnvironmentReviewer, EnvironmentSettings } from '../github/environments.ts';
import type { Protection, Reviewer } from '../policy/schema.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { because } from './reasons.ts';
import { reviewerKey, type LeftOut, type ProtectedEnvironment, type ProtectionSnapshot } from './snapshot.ts';

/** What one PUT should set; or what is wrong, so that the environment is left alone. */
export interface SettingsDecision {
  readonly changes: readonly SettingChange[];
  readonly problems: readonly Finding[];
}

type Facts = Pick<ProtectionSnapshot, 'reviewers' | 'hasProtectedBranch'> & { readonly leftOut: LeftOut };

/** Compares the settings that an entry names, and no others, with how they are. */
export function decideSettings(environment: ProtectedEnvironment, facts: Facts): SettingsDecision {
  const { protection, settings } = environment;
  const problems: Finding[] = [];
  const wanted: { key: SettingKey; to: Partial<EnvironmentSettings> }[] = [];
  const isKept = (key: SettingKey): boolean => protection[key] !== undefined && !facts.leftOut.has(key);

  if (protection.wait_timer !== undefined && isKept('wait_timer')) {
    wanted.push({ key: 'wait_timer', to: { waitTimer: protection.wait_timer } });
  }
  let { reviewers } = settings;
  if (protection.reviewers !== undefined && isKept('reviewers')) {
    const found = findReviewers(environment, protection.reviewers, facts);
    problems.push(...found.problems);
    reviewers = found.reviewers;
    wanted.push({ key: 'reviewers', to: { reviewers } });
  }
  const prevent = protection.prevent_self_review;
  if (prevent !== undefined && isKept('prevent_self_review')) {
    const mayHaveMore = protection.reviewers !== undefined && !isKept('reviewers');
    if (prevent && reviewers.length === 0 && !mayHaveMore) problems.push(withoutReviewers(environment.name));
    // Without reviewers there is nothing to be kept.
    if (reviewers.length > 0) wanted.push({ key: 'prevent_self_review', to: { preventSelfReview: prevent } });
  }
  const branchPolicy = wantedKind(protection);
  if (branchPolicy !== null && isKept('deployment_branch_policy')) {
    if (branchPolicy === 'protected' && facts.hasProtectedBranch === false) problems.push(noBranch(environment.name));
    wanted.push({ key: 'deployment_branch_policy', to: { branchPolicy } });
  }
  return {
    problems,
    changes: wanted
      .filter(({ to }) => !includesSettings(settings, to))
      .map(({ key, to }) => ({
        kind: 'environment_setting',
        environment: environment.name,
        key,
        expect: settings,
        to,
        mayCreate: environment.isCreated,
        ...(key === 'deployment_branch_policy' ? { loses: environment.patterns ?? [] } : {}),
        ...because(key),
      })),
  };
}

/** Null where the entry does not name it. */
export function wantedKind({ deployment_branch_policy: written }: Protection): BranchPolicyKind | null {
  if (written === undefined) return null;
  return written === 'all' || written === 'protected' ? written : 'custom';
}

function findReviewers(
  { name }: ProtectedEnvironment,
  written: readonly Reviewer[],
  facts: Facts,
): { readonly reviewers: readonly EnvironmentReviewer[]; readonly problems: readonly Finding[] } {
  const reviewers = new Map<string, EnvironmentReviewer>();
  const problems: Finding[] = [];
  for (const one of written) {
    const lookup = facts.reviewers.get(reviewerKey(one));
    if (lookup?.kind === 'found') {
      const { reviewer } = lookup;
      reviewers.set(`${reviewer.type} ${reviewer.id}`, reviewer);
    } else problems.push(wrongReviewer(name, one, lookup?.kind ?? 'unknown'));
  }
  return { reviewers: [...reviewers.values()], problems };
}

function wrongReviewer(environment: string, reviewer: Reviewer, kind: 'unknown' | 'cannot_read'): Finding {
  const who = 'team' in reviewer ? `The team ${reviewer.team}` : `The user ${reviewer.user}`;
  const why =
    kind === 'unknown'
      ? `${who}, named as a reviewer, does not exist`
      : `${who}, named as a reviewer, cannot read the repository`;
  return { code: `reviewer_${kind}`, environment, message: `${why}: the environment’s protection is left as it is.` };
}

function withoutReviewers(environment: string): Finding {
  const message =
    'prevent_self_review needs reviewers, and there are none: the environment’s protection is left as it is. List some, or take prevent_self_review out.';
  return { code: 'self_review_without_reviewers', environment, message };
}

function noBranch(environment: string): Finding {
  const message =
    'deployment_branch_policy is `protected`, and no branch of the repository is: the environment’s protection is left as it is. Protect a branch, or list patterns.';
  return { code: 'no_protected_branch', environment, message };
}
