import { environmentKey, type DeploymentId, type RepositoryRef } from '../github/ids.ts';
import { getAll } from '../github/pages.ts';
import { GitHubError, type GitHub } from '../github/port.ts';
import { deploymentId } from '../github/trusted.ts';
import { isFinal } from './final.ts';
import type { DeploymentCreation } from './gate-change.ts';

type Created = { readonly result: 'applied' | 'already' } | { readonly result: 'refused'; readonly detail: string };

/**
 * Creates a deployment of a commit by its ref. A ref may move, or be a branch and a tag at once, until GitHub looks it
 * up: what was created of another commit is ended, saying so, and the commit deployed by itself.
 * @throws GitHubError where it is not known what became of it: the next look finds out
 */
export async function createDeployment(
  github: GitHub,
  repository: RepositoryRef,
  change: DeploymentCreation,
): Promise<Created> {
  const place = { github, repository, change };
  try {
    for (const id of change.strays.standing) await endStray(place, id);
    if (await isDeployed(place)) return { result: 'already' };
    const created = await create(place, change.ref);
    if (created === null || created.sha === change.sha) return { result: 'applied' };
    await endStray(place, created.id);
    await create(place, change.sha);
    return { result: 'applied' };
  } catch (error) {
    if (error instanceof GitHubError && isFinal(error)) return { result: 'refused', detail: error.message };
    throw error;
  }
}

interface Place {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  readonly change: DeploymentCreation;
}

/** Null where the answer was lost, and the commit is deployed. */
async function create(place: Place, ref: string): Promise<{ readonly id: DeploymentId; readonly sha: string } | null> {
  const { github, repository, change } = place;
  try {
    const answer = await github.send('POST /repos/{owner}/{repo}/deployments', {
      owner: repository.owner,
      repo: repository.name,
      ref,
      environment: change.environment,
      task: change.task,
      payload: change.payload,
      description: change.description,
      auto_merge: false,
      required_contexts: [],
    });
    // 202 says that GitHub has merged something first, which it was told not to.
    if (!('sha' in answer)) return null;
    return { id: deploymentId(answer.id), sha: answer.sha };
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'lost' && (await isDeployed(place))) return null;
    throw error;
  }
}

/** Ends what was created of another commit. Said twice, it has ended all the same. */
async function endStray({ github, repository, change }: Place, id: DeploymentId): Promise<void> {
  await github.send('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    owner: repository.owner,
    repo: repository.name,
    deployment_id: id,
    state: 'error',
    description: `Not the commit that was promoted: the ref moved meanwhile. ${change.sha.slice(0, 12)} is deployed instead.`,
    auto_inactive: false,
  });
}

/** The environment is compared here: GitHub's filter minds its case. */
async function isDeployed({ github, repository, change }: Place): Promise<boolean> {
  const there = await getAll(
    github,
    'GET /repos/{owner}/{repo}/deployments',
    { owner: repository.owner, repo: repository.name, sha: change.sha },
    { items: (data) => data },
  );
  const key = environmentKey(change.environment);
  return there.some(
    ({ id, environment, original_environment }) =>
      !change.strays.ended.includes(deploymentId(id)) &&
      (environmentKey(environment) === key || environmentKey(original_environment ?? '') === key),
  );
}
