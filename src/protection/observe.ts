import type { ProtectionKey } from '../changes/protection-change.ts';
import { readEnvironments, UNPROTECTED, type EnvironmentState } from '../github/environments.ts';
import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { Policy, Protection } from '../policy/schema.ts';
import { decideProtection } from './decide.ts';
import { isCreated, missingEnvironments, namesProtection, OWN_RULE, protectionFor } from './governed.ts';
import { observeParts } from './observe-parts.ts';
import { observeAccess, observeReviewers } from './observe-reviewers.ts';
import { observeHasProtectedBranch, observeIsPublic, observeRuleApps } from './observe-repository.ts';
import type { ProtectedEnvironment, ProtectionSnapshot } from './snapshot.ts';

const NOTHING: ProtectionSnapshot = {
  environments: [],
  reviewers: new Map(),
  hasProtectedBranch: null,
  isPublic: null,
  ruleApps: null,
};

/**
 * Reads how the environments stand that entries with `protection` speak of: one list for all, and of each environment
 * only what its entry names and the list does not show. What a plan or a permission does not allow to be read is added to
 * `leftOut`; what is in it already is not asked for.
 * @throws GitHubError where GitHub is unavailable or asks to wait
 */
export async function observeProtection(
  github: Pick<GitHubReader, 'get'>,
  question: {
    readonly repository: RepositoryRef;
    readonly policy: Pick<Policy, 'environments' | 'freezes'>;
    readonly leftOut: Map<ProtectionKey, string>;
    /** Known already, so that nobody is asked whether any branch is protected. */
    readonly isDefaultBranchProtected?: boolean;
    /** This app's number; left out, its own rule is left alone. */
    readonly appId?: number;
  },
): Promise<ProtectionSnapshot> {
  const { repository, policy, leftOut, isDefaultBranchProtected = false, appId = null } = question;
  if (!namesProtection(policy) || leftOut.has('environments')) return NOTHING;
  const listed = await list(github, question);
  if (listed === null) return NOTHING;
  const existing = listed.flatMap(({ name, settings }) => {
    const protection = protectionFor(policy, name);
    if (protection === null) return [];
    return [{ name, settings, protection: withOwnRule(protection, appId), isCreated: isCreated(policy, name) }];
  });
  const environments = [
    ...(await observeParts(github, { repository, environments: existing, leftOut, appId })),
    ...missing(policy, listed).map((one) => ({ ...one, protection: withOwnRule(one.protection, appId) })),
  ];
  const seen = { repository, environments, listed, leftOut, isDefaultBranchProtected, appId };
  const snapshot = { environments, ...(await observeAround(github, seen)) };
  const written = new Set(decideProtection(snapshot, leftOut).changes.map(({ environment }) => environment));
  const access = await observeAccess(github, {
    ...seen,
    environments: environments.filter(({ name }) => written.has(name)),
  });
  return { ...snapshot, reviewers: new Map([...snapshot.reviewers, ...access]) };
}

/** Where nobody knows which app this is, its own rule is left alone. */
function withOwnRule(protection: Protection, appId: number | null): Protection {
  const { custom_rules: rules, ...others } = protection;
  if (appId !== null || rules === undefined) return protection;
  return { ...others, custom_rules: rules.filter((slug) => slug !== OWN_RULE) };
}

/** Null where it may not be read. */
async function list(
  github: Pick<GitHubReader, 'get'>,
  { repository, leftOut }: { readonly repository: RepositoryRef; readonly leftOut: Map<ProtectionKey, string> },
): Promise<readonly EnvironmentState[] | null> {
  try {
    return await readEnvironments(github, repository);
  } catch (error) {
    if (!(error instanceof GitHubError) || (error.kind !== 'forbidden' && error.kind !== 'not_found')) throw error;
    leftOut.set('environments', error.message);
    return null;
  }
}

function missing(
  policy: Pick<Policy, 'environments' | 'freezes'>,
  listed: readonly EnvironmentState[],
): readonly ProtectedEnvironment[] {
  const existing = new Set(listed.map(({ name }) => environmentKey(name)));
  return missingEnvironments(policy, existing).map(({ name, protection }) => ({
    name,
    protection,
    exists: false,
    isCreated: true,
    settings: UNPROTECTED,
    patterns: [],
    customRules: new Set<string>(),
    variables: new Map<string, string>(),
    secrets: new Set<string>(),
  }));
}

/** What is asked about the repository rather than about an environment, and only where it matters. */
async function observeAround(
  github: Pick<GitHubReader, 'get'>,
  seen: {
    readonly repository: RepositoryRef;
    readonly environments: readonly ProtectedEnvironment[];
    readonly listed: readonly EnvironmentState[];
    readonly leftOut: Map<ProtectionKey, string>;
    readonly isDefaultBranchProtected: boolean;
    readonly appId: number | null;
  },
): Promise<Omit<ProtectionSnapshot, 'environments'>> {
  const { repository, environments, listed, leftOut, isDefaultBranchProtected, appId } = seen;
  // An environment has to be there to be asked what it is offered.
  const asked = environments.some(lacksRules) && !leftOut.has('custom_rules') ? listed[0] : undefined;
  const wantsProtected = environments.some(({ protection }) => protection.deployment_branch_policy === 'protected');
  return {
    reviewers: await observeReviewers(github, seen),
    hasProtectedBranch:
      wantsProtected && !leftOut.has('deployment_branch_policy')
        ? isDefaultBranchProtected || (await observeHasProtectedBranch(github, repository))
        : null,
    isPublic: environments.some(lacksVariables) ? await observeIsPublic(github, repository) : null,
    ruleApps:
      asked === undefined
        ? null
        : await observeRuleApps(github, { repository, environment: asked.name, leftOut, appId }),
  };
}

function lacksVariables({ protection, variables }: ProtectedEnvironment): boolean {
  return Object.entries(protection.variables ?? {}).some(
    ([name, value]) => variables !== null && variables.get(name.toUpperCase()) !== value,
  );
}

function lacksRules({ protection, customRules }: ProtectedEnvironment): boolean {
  return (protection.custom_rules ?? []).some((slug) => customRules !== null && !customRules.has(slug.toLowerCase()));
}
