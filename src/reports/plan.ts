import type { Change } from '../changes/change.ts';
import { deployKeyLine } from './deploy-key-line.ts';
import { codeSpan, plainMarkdown, visibleText } from './escape.ts';
import { protectionLine } from './protection-lines.ts';

/** A change as a plan names it: what comes, what changes, what goes. */
export interface PlanLine {
  readonly sign: '+' | '~' | '-';
  /** Ours: `deployment`, `environment`, `branch pattern`. */
  readonly what: string;
  /** Perhaps somebody else's text: escape it. */
  readonly name: string;
  /** `success → inactive`; empty where the sign says it all. Perhaps with somebody else's text in it: escape it. */
  readonly difference: string;
  /** One sentence. Perhaps with somebody else's text in it: escape it. */
  readonly reason: string;
}

export interface PlanCount {
  readonly add: number;
  readonly change: number;
  readonly delete: number;
}

/** Changes as lines, in the order in which they would be made. What only people read is not part of a plan. */
export function planLines(changes: readonly Change[]): readonly PlanLine[] {
  return changes.flatMap((change): readonly PlanLine[] => {
    const { reason } = change;
    switch (change.kind) {
      case 'deployment_status': {
        const { deployment, expect, state, teardown } = change;
        const line: PlanLine = {
          sign: '~',
          what: `deployment ${deployment.id}`,
          name: `${deployment.environment} (${deployment.ref})`,
          difference: `${expect.state} → ${state}`,
          reason,
        };
        if (teardown === null) return [line];
        const dispatch: PlanLine = {
          sign: '+',
          what: 'workflow run',
          name: teardown.workflow,
          difference: '',
          reason: `Tears down what deployment ${deployment.id} deployed.`,
        };
        return [dispatch, line];
      }
      case 'delete_deployment': {
        const { deployment } = change;
        const name = `${deployment.environment} (${deployment.ref})`;
        return [{ sign: '-', what: `deployment ${deployment.id}`, name, difference: '', reason }];
      }
      case 'delete_environment':
        return [{ sign: '-', what: 'environment', name: change.environment, difference: '', reason }];
      case 'create_deploy_key':
      case 'recreate_deploy_key':
      case 'delete_deploy_key':
        return [deployKeyLine(change)];
      case 'create_environment':
      case 'environment_setting':
      case 'add_branch_pattern':
      case 'remove_branch_pattern':
      case 'enable_custom_rule':
      case 'set_variable':
        return [protectionLine(change)];
      case 'create_deployment': {
        const difference = `${change.ref} at ${change.sha.slice(0, 12)}`;
        return [{ sign: '+', what: 'deployment', name: change.environment, difference, reason }];
      }
      // Answers of the moment, which a plan cannot foresee.
      case 'answer_protection_rule':
      case 'gate_status':
      case 'check_run':
        return [];
    }
  });
}

export function countPlan(lines: readonly PlanLine[]): PlanCount {
  const count = (sign: PlanLine['sign']): number => lines.filter((line) => line.sign === sign).length;
  return { add: count('+'), change: count('~'), delete: count('-') };
}

export const NOTHING_TO_DO = 'No changes. Everything is as the policy says.';

/**
 * `Plan: 0 to add, 3 to change, 1 to delete.`, or that nothing is.
 * @param left how much is told of that is not as the policy says and would stay so.
 */
export function planSummary({ add, change, delete: deleted }: PlanCount, left = 0): string {
  if (add + change + deleted === 0) return left === 0 ? NOTHING_TO_DO : 'No changes.';
  return `Plan: ${add} to add, ${change} to change, ${deleted} to delete.`;
}

/** Variables may be 48 KiB long. */
const LONGEST_DIFFERENCE = 500;

/** States and nothing else, which need no escaping. */
function isOurs(difference: string): boolean {
  return /^[a-z]+(?: → [a-z]+)?$/.test(difference);
}

/** One line for a terminal, without colour. */
export function planLineText({ sign, what, name, difference, reason }: PlanLine): string {
  const change = difference === '' ? '' : `: ${visibleText(difference, LONGEST_DIFFERENCE)}`;
  return `${sign} ${what} ${visibleText(name)}${change}  # ${visibleText(reason, 500)}`;
}

/** One item of a Markdown list. */
export function planLineMarkdown({ sign, what, name, difference, reason }: PlanLine): string {
  const change = difference === '' ? '' : `: ${isOurs(difference) ? difference : codeSpan(difference)}`;
  return `- \`${sign}\` ${what} ${codeSpan(name)}${change}. ${plainMarkdown(reason)}`;
}
