import type { DeploymentHandle, PullRequestHandle } from '../../test/simulator/index.ts';
import { ENVIRONMENT } from './entries.ts';
import type { Stage } from './stage.ts';

/** What a deployment names as its ref: a branch, or a commit as Vercel does, or the test merge as Actions does. */
export type RefStyle = 'branch' | 'commit' | 'merge';

const MINUTE = 60_000;

/** Deploys a pull request once more, a minute later. It has no status so far. */
export function deploy(
  { github, shop }: Stage,
  pull: PullRequestHandle,
  { style, environment = ENVIRONMENT }: { readonly style: RefStyle; readonly environment?: string },
): DeploymentHandle {
  github.clock.advance(MINUTE);
  const ref = { branch: pull.headBranch, commit: pull.headSha, merge: `refs/pull/${pull.number}/merge` }[style];
  return shop.createDeployment({ ref, environment, transient: true, production: false });
}

/** Deploys a new commit of it. */
export function pushAndDeploy(stage: Stage, pull: PullRequestHandle, style: RefStyle): DeploymentHandle {
  pull.push();
  return deploy(stage, pull, { style });
}

export function deployTimes(count: number, deployOnce: () => DeploymentHandle): readonly DeploymentHandle[] {
  return Array.from({ length: count }, deployOnce);
}

export function setStatuses(deployments: readonly DeploymentHandle[], state: 'success' | 'inactive'): void {
  for (const deployment of deployments) deployment.setStatus(state, { environmentUrl: 'https://preview.example' });
}
