import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import type { ApplyListener } from './apply.ts';
import { isFinal } from './final.ts';
import type { DeploymentChange } from './read-states.ts';

interface Context {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  readonly listener: Pick<ApplyListener, 'dispatchRefused'>;
}

/** Which changes of a batch may be written, and what kept the others back. */
interface Dispatched {
  readonly ready: readonly DeploymentChange[];
  readonly dispatched: number;
  readonly failure: GitHubError | null;
}

/**
 * Dispatches what tears the batch's deployments down, before their statuses are written: so at least once, and perhaps
 * twice. A refusal is told and does not hold the status up; an outage holds up those that come after it.
 */
export async function dispatchTeardowns(
  { github, repository, listener }: Context,
  batch: readonly DeploymentChange[],
): Promise<Dispatched> {
  const ready: DeploymentChange[] = [];
  let dispatched = 0;
  for (const change of batch) {
    if (change.kind === 'deployment_status' && change.teardown !== null) {
      const { workflow, ref, inputs } = change.teardown;
      try {
        await github.send('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
          owner: repository.owner,
          repo: repository.name,
          workflow_id: workflow,
          ref,
          inputs,
        });
        dispatched += 1;
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        if (!isFinal(error)) return { ready, dispatched, failure: error };
        listener.dispatchRefused(change, error.message);
      }
    }
    ready.push(change);
  }
  return { ready, dispatched, failure: null };
}
