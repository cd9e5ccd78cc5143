import { z } from 'zod';
import { readEnvironmentGuards } from '../github/environment-guards.ts';
import { environmentKey, type RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import type { EnvironmentDeletion } from './change.ts';
import { DEPLOYMENTS_BEFORE_DELETION } from './documents.ts';

const deployment = z.object({
  id: z.string(),
  latestEnvironment: z.string().nullable(),
  originalEnvironment: z.string().nullable(),
  latestStatus: z.object({ state: z.string() }).nullable(),
});
const answer = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      environment: z.object({ name: z.string() }).nullable(),
      deployments: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(deployment.nullable()),
      }),
    })
    .nullable(),
});

const ENDED: ReadonlySet<string> = new Set(['FAILURE', 'ERROR', 'INACTIVE']);

/**
 * What is left to do of an environment's deletion: `done` where it is gone already, `overtaken` where something has been
 * deployed to it since that was decided, or somebody has given it something that would be lost, `due` else.
 * @throws GitHubError
 */
export async function readEnvironmentDeletion(
  github: GitHubReader,
  repository: RepositoryRef,
  change: EnvironmentDeletion,
): Promise<'done' | 'overtaken' | 'due'> {
  const { environment, expect } = change;
  const known = new Set<string>(expect.deployments);
  let after: string | null = null;
  do {
    const page = await readDeployments(github, repository, { change, after });
    if (page === null) return 'overtaken';
    if (page.environment === null) return 'done';
    const { nodes, pageInfo } = page.deployments;
    for (const node of nodes) {
      const name = node?.latestEnvironment ?? node?.originalEnvironment ?? '';
      if (node === null || environmentKey(name) !== environmentKey(environment)) continue;
      if (!known.has(node.id) || !ENDED.has(node.latestStatus?.state ?? '')) return 'overtaken';
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  const guards = await readEnvironmentGuards(github, repository, environment);
  return typeof guards === 'object' && guards?.length === 0 ? 'due' : 'overtaken';
}

/** Null where another repository has the name by now. */
async function readDeployments(
  github: Pick<GitHubReader, 'query'>,
  { id, owner, name }: RepositoryRef,
  { change, after }: { readonly change: EnvironmentDeletion; readonly after: string | null },
): Promise<z.output<typeof answer>['repository']> {
  const { environment, expect } = change;
  const { data, problems } = await github.query(DEPLOYMENTS_BEFORE_DELETION, {
    owner,
    name,
    environment,
    spellings: expect.spellings,
    after,
  });
  const parsed = answer.safeParse(data);
  const problem = problems.find(({ type }) => type !== 'NOT_FOUND');
  if (!parsed.success || problem !== undefined) {
    const message = problem?.message ?? 'the answer has not the promised shape';
    throw new GitHubError({ kind: 'unavailable', status: null, operation: DEPLOYMENTS_BEFORE_DELETION.name, message });
  }
  return parsed.data.repository?.databaseId === id ? parsed.data.repository : null;
}
