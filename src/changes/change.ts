import type { CommitSha, DeploymentId, NodeId } from '../github/ids.ts';
import type { CheckRun } from '../reports/check-run.ts';
import type { DeployKeyChange } from './deploy-key-change.ts';
import type { GateChange } from './gate-change.ts';
import type { ProtectionChange } from './protection-change.ts';
import type { ReasonCode } from '../reports/reason-codes.ts';

/**
 * Everything the app can do to GitHub. A Change says what is to be so, what it was decided from (`expect`), which rule
 * asked for it and why; it is carried out at most once, and not at all where `expect` no longer holds.
 */
export type Change =
  | StatusChange
  | DeploymentDeletion
  | EnvironmentDeletion
  | ProtectionChange
  | DeployKeyChange
  | GateChange
  | CheckRunChange;

export type ChangeKind = Change['kind'];

/** The state of a deployment: that of its newest status, or `pending` where it has none. */
export type DeploymentState =
  'queued' | 'pending' | 'in_progress' | 'waiting' | 'success' | 'failure' | 'error' | 'inactive';

/** A deployment as a Change names it. */
export interface ChangedDeployment {
  readonly id: DeploymentId;
  readonly node: NodeId;
  /** As the deployment spells it. */
  readonly environment: string;
  readonly ref: string;
  readonly sha: CommitSha;
}

/** What a deployment must still look like. `status` is the newest status' node id, or null where it has none. */
export interface ExpectedDeployment {
  readonly state: DeploymentState;
  readonly status: NodeId | null;
}

export interface Reasoned {
  readonly rule: ReasonCode;
  /** One sentence for people, without markup. */
  readonly reason: string;
}

/** Gives a deployment one more status: `inactive`, or `error` for what is stuck. */
export interface StatusChange extends Reasoned {
  readonly kind: 'deployment_status';
  readonly deployment: ChangedDeployment;
  readonly state: 'inactive' | 'error';
  /** At most 140 characters, GitHub's limit. */
  readonly description: string;
  /** Kept from the newest status; a status that leaves them out would empty them. */
  readonly environmentUrl: string | null;
  readonly logUrl: string | null;
  /** The workflow to dispatch first, so that what was deployed can be torn down. */
  readonly teardown: Teardown | null;
  readonly expect: ExpectedDeployment;
}

/** A `workflow_dispatch` on the default branch. */
export interface Teardown {
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<'environment' | 'deployment_id' | 'ref' | 'sha' | 'reason', string>>;
}

export interface DeploymentDeletion extends Reasoned {
  readonly kind: 'delete_deployment';
  readonly deployment: ChangedDeployment;
  readonly expect: ExpectedDeployment;
}

export interface EnvironmentDeletion extends Reasoned {
  readonly kind: 'delete_environment';
  /** As GitHub spells it. */
  readonly environment: string;
  readonly expect: {
    /** All that it has, and all have ended. */
    readonly deployments: readonly NodeId[];
    /** How the environment is spelled in them: GitHub's list is filtered by the exact name. */
    readonly spellings: readonly string[];
  };
}

/** Writes a check run on a commit. What people read counts as a change too. */
export interface CheckRunChange extends Reasoned {
  readonly kind: 'check_run';
  readonly headSha: string;
  readonly run: CheckRun;
  /** Tells whether the run says the same already; kept in its `external_id`. */
  readonly digest: string;
  /** The run to write over; null for a new one. */
  readonly existing: number | null;
}

/** Which of the policy's `limits` a change counts against; null where none does. */
export function limitOf(change: Change): 'inactivate' | 'delete' | 'keys' | null {
  switch (change.kind) {
    case 'deployment_status':
      return 'inactivate';
    case 'delete_deployment':
    case 'delete_environment':
      return 'delete';
    case 'create_deploy_key':
    case 'recreate_deploy_key':
    case 'delete_deploy_key':
      return 'keys';
    case 'create_environment':
    case 'environment_setting':
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
    case 'enable_custom_rule':
    case 'set_variable':
    case 'answer_protection_rule':
    case 'gate_status':
    case 'create_deployment':
    case 'check_run':
      return null;
  }
}
