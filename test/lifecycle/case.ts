import { commitSha, deploymentId, nodeId } from '../../src/github/trusted.ts';
import type { GovernedBy } from '../../src/lifecycle/governed-by.ts';
import type { DeploymentFacts, LifecycleSnapshot, PullRequestFacts } from '../../src/lifecycle/snapshot.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The time of every case. */
export const NOW = Date.parse('2026-03-02T12:00:00Z');

/** Everything off; a case switches on what it is about. */
export const OFF: GovernedBy = {
  entry: 'review/*',
  exact: false,
  transient: false,
  oneActivePer: 'none',
  onPullRequestClosed: false,
  onRefDeleted: false,
  inactivateAfter: null,
  keepLabel: null,
  failStuckAfter: null,
  teardownWorkflow: null,
  deleteAfter: null,
  keep: 0,
  deleteEnvironment: false,
  gated: false,
};

export interface Given extends Partial<Omit<DeploymentFacts, 'id' | 'ref' | 'status' | 'createdAt'>> {
  readonly id?: number;
  /** How long ago it was created, and got its newest status; milliseconds. `status: null`: it has none. */
  readonly created?: number;
  readonly status?: number | null;
  readonly ref?: DeploymentFacts['ref'];
}

/** A transient, active deployment of `feature`, a day old, of no pull request. */
export function deployment(given: Given = {}): DeploymentFacts {
  const { id = 1, created = DAY, status = created, state = 'success', ...rest } = given;
  return {
    environment: 'review/feature',
    sha: commitSha('a'.repeat(40)),
    ref: { kind: 'named', name: 'feature', gone: false },
    transient: true,
    production: false,
    pullRequests: [],
    waitsForGate: state === 'waiting',
    ...rest,
    id: deploymentId(id),
    node: nodeId(`D_${id}`),
    createdAt: NOW - created,
    state,
    status:
      status === null
        ? null
        : {
            node: nodeId(`DS_${id}`),
            createdAt: NOW - status,
            environmentUrl: 'https://preview.example',
            logUrl: null,
          },
  };
}

export function pullRequest(
  number: number,
  state: 'open' | 'closed',
  labels: readonly string[] = [],
): PullRequestFacts {
  return { number, open: state === 'open', labels };
}

export function snapshot(
  deployments: readonly DeploymentFacts[],
  given: Partial<LifecycleSnapshot> = {},
): LifecycleSnapshot {
  return {
    defaultBranch: 'main',
    environment: 'review/feature',
    environmentName: 'review/feature',
    guards: [],
    complete: true,
    deployments,
    ...given,
  };
}
