import { fullName, type RepositoryRef } from '../../github/ids.ts';
import { getAll } from '../../github/pages.ts';
import { GitHubError, type GitHubReader, type RouteData } from '../../github/port.ts';

const ENVIRONMENTS = 'GET /repos/{owner}/{repo}/environments';
const ENVIRONMENT = 'GET /repos/{owner}/{repo}/environments/{environment_name}';

/** An environment as GitHub's list has it. */
export type ListedEnvironment = NonNullable<RouteData<typeof ENVIRONMENTS>['environments']>[number];

/** What the list does not tell of an environment; null where the token may not read it. */
export interface EnvironmentDetails {
  /** Empty unless the environment has patterns of its own. */
  readonly patterns: readonly { readonly name: string; readonly type: 'branch' | 'tag' }[] | null;
  /** Slugs of the apps whose rule is enabled. */
  readonly customRules: readonly string[] | null;
  readonly variables: readonly { readonly name: string; readonly value: string }[] | null;
}

/**
 * The environments of a repository, with the rules that the list carries; null where the token may not list them.
 * @throws GitHubError
 */
export function observeEnvironments(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
): Promise<readonly ListedEnvironment[] | null> {
  return unlessForbidden(() =>
    getAll(github, ENVIRONMENTS, { owner, repo: name }, { items: (data) => data.environments ?? [] }),
  );
}

/**
 * Reads the rest of one environment.
 * @throws GitHubError
 */
export async function observeDetails(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
  environment: ListedEnvironment,
): Promise<EnvironmentDetails> {
  const place = { owner, repo: name, environment_name: environment.name };
  const hasPatterns = environment.deployment_branch_policy?.custom_branch_policies === true;
  const patterns = hasPatterns
    ? await unlessForbidden(() =>
        getAll(github, `${ENVIRONMENT}/deployment-branch-policies`, place, { items: (data) => data.branch_policies }),
      )
    : [];
  const rules = await unlessForbidden(() => github.get(`${ENVIRONMENT}/deployment_protection_rules`, place));
  return {
    patterns:
      patterns?.map((pattern) => ({ name: pattern.name ?? '', type: pattern.type === 'tag' ? 'tag' : 'branch' })) ??
      null,
    customRules:
      rules?.custom_deployment_protection_rules?.filter(({ enabled }) => enabled).map(({ app }) => app.slug) ??
      (rules === null ? null : []),
    variables: await unlessForbidden(() => observeVariables(github, place)),
  };
}

/** GitHub gives thirty at most, whatever is asked for. */
const VARIABLES_PER_PAGE = 30;

async function observeVariables(
  github: GitHubReader,
  place: { readonly owner: string; readonly repo: string; readonly environment_name: string },
): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const found: { readonly name: string; readonly value: string }[] = [];
  for (let page = 1; ; page += 1) {
    const { variables } = await github.get(`${ENVIRONMENT}/variables`, {
      ...place,
      per_page: VARIABLES_PER_PAGE,
      page,
    });
    found.push(...variables.map(({ name, value }) => ({ name, value })));
    if (variables.length < VARIABLES_PER_PAGE) return found;
  }
}

/** A deploy key as far as a policy speaks of it. */
export interface SeenKey {
  readonly title: string;
  readonly key: string;
  readonly readOnly: boolean;
}

/**
 * The deploy keys of a repository; null where the token may not list them.
 * @throws GitHubError
 */
export async function observeDeployKeys(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
): Promise<readonly SeenKey[] | null> {
  const keys = await unlessForbidden(() =>
    getAll(github, 'GET /repos/{owner}/{repo}/keys', { owner, repo: name }, { items: (data) => data }),
  );
  return keys?.map(({ title, key, read_only: readOnly }) => ({ title, key, readOnly })) ?? null;
}

/** A deployment as far as it tells which environments are transient. */
export interface SeenDeployment {
  readonly environment: string;
  readonly transient: boolean;
}

/** So many of the latest deployments are looked through. */
const MOST_DEPLOYMENTS = 300;

/**
 * The latest deployments, newest first.
 * @throws GitHubError
 */
export async function observeLatestDeployments(
  github: GitHubReader,
  { owner, name }: RepositoryRef,
): Promise<readonly SeenDeployment[]> {
  const deployments = await getAll(
    github,
    'GET /repos/{owner}/{repo}/deployments',
    { owner, repo: name },
    { items: (data) => data, most: MOST_DEPLOYMENTS },
  );
  return deployments.map(({ environment, transient_environment: transient, production_environment: production }) => ({
    environment,
    transient: transient === true && production !== true,
  }));
}

/** What is not there to be read and what may not be read look the same. */
async function unlessForbidden<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubError && (error.kind === 'forbidden' || error.kind === 'not_found')) return null;
    throw error;
  }
}

/** Said of what could not be read. */
export function unreadable(what: string, repository: RepositoryRef): string {
  return `${what} of ${fullName(repository)} are left out: the token may not read them.`;
}
