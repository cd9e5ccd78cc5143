import { afterEach, expect, jest } from '@jest/globals';
import { pino } from 'pino';
import type { ApplyListener, Outcome } from '../../src/changes/apply.ts';
import type { DeploymentDeletion, StatusChange } from '../../src/changes/change.ts';
import { createGitHubClients } from '../../src/github/clients.ts';
import { connectProbot } from '../../src/github/connect.ts';
import type { RepositoryRef } from '../../src/github/ids.ts';
import { silentMeter } from '../../src/github/meter.ts';
import type { GitHub } from '../../src/github/port.ts';
import { commitSha, deploymentId, installationId, nodeId, repositoryId } from '../../src/github/trusted.ts';
import { contractChecks } from '../contract/checks.ts';
import {
  startSimulator,
  type DeploymentHandle,
  type InstallationHandle,
  type RepositoryHandle,
  type Simulator,
} from '../simulator/index.ts';

/** A GitHub with one repository, and the client of the installation on it. There is no server. */
export interface Workbench {
  readonly github: Simulator;
  readonly shop: RepositoryHandle;
  readonly installation: InstallationHandle;
  readonly client: GitHub;
  readonly repository: RepositoryRef;
}

/** The first test of a file reads GitHub's schema, which takes long on a busy machine. */
jest.setTimeout(60_000);

const started: { readonly github: Simulator; readonly assertClean: () => void }[] = [];

afterEach(async () => {
  for (const { github, assertClean } of started.splice(0)) {
    await github.stop();
    assertClean();
    expect(github.notSimulated).toEqual([]);
  }
});

/** It ends with the test, which fails where anything that was asked is not as GitHub describes it. */
export async function startWorkbench(): Promise<Workbench> {
  const { onExchange, assertClean } = contractChecks();
  const github = await startSimulator({ onExchange });
  started.push({ github, assertClean });
  github.addOwner('acme');
  const shop = github.addRepository({ owner: 'acme', name: 'shop' });
  const installation = github.install({ owner: 'acme' });
  const settings = {
    appId: github.app.id,
    privateKey: github.app.privateKey,
    webhookSecret: github.app.webhookSecret,
    baseUrl: github.enterpriseUrl,
    pacing: 'none',
  } as const;
  const connection = connectProbot({ settings, log: pino({ level: 'silent' }), meter: silentMeter });
  return {
    github,
    shop,
    installation,
    client: createGitHubClients(connection, settings).writer(
      installationId(installation.id),
      repositoryId(shop.id),
      'gate',
    ),
    repository: { id: repositoryId(shop.id), owner: 'acme', name: 'shop' },
  };
}

/** What is told, as `kind result` of each deployment or environment. */
export interface Told extends ApplyListener {
  readonly outcomes: readonly Outcome[];
  readonly refusedDispatches: readonly StatusChange[];
  /** The results of one deployment's changes. */
  of(deployment: DeploymentHandle): readonly string[];
}

export function listen(): Told {
  const outcomes: Outcome[] = [];
  const refusedDispatches: StatusChange[] = [];
  return {
    outcomes,
    refusedDispatches,
    outcome: (outcome) => void outcomes.push(outcome),
    dispatchRefused: (change) => void refusedDispatches.push(change),
    of: ({ id }) =>
      outcomes.flatMap(({ change, result }) =>
        'deployment' in change && Number(change.deployment.id) === id ? [result] : [],
      ),
  };
}

function facts(deployment: DeploymentHandle): Pick<StatusChange, 'deployment' | 'expect'> {
  const { id, nodeId: node, environment, ref, sha, state, statuses } = deployment;
  const newest = statuses.at(-1)?.nodeId;
  return {
    deployment: { id: deploymentId(id), node: nodeId(node), environment, ref, sha: commitSha(sha) },
    expect: { state, status: newest === undefined ? null : nodeId(newest) },
  };
}

/** That a deployment, as it is now, becomes inactive. */
export function ending(deployment: DeploymentHandle, more: Partial<StatusChange> = {}): StatusChange {
  const newest = deployment.statuses.at(-1);
  return {
    kind: 'deployment_status',
    ...facts(deployment),
    state: 'inactive',
    rule: 'pull_request_closed',
    reason: 'Pull request #1 is closed.',
    description: 'Pull request #1 is closed (inactivate_on: pull_request_closed)',
    environmentUrl: newest?.environmentUrl ?? null,
    logUrl: newest?.logUrl ?? null,
    teardown: null,
    ...more,
  };
}

/** That a deployment, as it is now, is deleted. */
export function deletion(deployment: DeploymentHandle): DeploymentDeletion {
  return { kind: 'delete_deployment', ...facts(deployment), rule: 'delete_after', reason: 'It ended long ago.' };
}
