import type { z } from 'zod';
import type { policySchema } from './schema/policy.ts';

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type WrittenPolicy = DeepReadonly<z.output<typeof policySchema>>;
type WrittenEntry = WrittenPolicy['environments'][number];

/**
 * One of `environments`. Durations are milliseconds; keys are as in the file.
 */
export interface EnvironmentEntry extends WrittenEntry {
  /**
   * What is out of its range in this entry: while there is anything, its environments are left alone, and their gates
   * wait. Such an entry has a name, no rules, and a lifecycle that is off. Empty for an entry that holds.
   */
  readonly unusable: readonly string[];
  /**
   * Entries of a lower rank are matched first: 0 in a file of its own; where a policy was merged with an organisation's,
   * 0 its locked entries, 1 the repository's, 2 the organisation's others.
   */
  readonly rank: number;
}

/** A policy file that parsed, with the defaults of what it leaves out. */
export interface Policy extends Omit<WrittenPolicy, 'environments'> {
  readonly environments: readonly EnvironmentEntry[];
}

export type Protection = NonNullable<WrittenEntry['protection']>;
export type Reviewer = NonNullable<Protection['reviewers']>[number];
export type DeploymentBranchPolicy = NonNullable<Protection['deployment_branch_policy']>;
/** A mapping of exactly one key: ask with `'checks' in gate`. */
export type Gate = NonNullable<WrittenEntry['gates']>[number];
export type RefPattern = Extract<Gate, { readonly ref: unknown }>['ref'][number];
/** Teams, users and apps; empty lists where left out. */
export type Actors = Extract<Gate, { readonly creator: unknown }>['creator'];
export type Bypass = NonNullable<WrittenEntry['bypass']>;
export type Promote = NonNullable<WrittenEntry['promote']>;
export type Lifecycle = NonNullable<WrittenEntry['lifecycle']>;
export type Window = WrittenPolicy['windows'][number];
export type Freeze = WrittenPolicy['freezes'][number];
export type DeployKeys = NonNullable<WrittenPolicy['deploy_keys']>;
export type AllowedKey = DeployKeys['allow'][number];
export type Limits = WrittenPolicy['limits'];
export type Mode = WrittenPolicy['mode'];
export type Drift = WrittenPolicy['drift'];

/** What an entry without `lifecycle` has. */
export const DEFAULT_LIFECYCLE: Lifecycle = {
  one_active_per: 'pull_request',
  inactivate_on: ['pull_request_closed', 'ref_deleted'],
};

/** The lifecycle of an entry: what it says, or the default. */
export function lifecycleOf(entry: EnvironmentEntry): Lifecycle {
  return entry.lifecycle ?? DEFAULT_LIFECYCLE;
}
