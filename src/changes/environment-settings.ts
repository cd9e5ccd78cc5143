import type { EnvironmentReviewer, EnvironmentSettings } from '../github/environments.ts';

/** Whether the settings have all that `part` names. The order of reviewers means nothing. */
export function includesSettings(settings: EnvironmentSettings, part: Partial<EnvironmentSettings>): boolean {
  return (
    (part.waitTimer === undefined || part.waitTimer === settings.waitTimer) &&
    (part.preventSelfReview === undefined || part.preventSelfReview === settings.preventSelfReview) &&
    (part.branchPolicy === undefined || part.branchPolicy === settings.branchPolicy) &&
    (part.reviewers === undefined || areSame(part.reviewers, settings.reviewers))
  );
}

/** The settings that `names` has, as they are in `settings`. */
export function namedAs(
  { waitTimer, reviewers, preventSelfReview, branchPolicy }: EnvironmentSettings,
  names: Partial<EnvironmentSettings>,
): Partial<EnvironmentSettings> {
  return {
    ...(names.waitTimer === undefined ? {} : { waitTimer }),
    ...(names.reviewers === undefined ? {} : { reviewers }),
    ...(names.preventSelfReview === undefined ? {} : { preventSelfReview }),
    ...(names.branchPolicy === undefined ? {} : { branchPolicy }),
  };
}

function areSame(a: readonly EnvironmentReviewer[], b: readonly EnvironmentReviewer[]): boolean {
  const keys = (all: readonly EnvironmentReviewer[]) => all.map(({ type, id }) => `${type} ${id}`).sort();
  return keys(a).join() === keys(b).join();
}

/**
 * What a PUT of an environment sends, so that what is not `named` stays as it is. What is not named and is as on an
 * unprotected environment is left out: GitHub refuses wait timers and reviewers in a repository whose plan has none,
 * even where they say that there are none.
 */
export function settingsBody(base: EnvironmentSettings, named: Partial<EnvironmentSettings>) {
  const { waitTimer, reviewers, preventSelfReview, branchPolicy } = { ...base, ...named };
  return {
    ...(waitTimer === 0 && named.waitTimer === undefined ? {} : { wait_timer: waitTimer }),
    ...(reviewers.length === 0 && named.reviewers === undefined
      ? {}
      : { reviewers: reviewers.map(({ type, id }) => ({ type, id })) }),
    // GitHub keeps it only beside reviewers.
    ...(reviewers.length === 0 ? {} : { prevent_self_review: preventSelfReview }),
    deployment_branch_policy:
      branchPolicy === 'all'
        ? null
        : { protected_branches: branchPolicy === 'protected', custom_branch_policies: branchPolicy === 'custom' },
  };
}
