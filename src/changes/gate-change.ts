import type { CommitSha, DeploymentId } from '../github/ids.ts';
import type { ChangedDeployment, Reasoned } from './change.ts';

/** How gates answer, and what promotion creates. */
export type GateChange = ProtectionRuleAnswer | GateStatus | DeploymentCreation;

/** GitHub's limit on a report to a run, in characters. */
export const MOST_COMMENT = 1_024;

/** Tells a run of Actions that waits for this app's protection rule what the gates say. */
export interface ProtectionRuleAnswer extends Reasoned {
  readonly kind: 'answer_protection_rule';
  readonly run: number;
  /** As GitHub spells it. */
  readonly environment: string;
  /** Null: a report, which decides nothing. */
  readonly state: 'approved' | 'rejected' | null;
  /** At most {@link MOST_COMMENT} characters, and never empty. */
  readonly comment: string;
}

/**
 * Gives a deployment that was made through the API the status that says what its gates say. Not made once somebody else
 * has set one. It keeps the environment and its URL.
 */
export interface GateStatus extends Reasoned {
  readonly kind: 'gate_status';
  readonly deployment: Pick<ChangedDeployment, 'id' | 'environment'>;
  /** Approved, waiting, or rejected. */
  readonly state: 'queued' | 'pending' | 'failure';
  /** At most 140 characters, GitHub's limit. */
  readonly description: string;
  /** The check run with the whole decision; null where there is none. */
  readonly logUrl: string | null;
  /** Whose statuses are this app's own. */
  readonly own: OwnStatuses;
}

/** GitHub does not always say by way of which app a status was made; its creator is the app's bot. */
export interface OwnStatuses {
  readonly appId: number;
  /** Null where it is not known. */
  readonly slug: string | null;
}

/** Deploys a commit to another environment. Not made where the commit has a deployment there by then. */
export interface DeploymentCreation extends Reasoned {
  readonly kind: 'create_deployment';
  /** As the policy or GitHub spells it. */
  readonly environment: string;
  readonly sha: CommitSha;
  /** The source's ref while that still points at the commit, else the commit itself. */
  readonly ref: string;
  readonly task: string;
  readonly payload: Readonly<Record<string, unknown>> | string;
  /** At most 140 characters. */
  readonly description: string;
  /** Deployments there that were created so and became ones of another commit: they count for nothing, and are to end. */
  readonly strays: Strays;
}

export interface Strays {
  readonly standing: readonly DeploymentId[];
  readonly ended: readonly DeploymentId[];
}

const KINDS = {
  answer_protection_rule: true,
  gate_status: true,
  create_deployment: true,
} as const satisfies Record<GateChange['kind'], true>;

export function isGateChange<T extends { readonly kind: string }>(
  change: T,
): change is Extract<T, { readonly kind: GateChange['kind'] }> {
  return Object.hasOwn(KINDS, change.kind);
}
