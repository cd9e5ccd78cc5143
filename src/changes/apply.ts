import type { RepositoryRef } from '../github/ids.ts';
import { GitHubError, type GitHub, type GraphqlProblem } from '../github/port.ts';
import type { FindingCode } from '../reports/reason-codes.ts';
import type { Change, CheckRunChange, EnvironmentDeletion, StatusChange } from './change.ts';
import { applyDeployKeys } from './apply-deploy-keys.ts';
import { applyGates } from './apply-gates.ts';
import { isDeployKeyChange } from './deploy-key-change.ts';
import { isGateChange } from './gate-change.ts';
import { createStatusesDocument, deleteDeploymentsDocument, MOST_MUTATIONS } from './documents.ts';
import { writeCheckRun } from './apply-check-run.ts';
import { dispatchTeardowns } from './apply-teardowns.ts';
import { isFinal } from './final.ts';
import { applyProtection } from './apply-protection.ts';
import { isProtectionChange, type ProtectionKey } from './protection-change.ts';
import { readEnvironmentDeletion } from './read-environment.ts';
import { compareWithExpected, MOST_STATES, readStates, type DeploymentChange } from './read-states.ts';

/** What became of a change. */
export type Outcome =
  | {
      readonly change: Change;
      readonly result: 'applied';
      /** The number of the check run that was written. */
      readonly checkRun?: number;
    }
  /** It was so already, or the deployment has changed since the change was decided: nothing was written. */
  | { readonly change: Change; readonly result: 'already' | 'overtaken' }
  /** GitHub said no, and will again. */
  | {
      readonly change: Change;
      readonly result: 'refused';
      readonly detail: string;
      /** What kind of no it is, where that is known. */
      readonly code?: FindingCode;
      /** It was no answer of GitHub's, or none that lasts: it can be tried again. */
      readonly isPassing?: boolean;
      /** The keys of `protection` that a plan or a permission does not allow in this repository at all. */
      readonly notAllowed?: readonly ProtectionKey[];
    };

/** Told as it happens, so that what was done is known even where a later write fails. */
export interface ApplyListener {
  outcome(outcome: Outcome): void;
  /** A teardown workflow that GitHub would not dispatch; its status is written all the same. */
  dispatchRefused(change: StatusChange, detail: string): void;
}

/**
 * After so many requests the rest is read again before it is written: at Octokit's pace of one write a second, what
 * was decided from is ten seconds old by then.
 */
const REQUESTS_BETWEEN_READS = 10;

/**
 * Carries changes out, in the order given within their kind: environments that go, then statuses, then deletions, then
 * protection, then deploy keys, then check runs, then what gates answer. Each at most once: a change whose deployment or environment no longer
 * looks as expected is left, and a write whose answer was lost is looked at before it is sent again.
 * @throws GitHubError where GitHub is unavailable or asks to wait; what was done until then was told to the listener.
 */
export async function applyChanges(
  github: GitHub,
  repository: RepositoryRef,
  { changes, listener }: { readonly changes: readonly Change[]; readonly listener: ApplyListener },
): Promise<void> {
  const statuses = changes.filter((change) => change.kind === 'deployment_status');
  const deletions = changes.filter((change) => change.kind === 'delete_deployment');
  const environments = changes.filter((change) => change.kind === 'delete_environment');
  const context = { github, repository, listener };
  // What was decided from the end of everything in an environment is done first: nothing has begun there since.
  for (const change of environments) await deleteEnvironment(context, change);
  await applyInBatches(context, statuses);
  await applyInBatches(context, deletions);
  await applyProtection(
    context,
    changes.filter((change) => isProtectionChange(change)),
  );
  await applyDeployKeys(context, {
    changes: changes.filter(isDeployKeyChange),
    outcome: (change, outcome) => {
      listener.outcome({ change, ...outcome });
    },
  });
  for (const change of changes) if (change.kind === 'check_run') await applyCheckRun(context, change);
  await applyGates(github, repository, {
    changes: changes.filter(isGateChange),
    outcome: (change, outcome) => {
      listener.outcome({ change, ...outcome });
    },
  });
}

interface Context {
  readonly github: GitHub;
  readonly repository: RepositoryRef;
  readonly listener: ApplyListener;
}

async function applyInBatches(context: Context, changes: readonly DeploymentChange[]): Promise<void> {
  let due = changes;
  for (let requests = 0; due.length > 0; requests += 1) {
    if (requests > 0 && requests % REQUESTS_BETWEEN_READS === 0) {
      const again = await stillDue(context, due.slice(0, MOST_STATES));
      due = [...again, ...due.slice(MOST_STATES)];
    }
    const batch = due.slice(0, MOST_MUTATIONS);
    due = due.slice(MOST_MUTATIONS);
    if (batch.length > 0) await applyBatch(context, batch);
  }
}

/** Reads again, tells of what needs no write any more, and gives back the rest. */
async function stillDue(
  { github, listener }: Context,
  changes: readonly DeploymentChange[],
): Promise<readonly DeploymentChange[]> {
  const states = await readStates(
    github,
    changes.map(({ deployment }) => deployment.node),
  );
  return changes.filter((change) => {
    const left = compareWithExpected(change, states.get(change.deployment.node) ?? null);
    if (left !== 'due') listener.outcome({ change, result: left === 'done' ? 'already' : 'overtaken' });
    return left === 'due';
  });
}

async function applyBatch(context: Context, changes: readonly DeploymentChange[]): Promise<void> {
  const { ready, dispatched, failure } = await dispatchTeardowns(context, changes);
  // A teardown takes its time, and may set the status itself.
  await writeBatch(context, dispatched > 0 ? await stillDue(context, ready) : ready);
  if (failure !== null) throw failure;
}

async function writeBatch(context: Context, batch: readonly DeploymentChange[]): Promise<void> {
  if (batch.length === 0) return;
  const first = await mutateAll(context, batch);
  if (first.left.length === 0) return;
  const due = await lookAgain(context, first.left);
  if (due.length === 0) return;
  if (first.why === 'refused') {
    for (const change of due) await applyOne(context, change);
    return;
  }
  const second = await mutateAll(context, due);
  if (second.left.length === 0) return;
  const lost = await lookAgain(context, second.left);
  for (const change of lost) await applyOne(context, change);
}

/** After a write whose outcome nobody knows: tells what was carried out after all, and gives back what was not. */
async function lookAgain(
  { github, listener }: Context,
  changes: readonly DeploymentChange[],
): Promise<readonly DeploymentChange[]> {
  const states = await readStates(
    github,
    changes.map(({ deployment }) => deployment.node),
  );
  return changes.filter((change) => {
    const left = compareWithExpected(change, states.get(change.deployment.node) ?? null);
    if (left !== 'due') listener.outcome({ change, result: left === 'done' ? 'applied' : 'overtaken' });
    return left === 'due';
  });
}

/** What a batched write left, and whether GitHub refused it or nobody knows. */
interface Unanswered {
  readonly left: readonly DeploymentChange[];
  readonly why: 'refused' | 'lost';
}

/** Sends one request for the batch; gives back those that were not surely carried out. */
async function mutateAll({ github, listener }: Context, batch: readonly DeploymentChange[]): Promise<Unanswered> {
  const document = batch.some(({ kind }) => kind === 'deployment_status')
    ? createStatusesDocument(batch.length)
    : deleteDeploymentsDocument(batch.length);
  const variables = Object.fromEntries(batch.map((change, i) => [`i${i}`, mutationInput(change)]));
  let answer;
  try {
    answer = await github.mutate<Readonly<Record<string, object | null>>>(document, variables);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.kind === 'lost' || error.kind === 'refused') return { left: batch, why: error.kind };
    if (!isFinal(error)) throw error;
    // The token for it was not to be had: what the installation may not do it may not do one by one either.
    for (const change of batch) listener.outcome({ change, result: 'refused', detail: error.message });
    return { left: [], why: 'refused' };
  }
  const { data, problems } = answer;
  const failed = new Set(problems.map(aliasOf));
  const left = batch.filter((change, i) => {
    const applied = Boolean(data?.[`m${i}`]) && !failed.has(`m${i}`);
    if (applied) listener.outcome({ change, result: 'applied' });
    return !applied;
  });
  return { left, why: 'refused' };
}

function aliasOf({ path }: GraphqlProblem): string {
  return String(path?.[0]);
}

function mutationInput(change: DeploymentChange): Readonly<Record<string, unknown>> {
  if (change.kind === 'delete_deployment') return { id: change.deployment.node };
  return {
    deploymentId: change.deployment.node,
    state: change.state.toUpperCase(),
    description: change.description,
    environmentUrl: change.environmentUrl ?? '',
    logUrl: change.logUrl ?? '',
    // Not `environment`: naming it would move the deployment.
    autoInactive: false,
  };
}

/**
 * GraphQL would not: REST does it, or says why not. A response that is lost here is left to the next look at the
 * environment, which reads how things stand.
 */
async function applyOne({ github, repository, listener }: Context, change: DeploymentChange): Promise<void> {
  const place = { owner: repository.owner, repo: repository.name, deployment_id: change.deployment.id };
  try {
    if (change.kind === 'delete_deployment') {
      await github.send('DELETE /repos/{owner}/{repo}/deployments/{deployment_id}', place);
    } else {
      await github.send('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
        ...place,
        state: change.state,
        description: change.description,
        environment_url: change.environmentUrl ?? '',
        log_url: change.logUrl ?? '',
        auto_inactive: false,
      });
    }
    listener.outcome({ change, result: 'applied' });
  } catch (error) {
    listener.outcome({ change, result: 'refused', detail: refusal(error) });
  }
}

async function deleteEnvironment(
  { github, repository, listener }: Context,
  change: EnvironmentDeletion,
): Promise<void> {
  // With it goes what nobody can bring back.
  const left = await readEnvironmentDeletion(github, repository, change);
  if (left !== 'due') {
    listener.outcome({ change, result: left === 'done' ? 'already' : 'overtaken' });
    return;
  }
  try {
    await github.send('DELETE /repos/{owner}/{repo}/environments/{environment_name}', {
      owner: repository.owner,
      repo: repository.name,
      environment_name: change.environment,
    });
    listener.outcome({ change, result: 'applied' });
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'not_found') {
      listener.outcome({ change, result: 'already' });
      return;
    }
    const detail = refusal(error);
    const isDenied = error instanceof GitHubError && error.kind === 'forbidden';
    const code = isDenied ? ({ code: 'environment_deletion_denied' } as const) : {};
    listener.outcome({ change, result: 'refused', detail, ...code });
  }
}

async function applyCheckRun({ github, repository, listener }: Context, change: CheckRunChange): Promise<void> {
  try {
    const checkRun = await writeCheckRun(github, repository, change);
    listener.outcome({ change, result: 'applied', checkRun });
  } catch (error) {
    listener.outcome({ change, result: 'refused', detail: refusal(error) });
  }
}

/** @throws what is not GitHub's final no: an outage, a limit, or an error of ours. */
function refusal(error: unknown): string {
  if (!(error instanceof GitHubError)) throw error;
  if (isFinal(error)) return error.message;
  throw error;
}
