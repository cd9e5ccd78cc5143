import type { ApplyListener, Outcome } from '../changes/apply.ts';
import type { Change } from '../changes/change.ts';
import { keyOfChange } from '../changes/deploy-key-change.ts';
import { fullName } from '../github/ids.ts';
import type { Logger } from '../logging.ts';
import { describeProtectionChange, withoutValues } from '../reports/protection-lines.ts';
import type { Finding } from '../reports/reason-codes.ts';
import type { Job } from './job.ts';

/** A log whose lines say which job they belong to. */
export function jobLog(log: Logger, job: Job): Logger {
  return log.child({
    installation: job.installation,
    repository: fullName(job.repository),
    ...(job.deliveries === undefined ? {} : { delivery: job.deliveries.at(-1) }),
  });
}

/** One line a change that is only told, because the policy or the server is told to write nothing. */
export function logWouldChange(log: Logger, change: Change): void {
  log.info(changeFields(change), 'Would change');
}

export function logFinding(log: Logger, finding: Finding): void {
  const { code, message, logMessage = message, environment, deployment } = finding;
  log.warn({ code, environment, deployment, detail: logMessage }, 'Needs attention');
}

/** Logs what becomes of changes as it happens, one line each. */
export function logOutcomes(log: Logger): ApplyListener {
  return {
    outcome({ change, result, ...rest }: Outcome) {
      const fields = { ...changeFields(change), result, ...('detail' in rest ? { detail: rest.detail } : {}) };
      if (result === 'refused') log.warn({ ...fields, code: 'change_refused' }, 'Change refused');
      else if (result === 'applied') log.info(fields, 'Changed');
      else log.debug(fields, 'Nothing left to change');
    },
    dispatchRefused(change, detail) {
      log.warn({ ...changeFields(change), code: 'dispatch_refused', detail }, 'Teardown workflow not dispatched');
    },
  };
}

function changeFields(change: Change): Readonly<Record<string, string | number>> {
  const { kind, rule, reason } = change;
  switch (change.kind) {
    case 'gate_status':
    case 'deployment_status': {
      const { deployment, state } = change;
      return { kind, environment: deployment.environment, deployment: deployment.id, state, rule, reason };
    }
    case 'delete_deployment':
      return { kind, environment: change.deployment.environment, deployment: change.deployment.id, rule, reason };
    case 'delete_environment':
    case 'create_environment':
      return { kind, environment: change.environment, rule, reason };
    case 'create_deploy_key':
    case 'recreate_deploy_key':
    case 'delete_deploy_key': {
      // Never the key itself.
      const { title, fingerprint } = keyOfChange(change);
      return { kind, title, fingerprint, rule, reason };
    }
    case 'environment_setting':
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
    case 'enable_custom_rule':
    case 'set_variable':
      return {
        kind,
        environment: change.environment,
        change: describeProtectionChange(withoutValues(change)),
        rule,
        reason,
      };
    case 'answer_protection_rule':
      return { kind, environment: change.environment, run: change.run, state: change.state ?? 'report', rule, reason };
    case 'create_deployment':
      return { kind, environment: change.environment, sha: change.sha, rule, reason };
    case 'check_run':
      return { kind, name: change.run.name, conclusion: change.run.conclusion, rule, reason };
  }
}
