import type { ProtectionChange, SettingChange } from '../changes/protection-change.ts';
import type { BranchPattern, EnvironmentReviewer, EnvironmentSettings } from '../github/environments.ts';
import { visibleText } from './escape.ts';
import type { PlanLine } from './plan.ts';

const VARIABLE = 'variable';

/** A change of an environment's protection as a line of a plan. */
export function protectionLine(change: ProtectionChange): PlanLine {
  const { environment, reason } = change;
  switch (change.kind) {
    case 'create_environment':
      return { sign: '+', what: 'environment', name: environment, difference: '', reason };
    case 'environment_setting':
      return { sign: '~', what: 'environment', name: environment, difference: describeSetting(change), reason };
    case 'add_branch_pattern':
      return { sign: '+', what: patternWord(change.pattern), name: inside(change), difference: '', reason };
    case 'remove_branch_pattern':
      return { sign: '-', what: patternWord(change.pattern), name: inside(change), difference: '', reason };
    case 'enable_custom_rule':
      return { sign: '+', what: 'custom rule', name: inside(change), difference: '', reason };
    case 'set_variable': {
      const { from, to, showValues } = change;
      if (from === null) {
        return { sign: '+', what: VARIABLE, name: inside(change), difference: showValues ? to : '', reason };
      }
      const difference = showValues ? `${from} → ${to}` : '';
      return { sign: '~', what: VARIABLE, name: inside(change), difference, reason };
    }
  }
}

/** The line without what a variable holds. */
export function withoutValue(line: PlanLine): PlanLine {
  return line.what === VARIABLE ? { ...line, difference: '' } : line;
}

/** The same as part of a sentence, without the environment's name: `wait_timer: 0 → 30`. */
export function describeProtectionChange(change: ProtectionChange): string {
  const { sign, what, difference } = protectionLine(change);
  if (change.kind === 'environment_setting') return difference;
  const name = change.kind === 'create_environment' ? '' : ` ${partName(change)}`;
  return `${sign} ${what}${name}${difference === '' ? '' : `: ${difference}`}`;
}

/** What variables hold is for who can read the repository, not for logs. */
export function withoutValues(change: ProtectionChange): ProtectionChange {
  return change.kind === 'set_variable' ? { ...change, showValues: false } : change;
}

type Part = Exclude<ProtectionChange, { readonly kind: 'create_environment' | 'environment_setting' }>;

/** `production (release/*)` */
function inside(change: Part): string {
  return `${change.environment} (${partName(change)})`;
}

function partName(change: Part): string {
  switch (change.kind) {
    case 'add_branch_pattern':
    case 'remove_branch_pattern':
      return change.pattern.name;
    case 'enable_custom_rule':
      return change.app.slug;
    case 'set_variable':
      return change.name;
  }
}

function patternWord({ type }: BranchPattern): string {
  return `${type} pattern`;
}

function describeSetting({ key, expect, to, loses = [] }: SettingChange): string {
  const lost = loses.map(({ type, name }) => (type === 'tag' ? `tag: ${name}` : name)).join(', ');
  const before = lost === '' ? settingText(key, expect) : `[${lost}]`;
  return `${key}: ${before} → ${settingText(key, { ...expect, ...to })}`;
}

function settingText(key: SettingChange['key'], settings: EnvironmentSettings): string {
  switch (key) {
    case 'wait_timer':
      return String(settings.waitTimer);
    case 'reviewers':
      return reviewersText(settings.reviewers);
    case 'prevent_self_review':
      return String(settings.preventSelfReview);
    case 'deployment_branch_policy':
      return settings.branchPolicy === 'custom' ? 'patterns' : settings.branchPolicy;
  }
}

function reviewersText(reviewers: readonly EnvironmentReviewer[]): string {
  if (reviewers.length === 0) return 'none';
  return reviewers.map(({ type, name }) => `${type.toLowerCase()} ${visibleText(name)}`).join(', ');
}
