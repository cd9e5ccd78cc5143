import { applyChanges, type ApplyListener, type Outcome } from '../changes/apply.ts';
import type { Change } from '../changes/change.ts';
import { isDeployKeyChange, type DeployKeyChange } from '../changes/deploy-key-change.ts';
import { count, NOTHING, withinLimits, type Amounts } from '../changes/limits.ts';
import { deniedDeletion } from '../lifecycle/denied-deletion.ts';
import type { Policy } from '../policy/schema.ts';
import type { Logger } from '../logging.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { eachKind } from './brakes.ts';
import { describeJob, type Job } from './job.ts';
import { logOutcomes, logWouldChange } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { writerFor } from './writer-for.ts';

/**
 * The last step: makes the changes, within the policy's limits, or only tells of them where the policy or the server
 * says so. What kept it from a change is added to `findings`, also where it then fails. Resolves to how many were made.
 * @throws GitHubError
 */
export async function act(
  context: JobContext,
  work: {
    readonly job: Job;
    readonly policy: Policy;
    readonly changes: readonly Change[];
    readonly log: Logger;
    readonly findings: ActFindings;
    /** What was made is added to it, also where something later fails. */
    readonly made?: Change[];
    /** Told of what became of each change of a deploy key, in the place of `findings`. */
    readonly deployKeyOutcome?: (change: DeployKeyChange, outcome: Outcome) => void;
  },
): Promise<number> {
  const { job, policy, changes, log, findings } = work;
  if (changes.length === 0) return 0;
  if (policy.mode === 'report' || context.observeOnly) {
    for (const change of changes) logWouldChange(log, change);
    return 0;
  }
  // Taken before anything is waited for: jobs of other environments run beside this one and share the limits.
  const reserved = await reserve(context, job, { policy, wanted: count(changes) });
  const { now, later } = withinLimits(changes, reserved);
  if (later.inactivate + later.delete > 0) {
    const message = `${later.inactivate} endings and ${later.delete} deletions are over the policy's limits; they wait for the next sweep.`;
    findings.standing.push({ code: 'limit_reached', message });
  }
  if (later.keys > 0) {
    const message = `${later.keys} changes of deploy keys are over the policy's limits; they wait for the next sweep.`;
    findings.standing.push({ code: 'limit_reached', message });
  }
  const applied: Change[] = [];
  const told = logOutcomes(log);
  const listener: ApplyListener = {
    outcome(outcome) {
      told.outcome(outcome);
      const { change } = outcome;
      if (isDeployKeyChange(change)) work.deployKeyOutcome?.(change, outcome);
      else if (outcome.result === 'refused') {
        if (outcome.code === 'environment_deletion_denied') findings.standing.push(deniedDeletion('administration'));
        else findings.happened.push(refusedFinding(change, outcome.detail));
      }
      if (outcome.result !== 'applied') return;
      applied.push(change);
      work.made?.push(change);
      context.metrics.changes.inc({ kind: change.kind });
    },
    dispatchRefused: (change, detail) => {
      told.dispatchRefused(change, detail);
      const { deployment, teardown } = change;
      const message = `GitHub would not dispatch ${teardown?.workflow ?? 'the workflow'}: ${detail}`;
      findings.happened.push({
        code: 'dispatch_refused',
        environment: deployment.environment,
        deployment: deployment.id,
        message,
      });
    },
  };
  try {
    await applyChanges(writerFor(context, job), job.repository, {
      changes: now,
      listener,
    });
  } finally {
    const made = count(applied);
    await giveBack(
      context,
      job,
      eachKind((kind) => reserved[kind] - made[kind]),
    );
  }
  return applied.length;
}

/** What kept the app from changing something: what holds as long as it is found, and what happened once. */
export interface ActFindings {
  readonly standing: Finding[];
  readonly happened: Finding[];
}

function refusedFinding(change: Exclude<Change, DeployKeyChange>, detail: string): Finding {
  const message = `GitHub refused a change (${change.rule}): ${detail}`;
  switch (change.kind) {
    case 'deployment_status':
    case 'gate_status':
    case 'delete_deployment': {
      const { id, environment } = change.deployment;
      return { code: 'change_refused', environment, deployment: id, message };
    }
    case 'delete_environment':
    case 'answer_protection_rule':
    case 'create_deployment':
    case 'create_environment':
    case 'environment_setting':
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
    case 'enable_custom_rule':
    case 'set_variable':
      return { code: 'change_refused', environment: change.environment, message };
    case 'check_run':
      return { code: 'change_refused', message };
  }
}

/**
 * What of the changes may be made. A run on a repository is all that happens between two sweeps: many small jobs must
 * not add up to a large one.
 * @throws where it cannot be known what others have done.
 */
function reserve(
  { brakes, sweeps }: JobContext,
  job: Job,
  { policy, wanted }: { readonly policy: Policy; readonly wanted: Amounts },
): Promise<Amounts> {
  const { limits } = policy;
  const isNothing = wanted.inactivate + wanted.delete + wanted.keys === 0;
  if (isNothing || !sweeps) return Promise.resolve(isNothing ? NOTHING : limits);
  return brakes.take(job, { wanted, limits });
}

/** What is not given back counts as used until the next sweep: that is no reason to make a job fail that is done. */
async function giveBack({ brakes, sweeps, log }: JobContext, job: Job, unused: Amounts): Promise<void> {
  if (!sweeps || unused.inactivate + unused.delete + unused.keys === 0) return;
  await brakes.giveBack(job, unused).catch((error: unknown) => {
    log.debug({ ...describeJob(job), err: error }, 'what was not used of the limits counts until the next sweep');
  });
}
