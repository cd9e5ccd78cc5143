import { z } from 'zod';
import type { EnvironmentDetails, ListedEnvironment } from './observe-protection.ts';

/** An entry of a policy as it is written. */
export interface WrittenEntry {
  readonly name: string;
  readonly protection?: Readonly<Record<string, unknown>>;
  readonly lifecycle?: Readonly<Record<string, unknown>>;
}

/** A policy as it is written. */
export interface WrittenPolicy {
  readonly version: 1;
  readonly environments?: readonly WrittenEntry[];
  readonly deploy_keys?: { readonly allow: readonly Readonly<Record<string, unknown>>[] };
}

/** Whether GitHub's list shows rules of an environment's own. */
export function isProtected(environment: ListedEnvironment): boolean {
  return (environment.protection_rules?.length ?? 0) > 0 || Boolean(environment.deployment_branch_policy);
}

/** An environment as a policy would say it; what is as GitHub has it by default is left out. */
export function describeEnvironment(environment: ListedEnvironment, details: EnvironmentDetails): WrittenEntry {
  const variables = Object.fromEntries((details.variables ?? []).map(({ name, value }) => [name, value]));
  const customRules = details.customRules ?? [];
  const branchPolicy = branchPolicyOf(environment, details);
  const protection = {
    ...rulesOf(environment),
    ...(branchPolicy === null ? {} : { deployment_branch_policy: branchPolicy }),
    ...(customRules.length > 0 ? { custom_rules: [...customRules].sort() } : {}),
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
  };
  return { name: environment.name, ...(Object.keys(protection).length > 0 ? { protection } : {}) };
}

/** The kinds of rules share a list, and each has some of these. */
const protectionRules = z.array(
  z.object({
    wait_timer: z.number().nullish(),
    prevent_self_review: z.boolean().nullish(),
    reviewers: z
      .array(z.object({ reviewer: z.object({ slug: z.string().nullish(), login: z.string().nullish() }) }))
      .nullish(),
  }),
);

function rulesOf(environment: ListedEnvironment): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const rule of protectionRules.parse(environment.protection_rules ?? [])) {
    if ((rule.wait_timer ?? 0) > 0) found['wait_timer'] = rule.wait_timer;
    const reviewers = (rule.reviewers ?? []).map(({ reviewer: { slug, login } }) =>
      typeof slug === 'string' ? { team: slug } : { user: login ?? '' },
    );
    if (reviewers.length === 0) continue;
    if (rule.prevent_self_review === true) found['prevent_self_review'] = true;
    found['reviewers'] = reviewers;
  }
  return found;
}

/** Null where every branch and tag may deploy, or where it could not be read which. */
function branchPolicyOf(
  { deployment_branch_policy: policy }: ListedEnvironment,
  { patterns }: EnvironmentDetails,
): 'protected' | readonly (string | { readonly tag: string })[] | null {
  if (!policy) return null;
  if (policy.protected_branches) return 'protected';
  return patterns?.map(({ name, type }) => (type === 'tag' ? { tag: name } : name)) ?? null;
}
