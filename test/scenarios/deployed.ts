import type { NewDeployment } from '../simulator/handles/repository.ts';
import type { DeploymentHandle, RepositoryHandle } from '../simulator/index.ts';

/** A transient deployment that has succeeded, without GitHub ending others of its own accord. Who says nothing gets `review/` and the ref as its environment. */
export function deployed(
  repository: RepositoryHandle,
  given: Partial<NewDeployment> & { readonly ref: string },
): DeploymentHandle {
  const deployment = started(repository, given);
  deployment.setStatus('success', { autoInactive: false, environmentUrl: `https://${String(deployment.id)}.example` });
  return deployment;
}

/** The same without a status so far. */
export function started(
  repository: RepositoryHandle,
  given: Partial<NewDeployment> & { readonly ref: string },
): DeploymentHandle {
  return repository.createDeployment({ environment: `review/${given.ref}`, transient: true, ...given });
}

/** Their states, to be compared at once. */
export function states(...deployments: readonly DeploymentHandle[]): readonly string[] {
  return deployments.map(({ state, exists }) => (exists ? state : 'deleted'));
}

/** A policy with one entry. JSON is YAML. */
export function policyFor(name: string, lifecycle?: object, more: object = {}): string {
  return JSON.stringify({
    version: 1,
    environments: [{ name, ...(lifecycle === undefined ? {} : { lifecycle }) }],
    ...more,
  });
}

/** An environment for each pull request, over once that is closed. */
export const REVIEW = policyFor('review/*', {
  transient: true,
  one_active_per: 'environment',
  inactivate_on: ['pull_request_closed', 'ref_deleted'],
});
