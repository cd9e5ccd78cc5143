import { hasGates } from '../policy/has-gates.ts';
import { isPattern } from '../policy/match.ts';
import { lifecycleOf, type EnvironmentEntry } from '../policy/schema.ts';

/** An entry's lifecycle with everything that is left out filled in. Durations are milliseconds; null is "off". */
export interface GovernedBy {
  /** The entry's name as the policy writes it. */
  readonly entry: string;
  /** The entry names one environment, without a pattern. */
  readonly exact: boolean;
  /** The entry itself says `transient: true`; else each deployment's creator decides. */
  readonly transient: boolean;
  readonly oneActivePer: 'environment' | 'ref' | 'pull_request' | 'none';
  readonly onPullRequestClosed: boolean;
  readonly onRefDeleted: boolean;
  readonly inactivateAfter: number | null;
  readonly keepLabel: string | null;
  readonly failStuckAfter: number | null;
  readonly teardownWorkflow: string | null;
  readonly deleteAfter: number | null;
  readonly keep: number;
  readonly deleteEnvironment: boolean;
  /** The entry has gates: a deployment may wait for one. */
  readonly gated: boolean;
}

/**
 * What an entry says about the life of its deployments; null where it says `transient: false`. An entry without a
 * `lifecycle` gets the default; a `lifecycle` that is there has off what it leaves out.
 */
export function governedBy(entry: EnvironmentEntry): GovernedBy | null {
  const lifecycle = lifecycleOf(entry);
  if (lifecycle.transient === false) return null;
  return {
    entry: entry.name,
    exact: !isPattern(entry.name),
    transient: lifecycle.transient === true,
    oneActivePer: lifecycle.one_active_per,
    onPullRequestClosed: lifecycle.inactivate_on.includes('pull_request_closed'),
    onRefDeleted: lifecycle.inactivate_on.includes('ref_deleted'),
    inactivateAfter: lifecycle.inactivate_after ?? null,
    keepLabel: lifecycle.keep_label ?? null,
    failStuckAfter: lifecycle.fail_stuck_after ?? null,
    teardownWorkflow: lifecycle.on_inactive?.workflow ?? null,
    deleteAfter: lifecycle.delete?.after ?? null,
    keep: lifecycle.delete?.keep ?? 0,
    deleteEnvironment: lifecycle.delete?.environment ?? false,
    gated: hasGates(entry),
  };
}

/** Whether any rule asks which pull requests a deployment belongs to. */
export function needsPullRequests(governed: GovernedBy): boolean {
  return (
    governed.onPullRequestClosed ||
    governed.oneActivePer === 'pull_request' ||
    governed.deleteEnvironment ||
    (governed.inactivateAfter !== null && governed.keepLabel !== null)
  );
}

/** Whether any rule asks if a deployment's branch or tag is still there. */
export function needsRefs(governed: GovernedBy): boolean {
  return governed.onRefDeleted || governed.deleteEnvironment;
}
