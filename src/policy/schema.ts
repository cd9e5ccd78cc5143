import type { z } from 'zod';
import type { policySchema } from './schema/policy.ts';

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type WrittenPolicy = DeepReadonly<z.output<typeof policySchema>>;
type WrittenEntry = WrittenPolicy['environments'][number];
type WrittenGate = NonNullable<WrittenEntry['gates']>[number];
type WrittenKeys = NonNullable<WrittenPolicy['deploy_keys']>;

export type Window = WrittenPolicy['windows'][number];

/**
 * A mapping of exactly one key: ask with `'checks' in gate`. A `windows` gate holds the windows that it names in its
 * file, not their names: another file may have others of the same name.
 */
export type Gate = Exclude<WrittenGate, { readonly windows: unknown }> | { readonly windows: readonly Window[] };

/** One of `environments`. Durations are milliseconds; keys are as in the file. */
export interface EnvironmentEntry extends Omit<WrittenEntry, 'gates'> {
  readonly gates?: readonly Gate[];
  /**
   * What is out of its range in this entry, a sentence each: while there is anything, its environments are left alone, and their gates
   * wait. Such an entry has a name, no rules, and a lifecycle that is off. Empty for an entry that holds.
   */
  readonly unusable: readonly string[];
  /**
   * Entries of a lower rank are matched first: 0 in a file of its own; where a policy was merged with an organisation's,
   * 0 its locked entries, 1 the repository's, 2 the organisation's others.
   */
  readonly rank: number;
  /**
   * The repository's own file has an entry of this name. Only such entries create an environment; one that is an
   * organisation's alone governs what exists.
   */
  readonly own: boolean;
}

/** One of `deploy_keys.allow`. */
export interface AllowedKey extends DeepReadonly<WrittenKeys['allow'][number]> {
  /** The repository's own file allows it: with a `key`, it is created where it is missing. Others are only matched. */
  readonly own: boolean;
}

export interface DeployKeys extends Omit<WrittenKeys, 'allow'> {
  readonly allow: readonly AllowedKey[];
}

/** A policy file that parsed, with the defaults of what it leaves out. */
export interface Policy extends Omit<WrittenPolicy, 'environments' | 'deploy_keys'> {
  readonly environments: readonly EnvironmentEntry[];
  readonly deploy_keys?: DeployKeys;
}

export type Protection = NonNullable<WrittenEntry['protection']>;
export type Reviewer = NonNullable<Protection['reviewers']>[number];
export type DeploymentBranchPolicy = NonNullable<Protection['deployment_branch_policy']>;
export type RefPattern = Extract<Gate, { readonly ref: unknown }>['ref'][number];
/** Teams, users and apps; empty lists where left out. */
export type Actors = Extract<Gate, { readonly creator: unknown }>['creator'];
export type Bypass = NonNullable<WrittenEntry['bypass']>;
export type Promote = NonNullable<WrittenEntry['promote']>;
export type Lifecycle = NonNullable<WrittenEntry['lifecycle']>;
export type Freeze = WrittenPolicy['freezes'][number];
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
