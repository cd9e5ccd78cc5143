import type { RepositoryRef } from './ids.ts';
import { getAll } from './pages.ts';
import { GitHubError, type GitHubReader, type RouteData } from './port.ts';

type Reader = Pick<GitHubReader, 'get'>;

const ALL = 'GET /repos/{owner}/{repo}/environments';
const ONE = 'GET /repos/{owner}/{repo}/environments/{environment_name}';

/** Who must approve. */
export interface EnvironmentReviewer {
  readonly type: 'Team' | 'User';
  readonly id: number;
  /** A team's slug, a user's login. */
  readonly name: string;
}

/** Which branches and tags may deploy: all, protected branches, or those that match one of the environment's patterns. */
export type BranchPolicyKind = 'all' | 'protected' | 'custom';

/** What one PUT sets, and sets back where it leaves it out. */
export interface EnvironmentSettings {
  /** Minutes. */
  readonly waitTimer: number;
  readonly reviewers: readonly EnvironmentReviewer[];
  /** GitHub keeps it only beside reviewers. */
  readonly preventSelfReview: boolean;
  readonly branchPolicy: BranchPolicyKind;
}

/** An environment that nobody has protected. */
export const UNPROTECTED: EnvironmentSettings = {
  waitTimer: 0,
  reviewers: [],
  preventSelfReview: false,
  branchPolicy: 'all',
};

export interface EnvironmentState {
  /** As GitHub spells it. */
  readonly name: string;
  readonly settings: EnvironmentSettings;
}

export interface BranchPattern {
  readonly type: 'branch' | 'tag';
  /** Ruby's fnmatch; case counts. */
  readonly name: string;
}

export interface ExistingPattern extends BranchPattern {
  readonly id: number;
}

/** A GitHub App that has, or can have, a protection rule. */
export interface RuleApp {
  readonly id: number;
  readonly slug: string;
}

/**
 * Every environment of a repository.
 * @throws GitHubError
 * @see https://docs.github.com/en/rest/deployments/environments#list-environments
 */
export async function readEnvironments(
  github: Reader,
  { owner, name }: RepositoryRef,
): Promise<readonly EnvironmentState[]> {
  const items = ({ environments }: RouteData<typeof ALL>) => environments ?? [];
  const all = await getAll(github, ALL, { owner, repo: name }, { items });
  return all.map((one) => ({ name: one.name, settings: settingsOf(one) }));
}

/**
 * One environment; null where there is none of that name.
 * @throws GitHubError
 */
export async function readEnvironment(
  github: Reader,
  { owner, name }: RepositoryRef,
  environment: string,
): Promise<EnvironmentState | null> {
  try {
    const one = await github.get(ONE, { owner, repo: name, environment_name: environment });
    return { name: one.name, settings: settingsOf(one) };
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') return null;
    throw error;
  }
}

function settingsOf({
  protection_rules: rules = [],
  deployment_branch_policy: policy,
}: RouteData<typeof ONE>): EnvironmentSettings {
  let { waitTimer, reviewers, preventSelfReview }: EnvironmentSettings = UNPROTECTED;
  for (const rule of rules) {
    if ('wait_timer' in rule) waitTimer = rule.wait_timer ?? 0;
    if (!('reviewers' in rule)) continue;
    reviewers = (rule.reviewers ?? []).flatMap(({ reviewer }) => reviewerOf(reviewer));
    preventSelfReview = rule.prevent_self_review ?? false;
  }
  const branchPolicy = policy ? (policy.protected_branches ? 'protected' : 'custom') : 'all';
  return { waitTimer, reviewers, preventSelfReview, branchPolicy };
}

/** A reviewer who is no more has nothing that it could be named by. */
function reviewerOf(
  given: ({ readonly id: number | bigint } & ({ readonly slug: string } | { readonly login: string })) | undefined,
): readonly EnvironmentReviewer[] {
  if (given === undefined) return [];
  const id = Number(given.id);
  return 'slug' in given ? [{ type: 'Team', id, name: given.slug }] : [{ type: 'User', id, name: given.login }];
}

function place({ owner, name }: RepositoryRef, environment: string) {
  return { owner, repo: name, environment_name: environment };
}

/**
 * The patterns of an environment whose branch policy is `custom`.
 * @throws GitHubError
 */
export async function readBranchPatterns(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<readonly ExistingPattern[]> {
  const all = await getAll(
    github,
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
    place(repository, environment),
    { items: (data) => data.branch_policies },
  );
  return all.flatMap(({ id, name, type }) =>
    id === undefined || name === undefined ? [] : [{ id, name, type: type ?? 'branch' }],
  );
}

/**
 * The apps whose protection rule is enabled.
 * @throws GitHubError
 */
export async function readCustomRules(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<readonly RuleApp[]> {
  const { custom_deployment_protection_rules: rules = [] } = await github.get(
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
    place(repository, environment),
  );
  return rules.filter(({ enabled }) => enabled).map(({ app: { id, slug } }) => ({ id, slug }));
}

/**
 * The apps that offer a protection rule to an environment, those that are enabled among them.
 * @throws GitHubError
 */
export async function readRuleApps(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<readonly RuleApp[]> {
  const all = await getAll(
    github,
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules/apps',
    place(repository, environment),
    { items: (data) => data.available_custom_deployment_protection_rule_integrations ?? [] },
  );
  return all.map(({ id, slug }) => ({ id, slug }));
}

/** GitHub gives no more of them at once. */
const VARIABLES_PAGE = 30;

/**
 * Variables by name. GitHub keeps names in upper case.
 * @throws GitHubError
 */
export async function readVariables(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<ReadonlyMap<string, string>> {
  const all = await getAll(
    github,
    'GET /repos/{owner}/{repo}/environments/{environment_name}/variables',
    place(repository, environment),
    { items: (data) => data.variables, size: VARIABLES_PAGE },
  );
  return new Map(all.map(({ name, value }) => [name.toUpperCase(), value]));
}

/**
 * Names of secrets, in upper case. What they hold, GitHub tells nobody.
 * @throws GitHubError
 */
export async function readSecretNames(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<ReadonlySet<string>> {
  const all = await getAll(
    github,
    'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets',
    place(repository, environment),
    { items: (data) => data.secrets },
  );
  return new Set(all.map(({ name }) => name.toUpperCase()));
}
