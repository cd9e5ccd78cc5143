import type { Amounts } from '../changes/limits.ts';
import { visibleText } from './escape.ts';
import type { Paint, Style } from './paint.ts';
import { countPlan, planLineText, planSummary, type PlanLine } from './plan.ts';
import type { Finding } from './reason-codes.ts';

const STYLES = { '+': 'green', '~': 'yellow', '-': 'red' } as const satisfies Record<PlanLine['sign'], Style>;

/** A line of a plan, its sign in colour. */
export function planLineForTerminal(line: PlanLine, paint: Paint): string {
  const text = planLineText(line);
  return paint(STYLES[line.sign], text.slice(0, 1)) + text.slice(1);
}

/** What needs attention, a line each; nothing where nothing does. */
export function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ code, message, environment }) => {
    const where = environment === undefined ? '' : `${visibleText(environment)}: `;
    return `${paint('yellow', '!')} ${where}${visibleText(message, 500)} (${code})`;
  });
  return ['', 'Needs attention:', ...lines];
}

/** What of the repository's policy does not count, a line each; nothing where all of it does. */
export function overruledLines(messages: readonly string[]): readonly string[] {
  if (messages.length === 0) return [];
  return ['', 'Overruled by the organisation:', ...messages.map((message) => `! ${visibleText(message, 500)}`)];
}

/** The count at the end. */
export function summaryLine(
  lines: readonly PlanLine[],
  { later, findings }: { readonly later: Amounts; readonly findings: readonly Finding[] },
): string {
  const nothingNow = lines.length === 0 && later.inactivate + later.delete + later.keys > 0;
  return nothingNow
    ? 'No changes: the policy’s limits leave no room for any.'
    : planSummary(countPlan(lines), findings.length);
}

/** What the policy's limits leave for a later call; empty where they leave nothing. */
export function laterLine({ inactivate, delete: deleted, keys }: Amounts): string {
  if (inactivate + deleted + keys === 0) return '';
  const more = keys === 0 ? '' : ` and ${keys} changes of deploy keys`;
  return `${inactivate} endings and ${deleted} deletions${more} are over the policy’s limits: apply again for those.`;
}
