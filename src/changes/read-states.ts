import { z } from 'zod';
import type { NodeId } from '../github/ids.ts';
import { GitHubError, type GitHubReader } from '../github/port.ts';
import { DEPLOYMENT_STATES, MOST_NODES } from './documents.ts';
import type { DeploymentDeletion, StatusChange } from './change.ts';

/** How a deployment stands when it is looked at again before or after a write. Null: it is gone. */
export type CurrentState = { readonly state: string; readonly status: string | null } | null;

const states = z.array(
  z
    .object({ id: z.string(), latestStatus: z.object({ id: z.string(), state: z.string() }).nullable() })
    .partial()
    .nullable(),
);
const answer = z.object({ first: states, second: states });

/** So many deployments are read in one request. */
export const MOST_STATES = 2 * MOST_NODES;

/**
 * Reads how deployments stand now. What GitHub does not answer for is gone.
 * @throws GitHubError
 */
export async function readStates(
  github: Pick<GitHubReader, 'query'>,
  deployments: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, CurrentState>> {
  const found = new Map<NodeId, CurrentState>();
  for (let from = 0; from < deployments.length; from += MOST_STATES) {
    const some = deployments.slice(from, from + MOST_STATES);
    const { data, problems } = await github.query(DEPLOYMENT_STATES, {
      first: some.slice(0, MOST_NODES),
      second: some.slice(MOST_NODES),
    });
    const parsed = answer.safeParse(data);
    const unexplained = problems.some(({ type }) => type !== 'NOT_FOUND');
    if (!parsed.success || unexplained) {
      const message = problems[0]?.message ?? 'the answer has not the promised shape';
      throw new GitHubError({ kind: 'unavailable', status: null, operation: DEPLOYMENT_STATES.name, message });
    }
    const all = new Map([...parsed.data.first, ...parsed.data.second].map((node) => [node?.id, node]));
    for (const id of some) {
      const node = all.get(id);
      const status = node?.latestStatus ?? null;
      found.set(id, node ? { state: status?.state.toLowerCase() ?? 'pending', status: status?.id ?? null } : null);
    }
  }
  return found;
}

export type DeploymentChange = StatusChange | DeploymentDeletion;

/**
 * What is left to do of a change: `done` where it is so already, `overtaken` where the deployment no longer looks
 * like what the change was decided from, `due` else.
 */
export function compareWithExpected(change: DeploymentChange, current: CurrentState): 'done' | 'overtaken' | 'due' {
  if (current === null) return change.kind === 'delete_deployment' ? 'done' : 'overtaken';
  if (change.kind === 'deployment_status' && current.state === change.state) return 'done';
  const asExpected = current.state === change.expect.state && current.status === change.expect.status;
  return asExpected ? 'due' : 'overtaken';
}
