import { environmentKey, type RepositoryRef } from '../../github/ids.ts';
import type { GitHubReader } from '../../github/port.ts';
import { POLICY_PATH } from '../../policy/load-fields.ts';
import { matchesEnvironment } from '../../policy/match.ts';
import { isPattern } from '../../policy/pattern.ts';
import { describeEnvironment, isProtected, type WrittenEntry, type WrittenPolicy } from './describe-environment.ts';
import { compareSettings } from './compare-settings.ts';
import { groupNames } from './group-names.ts';
import {
  observeDeployKeys,
  observeDetails,
  observeEnvironments,
  observeLatestDeployments,
  unreadable,
  type ListedEnvironment,
  type SeenDeployment,
} from './observe-protection.ts';
import { observeFiles } from './observe-files.ts';

/** A policy that says how a repository is, and what of the repository it does not say: one sentence each. */
export interface Draft {
  readonly policy: WrittenPolicy;
  readonly notes: readonly string[];
}

/** The lifecycle of environments that come and go, written out so that people see what there is to choose. */
const LIFECYCLE = { one_active_per: 'pull_request', inactivate_on: ['pull_request_closed', 'ref_deleted'] };

/**
 * Reads a repository and describes it as a policy.
 * @throws GitHubError
 */
export async function draftPolicy(github: GitHubReader, repository: RepositoryRef): Promise<Draft> {
  const notes: string[] = [];
  const listed = await observeEnvironments(github, repository);
  if (listed === null) notes.push(unreadable('The environments', repository));
  const environments = listed ?? [];
  const names = transientNames(await observeLatestDeployments(github, repository), environments);
  const patterns = groupNames(names);
  const exact: WrittenEntry[] = [];
  for (const environment of standing(environments, patterns)) {
    if (isPattern(environment.name)) {
      notes.push(`A policy would read ${JSON.stringify(environment.name)} as a pattern; that environment is left out.`);
      continue;
    }
    const details = await observeDetails(github, repository, environment);
    const missing = [
      ...(details.patterns === null ? ['branch patterns'] : []),
      ...(details.customRules === null ? ['custom rules'] : []),
      ...(details.variables === null ? ['variables'] : []),
    ];
    if (missing.length > 0) {
      const name = JSON.stringify(environment.name);
      notes.push(`The ${missing.join(', ')} of the environment ${name} are left out: the token may not read them.`);
    }
    exact.push(describeEnvironment(environment, details));
  }
  const keys = await observeDeployKeys(github, repository);
  if (keys === null) notes.push(unreadable('The deploy keys', repository));
  const { settings, hasPolicy } = await observeFiles(github, repository);
  if (hasPolicy) notes.push(`The repository has a policy already, ${POLICY_PATH}; this one was made without it.`);
  if (settings !== null) {
    notes.push(...compareSettings(settings, { entries: exact, existing: environments.map(({ name }) => name) }));
  }
  const entries = [
    ...exact.sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...patterns
      .filter((name) => !exact.some((entry) => environmentKey(entry.name) === environmentKey(name)))
      .map((name) => ({ name, lifecycle: LIFECYCLE })),
  ];
  const allow = (keys ?? []).map(({ title, key, readOnly }) => ({ title, key, read_only: readOnly }));
  return {
    policy: {
      version: 1,
      ...(entries.length > 0 ? { environments: entries } : {}),
      ...(allow.length > 0 ? { deploy_keys: { allow } } : {}),
    },
    notes,
  };
}

/**
 * Names of environments whose latest deployment its creator called transient. One with rules of its own stands.
 */
function transientNames(
  deployments: readonly SeenDeployment[],
  environments: readonly ListedEnvironment[],
): readonly string[] {
  const stand = new Set(environments.filter(isProtected).map(({ name }) => environmentKey(name)));
  const latest = new Map<string, SeenDeployment>();
  for (const deployment of deployments) {
    const key = environmentKey(deployment.environment);
    if (!latest.has(key) && !stand.has(key)) latest.set(key, deployment);
  }
  return [...latest.values()].flatMap(({ environment, transient }) => (transient ? [environment] : []));
}

/** The environments that have an entry of their own: those that come and go share a pattern. */
function standing(
  environments: readonly ListedEnvironment[],
  patterns: readonly string[],
): readonly ListedEnvironment[] {
  const shared = patterns.filter(isPattern);
  return environments.filter(
    (environment) => isProtected(environment) || !matchesEnvironment(shared, environment.name),
  );
}
