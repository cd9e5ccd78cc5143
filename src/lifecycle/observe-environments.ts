import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { notUnderstood, throwOnOutage } from '../policy/load.ts';
import { environmentNamesAnswer, nodes } from './answers.ts';
import { ENVIRONMENT_NAMES } from './documents.ts';

/**
 * The environments that exist, by their names in lower case: deployments outlive the environment that they were for.
 * @throws GitHubError
 */
export async function observeEnvironmentNames(
  github: GitHubReader,
  { id, owner, name }: RepositoryRef,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let after: string | null = null;
  do {
    const { data, problems } = await github.query(ENVIRONMENT_NAMES, { owner, name, after });
    const parsed = environmentNamesAnswer.safeParse(data);
    if (!parsed.success) throw notUnderstood(ENVIRONMENT_NAMES.name);
    throwOnOutage(ENVIRONMENT_NAMES.name, problems);
    const answer = parsed.data.repository;
    if (answer?.databaseId !== id) return found;
    for (const environment of nodes(answer.environments)) found.set(environmentKey(environment.name), environment.name);
    after = answer.environments.pageInfo.hasNextPage ? answer.environments.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}
