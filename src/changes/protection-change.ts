import type { BranchPattern, EnvironmentSettings, ExistingPattern, RuleApp } from '../github/environments.ts';
import type { Reasoned } from './change.ts';

/** What keeps an environment as a policy's `protection` says. `environment` is as GitHub spells it. */
export type ProtectionChange =
  EnvironmentCreation | SettingChange | PatternAddition | PatternRemoval | CustomRuleChange | VariableChange;

/** Creates an environment that nobody protects so far. */
export interface EnvironmentCreation extends Reasoned {
  readonly kind: 'create_environment';
  readonly environment: string;
}

/** The keys of `protection` that GitHub sets all at once, in the order in which they are tried one by one. */
export const SETTING_KEYS = ['wait_timer', 'reviewers', 'prevent_self_review', 'deployment_branch_policy'] as const;
export type SettingKey = (typeof SETTING_KEYS)[number];

/** Sets what one key of `protection` names. Those of the same environment are made with one request. */
export interface SettingChange extends Reasoned {
  readonly kind: 'environment_setting';
  readonly environment: string;
  readonly key: SettingKey;
  /** All the settings as they were: what is not named is sent back as it is. */
  readonly expect: EnvironmentSettings;
  readonly to: Partial<EnvironmentSettings>;
  /** False: it is not to be made anew where somebody has deleted it, so that it is read again before it is set. */
  readonly mayCreate: boolean;
  /** The patterns that go with a branch policy of the environment's own; to be told of. */
  readonly loses?: readonly BranchPattern[];
}

/** Lets branches or tags deploy that match a pattern. */
export interface PatternAddition extends Reasoned {
  readonly kind: 'add_branch_pattern';
  readonly environment: string;
  readonly pattern: BranchPattern;
}

/** Made only once every missing pattern is there. */
export interface PatternRemoval extends Reasoned {
  readonly kind: 'remove_branch_pattern';
  readonly environment: string;
  readonly pattern: ExistingPattern;
}

/** Enables the protection rule of a GitHub App. */
export interface CustomRuleChange extends Reasoned {
  readonly kind: 'enable_custom_rule';
  readonly environment: string;
  readonly app: RuleApp;
}

/** Creates a variable, or corrects it. */
export interface VariableChange extends Reasoned {
  readonly kind: 'set_variable';
  readonly environment: string;
  /** In upper case, as GitHub keeps it. */
  readonly name: string;
  /** Null: there is none. */
  readonly from: string | null;
  readonly to: string;
  /** Whether people may be shown the values: not where everybody can read the report. */
  readonly showValues: boolean;
}

const KINDS = {
  create_environment: true,
  environment_setting: true,
  add_branch_pattern: true,
  remove_branch_pattern: true,
  enable_custom_rule: true,
  set_variable: true,
} as const satisfies Record<ProtectionChange['kind'], true>;

export function isProtectionChange<T extends { readonly kind: string }>(
  change: T,
): change is Extract<T, { readonly kind: ProtectionChange['kind'] }> {
  return Object.hasOwn(KINDS, change.kind);
}

/** The key of `protection` that a change is made for. */
export function keyOfProtection(change: ProtectionChange): ProtectionKey {
  switch (change.kind) {
    case 'create_environment':
      return 'creation';
    case 'environment_setting':
      return change.key;
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
      return 'deployment_branch_policy';
    case 'enable_custom_rule':
      return 'custom_rules';
    case 'set_variable':
      return 'variables';
  }
}

/** What of `protection` a plan or a permission may not allow: a key, making environments, or all of it. */
export type ProtectionKey =
  SettingKey | 'custom_rules' | 'variables' | 'required_secrets' | 'creation' | 'environments';
