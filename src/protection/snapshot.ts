import type { EnvironmentReviewer, EnvironmentSettings, ExistingPattern } from '../github/environments.ts';
import type { ProtectionKey } from '../changes/protection-change.ts';
import type { Protection, Reviewer } from '../policy/schema.ts';

/** How the environments of a repository stand that some entry's `protection` speaks of. */
export interface ProtectionSnapshot {
  readonly environments: readonly ProtectedEnvironment[];
  /** By {@link reviewerKey}: the reviewers that entries name. */
  readonly reviewers: ReadonlyMap<string, ReviewerLookup>;
  /** Null where nobody asks, or nobody may know. */
  readonly hasProtectedBranch: boolean | null;
  /** Null where nobody asks. */
  readonly isPublic: boolean | null;
  /** By slug in lower case, the numbers of the apps that offer a rule; null where nobody asks, or nobody knows. */
  readonly ruleApps: ReadonlyMap<string, number> | null;
}

/** What an environment has is null where its entry does not name it, or where it may not be read. */
export interface ProtectedEnvironment {
  /** As GitHub spells it; as the entry does, where it is missing. */
  readonly name: string;
  /** False: it is to be created. */
  readonly exists: boolean;
  /** Its entry creates it where it is missing. */
  readonly isCreated: boolean;
  readonly protection: Protection;
  readonly settings: EnvironmentSettings;
  readonly patterns: readonly ExistingPattern[] | null;
  /** Slugs in lower case of the apps whose rule is enabled. */
  readonly customRules: ReadonlySet<string> | null;
  /** By name in upper case. */
  readonly variables: ReadonlyMap<string, string> | null;
  /** Names in upper case. */
  readonly secrets: ReadonlySet<string> | null;
}

/** What came of looking a team or a user up. */
export type ReviewerLookup =
  | { readonly kind: 'found'; readonly reviewer: EnvironmentReviewer }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'cannot_read' };

/** What a plan or a permission does not allow, with GitHub's words for it. What is in it is left out. */
export type LeftOut = ReadonlyMap<ProtectionKey, string>;

/** What a reviewer is looked up by. Slugs and logins are compared without regard to case. */
export function reviewerKey(reviewer: Reviewer): string {
  return 'team' in reviewer ? `team:${reviewer.team.toLowerCase()}` : `user:${reviewer.user.toLowerCase()}`;
}
