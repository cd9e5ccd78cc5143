import { environmentKey, type RepositoryRef } from './ids.ts';
import { GitHubError, type GitHubReader } from './port.ts';

/** A permission that the installation was not granted. */
export type DeniedPermission = 'actions' | 'administration' | 'environments';

/** What would be lost with an environment, in words; null where it could not be read, or the permission that it takes. */
export type EnvironmentGuards = readonly string[] | null | DeniedPermission;

/** So many waiting runs are looked through; with more, nobody can tell. */
const MOST_WAITING_RUNS = 20;

type Reader = Pick<GitHubReader, 'get'>;

/**
 * What would be lost with an environment: any protection rule, branch pattern, custom rule, variable or secret, and runs
 * that wait for it. Null where that is not found.
 * @throws GitHubError where GitHub is unavailable
 */
export async function readEnvironmentGuards(
  github: Reader,
  repository: RepositoryRef,
  environment: string,
): Promise<EnvironmentGuards> {
  const found: string[] = [];
  for (const { permission, read } of PARTS) {
    try {
      found.push(...(await read(github, repository, environment)));
    } catch (error) {
      if (error instanceof GitHubError && error.kind === 'not_found') return null;
      if (error instanceof GitHubError && error.kind === 'forbidden') return permission;
      throw error;
    }
  }
  return found;
}

/** What guards it, by the permission that it takes to be read. */
const PARTS = [
  { permission: 'actions', read: protectionOf },
  { permission: 'environments', read: settingsOf },
  { permission: 'actions', read: waitingRuns },
] as const;

async function protectionOf(
  github: Reader,
  { owner, name }: RepositoryRef,
  environment: string,
): Promise<readonly string[]> {
  const place = { owner, repo: name, environment_name: environment };
  const { protection_rules, deployment_branch_policy } = await github.get(
    'GET /repos/{owner}/{repo}/environments/{environment_name}',
    place,
  );
  const custom = await github.get(
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
    place,
  );
  return [
    ...((protection_rules?.length ?? 0) > 0 ? ['protection rules'] : []),
    ...(deployment_branch_policy ? ['a deployment branch policy'] : []),
    ...((custom.total_count ?? 0) > 0 ? ['custom protection rules'] : []),
  ];
}

async function settingsOf(
  github: Reader,
  { owner, name }: RepositoryRef,
  environment: string,
): Promise<readonly string[]> {
  const place = { owner, repo: name, environment_name: environment, per_page: 1 };
  const variables = await github.get('GET /repos/{owner}/{repo}/environments/{environment_name}/variables', place);
  const secrets = await github.get('GET /repos/{owner}/{repo}/environments/{environment_name}/secrets', place);
  return [...(variables.total_count > 0 ? ['variables'] : []), ...(secrets.total_count > 0 ? ['secrets'] : [])];
}

async function waitingRuns(
  github: Reader,
  { owner, name }: RepositoryRef,
  environment: string,
): Promise<readonly string[]> {
  const place = { owner, repo: name };
  const runs = await github.get('GET /repos/{owner}/{repo}/actions/runs', {
    ...place,
    status: 'waiting',
    per_page: MOST_WAITING_RUNS,
  });
  if (runs.total_count > MOST_WAITING_RUNS) return ['perhaps a waiting run (there are too many to look through)'];
  for (const run of runs.workflow_runs) {
    const pending = await github.get('GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments', {
      ...place,
      run_id: Number(run.id),
    });
    const waits = pending.some((one) => environmentKey(one.environment.name ?? '') === environmentKey(environment));
    if (waits) return ['a waiting run'];
  }
  return [];
}
