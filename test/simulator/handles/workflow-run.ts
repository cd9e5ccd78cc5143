import type { CheckConclusion, CheckStatus, ProtectionReport, Repository, WorkflowRun } from '../state/model.ts';
import { addWorkflowRun, completeWorkflowRun, startNextJob, waitForOthers } from '../state/workflow-runs.ts';
import { account } from '../state/accounts.ts';
import type { World } from '../state/world.ts';
import { deploymentHandle, type DeploymentHandle } from './deployment.ts';

export interface NewWorkflowRun {
  /** Default `deploy.yml`. */
  readonly workflow?: string;
  readonly branch?: string;
  /** Default the branch's head. */
  readonly sha?: string;
  readonly event?: string;
  /** Who started the first attempt. */
  readonly actor?: string;
  /** Who started the latest one; default the same. */
  readonly triggeringActor?: string;
  readonly attempt?: number;
  /** What its jobs deploy to: each is a job `deploy (name)`. */
  readonly environments?: readonly string[];
  /** Names of its other jobs. */
  readonly jobs?: readonly string[];
}

export interface WorkflowRunHandle {
  readonly id: number;
  readonly sha: string;
  readonly status: CheckStatus;
  readonly conclusion: CheckConclusion | null;
  /** Environments, in lower case, that wait for rules. */
  readonly pending: readonly string[];
  /** What apps said, in order. */
  readonly reports: readonly ProtectionReport[];
  readonly raw: WorkflowRun;
  deployment(environment: string): DeploymentHandle;
  /** Ends the job that deployed to an environment, and starts the next one that deploys to the same. */
  startNextJob(environment: string): void;
  /** Has the job that deploys to an environment wait for somebody else, whatever apps have said. */
  waitForOthers(environment: string): void;
  /** Ends it with its jobs and deployments. */
  complete(conclusion?: CheckConclusion): void;
  /** Cancels it while it waits: GitHub says so of the run, and nothing of its deployments. */
  cancelQuietly(): void;
}

export function addWorkflowRunTo(
  world: World,
  repository: Repository,
  options: NewWorkflowRun & { sha: string; branch: string },
): WorkflowRunHandle {
  const actor = account(world, options.actor ?? 'octocat');
  const run = addWorkflowRun(world, repository, {
    workflow: options.workflow ?? 'deploy.yml',
    branch: options.branch,
    sha: options.sha,
    event: options.event ?? 'push',
    actor,
    triggeringActor: options.triggeringActor === undefined ? actor : account(world, options.triggeringActor),
    attempt: options.attempt ?? 1,
    environments: options.environments ?? [],
    jobs: options.jobs ?? [],
  });
  return workflowRunHandle(world, run);
}

export function workflowRunHandle(world: World, run: WorkflowRun): WorkflowRunHandle {
  return {
    id: run.id,
    sha: run.sha,
    raw: run,
    get status() {
      return run.status;
    },
    get conclusion() {
      return run.conclusion;
    },
    get pending() {
      return [...run.pending.keys()];
    },
    get reports() {
      return run.reports;
    },
    deployment(environment) {
      const deployment = run.deployments.get(environment.toLowerCase());
      if (deployment === undefined) throw new Error(`The run does not deploy to ${environment}`);
      return deploymentHandle(world, deployment);
    },
    startNextJob: (environment) => {
      startNextJob(world, run, environment);
    },
    waitForOthers: (environment) => {
      waitForOthers(world, run, environment);
    },
    complete: (conclusion = 'success') => {
      completeWorkflowRun(world, run, conclusion);
    },
    cancelQuietly: () => {
      completeWorkflowRun(world, run, 'cancelled', 'quietly');
    },
  };
}
