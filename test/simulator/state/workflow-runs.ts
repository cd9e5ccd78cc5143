import { addCheckRun, addSuite, updateCheckRun } from './checks.ts';
import { addDeployment, addDeploymentStatus } from './deployments.ts';
import { findEnvironment } from './environments.ts';
import type {
  Account,
  CheckConclusion,
  CheckRun,
  Deployment,
  ProtectionReport,
  Repository,
  WorkflowRun,
} from './model.ts';
import { account, addApp, nodeId } from './accounts.ts';
import { fullNameOf } from './repositories.ts';
import type { World } from './world.ts';

export interface NewWorkflowRun {
  /** A file below `.github/workflows/`. */
  readonly workflow: string;
  readonly branch: string;
  readonly sha: string;
  readonly event: string;
  readonly actor: Account;
  readonly triggeringActor: Account;
  readonly attempt: number;
  /** Environments that its jobs deploy to. */
  readonly environments: readonly string[];
  readonly jobs: readonly string[];
}

/** The number of a workflow file. */
export function workflowId(world: World, repository: Repository, workflow: string): number {
  const id = repository.workflowIds.get(workflow) ?? world.nextId('workflow');
  repository.workflowIds.set(workflow, id);
  return id;
}

/**
 * Starts a run of Actions: a check run for each job, a deployment for each environment. A job whose environment has
 * rules of apps waits, and the apps are asked.
 */
export function addWorkflowRun(world: World, repository: Repository, options: NewWorkflowRun): WorkflowRun {
  const actions = addApp(world, { slug: 'github-actions' });
  const now = world.clock.now();
  const id = world.nextId('run');
  const suite = addSuite(world, repository, { app: actions, sha: options.sha });
  const run: WorkflowRun = {
    id,
    nodeId: nodeId('WFR', id),
    repository,
    workflow: options.workflow,
    sha: options.sha,
    branch: options.branch,
    event: options.event,
    actor: options.actor,
    triggeringActor: options.triggeringActor,
    attempt: options.attempt,
    number: repository.workflowRuns.size + 1,
    suite,
    status: 'in_progress',
    conclusion: null,
    deployments: new Map(),
    pending: new Map(),
    reports: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.workflowRuns.set(id, run);
  workflowId(world, repository, options.workflow);
  const job = (name: string, status: 'waiting' | 'in_progress') =>
    addCheckRun(world, repository, { app: actions, sha: run.sha, name, status, suite, workflowRunId: id });
  for (const name of options.jobs) job(name, 'in_progress');
  for (const name of options.environments) startEnvironment(world, run, { name, job });
  if (run.pending.size > 0) run.status = 'waiting';
  return run;
}

function startEnvironment(
  world: World,
  run: WorkflowRun,
  { name, job }: { readonly name: string; readonly job: (name: string, status: 'waiting' | 'in_progress') => CheckRun },
): void {
  const bot = account(world, 'github-actions[bot]', 'Bot');
  const app = world.apps.get('github-actions') ?? null;
  const environment = findEnvironment(run.repository, name);
  const rules = [...(environment?.customRules.values() ?? [])].filter((rule) => rule.enabled);
  const waits = rules.length > 0;
  const check = job(`deploy (${name})`, waits ? 'waiting' : 'in_progress');
  const deployment = addDeployment(world, run.repository, {
    sha: run.sha,
    ref: run.branch,
    environment: name,
    description: '',
    creator: bot,
    viaApp: app,
  });
  check.deployment = deployment;
  run.deployments.set(name.toLowerCase(), deployment);
  world.emit({ name: 'deployment', deployment, run, sender: run.triggeringActor });
  setState(world, run, { deployment, state: waits ? 'waiting' : 'in_progress' });
  if (!waits) return;
  run.pending.set(name.toLowerCase(), deployment);
  if (!rules.some((rule) => rule.app === world.app)) return;
  world.emit({ name: 'deployment_protection_rule', environment: name, deployment, run, sender: run.triggeringActor });
}

/** Ends the job that deployed to an environment, and starts the next one that deploys to the same. */
export function startNextJob(world: World, run: WorkflowRun, name: string): void {
  const before = run.deployments.get(name.toLowerCase());
  if (before !== undefined) setState(world, run, { deployment: before, state: 'success' });
  startEnvironment(world, run, {
    name,
    job: (job, status) =>
      addCheckRun(world, run.repository, {
        app: addApp(world, { slug: 'github-actions' }),
        sha: run.sha,
        name: job,
        status,
        suite: run.suite,
        workflowRunId: run.id,
      }),
  });
  if (run.pending.size > 0) run.status = 'waiting';
}

/** Has a job wait, whatever apps have said of it: for somebody's review, say. */
export function waitForOthers(world: World, run: WorkflowRun, name: string): void {
  const deployment = run.deployments.get(name.toLowerCase());
  if (deployment === undefined) throw new Error(`The run does not deploy to ${name}`);
  run.pending.set(name.toLowerCase(), deployment);
  run.status = 'waiting';
  setState(world, run, { deployment, state: 'waiting' });
}

/** What Actions says of a deployment leads to the log of the run. */
function setState(
  world: World,
  run: WorkflowRun,
  said: { readonly deployment: Deployment; readonly state: 'waiting' | 'in_progress' | 'failure' | 'success' },
): void {
  const bot = account(world, 'github-actions[bot]', 'Bot');
  const status = addDeploymentStatus(world, said.deployment, {
    state: said.state,
    logUrl: `https://github.com/${fullNameOf(run.repository)}/actions/runs/${run.id}/job/${run.suite.runs.at(-1)?.id ?? 0}`,
    creator: bot,
    viaApp: world.apps.get('github-actions'),
  });
  world.emit({ name: 'deployment_status', status, sender: bot });
}

/** What an app has to say about an environment's job; with a state, that is its decision. */
export function reportOnRule(world: World, run: WorkflowRun, report: ProtectionReport): void {
  run.reports.push(report);
  run.updatedAt = world.clock.now();
  const key = report.environment.toLowerCase();
  const deployment = run.pending.get(key);
  if (report.state === null || deployment === undefined) return;
  run.pending.delete(key);
  const rejected = report.state === 'rejected';
  setState(world, run, { deployment, state: rejected ? 'failure' : 'in_progress' });
  for (const check of run.suite.runs) {
    if (check.name.toLowerCase() !== `deploy (${key})`) continue;
    updateCheckRun(world, check, rejected ? { conclusion: 'failure' } : { status: 'in_progress' });
  }
  if (rejected) completeWorkflowRun(world, run, 'failure');
  else if (run.pending.size === 0) run.status = 'in_progress';
}

/** Ends a run with its jobs; deployments that have started end with it. */
export function completeWorkflowRun(
  world: World,
  run: WorkflowRun,
  conclusion: CheckConclusion,
  how: 'with its deployments' | 'quietly' = 'with its deployments',
): void {
  if (run.status === 'completed') return;
  run.status = 'completed';
  run.conclusion = conclusion;
  run.updatedAt = world.clock.now();
  run.pending.clear();
  for (const check of run.suite.runs) {
    if (check.status !== 'completed') updateCheckRun(world, check, { conclusion });
  }
  if (how === 'quietly') return;
  for (const deployment of run.deployments.values()) {
    const state = deployment.statuses.at(-1)?.state;
    if (state !== 'in_progress' && state !== 'waiting') continue;
    setState(world, run, { deployment, state: conclusion === 'success' ? 'success' : 'failure' });
  }
}
