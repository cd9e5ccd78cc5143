import { visibleText } from './escape.ts';
import type { ReasonCode } from './reason-codes.ts';

/** The rules that give a deployment a status. */
export type EndingRule = Extract<
  ReasonCode,
  'pull_request_closed' | 'ref_deleted' | 'inactivate_after' | 'one_active_per' | 'fail_stuck_after'
>;

/** GitHub's limit on a deployment status' description, in characters. */
export const MOST_DESCRIPTION = 140;

/** What the text needs to know of a deployment. */
interface Described {
  readonly ref: { readonly name: string };
  readonly pullRequests: readonly { readonly number: number }[] | null;
}

/** What the text needs to know of the policy. Durations are milliseconds. */
interface DescribedPolicy {
  readonly oneActivePer: string;
  readonly inactivateAfter: number | null;
  readonly failStuckAfter: number | null;
  readonly deleteAfter: number | null;
}

/**
 * Says why a deployment ends: a sentence for logs and reports, and the description of the status, which names the rule
 * the way the policy writes it and keeps within GitHub's limit.
 */
export function describeEnding(input: {
  readonly rule: EndingRule;
  readonly deployment: Described;
  readonly by: DescribedPolicy;
  readonly successor: { readonly id: number } | null;
}): { readonly reason: string; readonly description: string } {
  const { rule, by, successor } = input;
  const text = explain(input);
  const key = rulePath({ rule, by });
  const reason = successor === null ? text : text.replace('a newer deployment', `the newer deployment ${successor.id}`);
  return { reason: `${reason}.`, description: fit(text, `(${key})`) };
}

/** Says why a deployment is deleted. */
export function describeDeletion(deployment: Described, by: DescribedPolicy): string {
  return `The deployment of ${visibleText(deployment.ref.name)} ended more than ${duration(by.deleteAfter)} ago.`;
}

function explain(input: {
  readonly rule: EndingRule;
  readonly deployment: Described;
  readonly by: DescribedPolicy;
}): string {
  const { rule, deployment, by } = input;
  switch (rule) {
    case 'pull_request_closed':
      return `${pullRequests(deployment)} closed`;
    case 'ref_deleted':
      return `Ref ${visibleText(deployment.ref.name)} is gone`;
    case 'inactivate_after':
      return `No status for more than ${duration(by.inactivateAfter)}`;
    case 'one_active_per':
      return `Superseded by a newer deployment of the same ${by.oneActivePer.replaceAll('_', ' ')}`;
    case 'fail_stuck_after':
      return `Stuck without a status for more than ${duration(by.failStuckAfter)}`;
  }
}

function pullRequests({ pullRequests: some }: Described): string {
  const numbers = (some ?? []).map(({ number }) => `#${number}`);
  if (numbers.length > 3) return `${numbers.length} pull requests are`;
  return `Pull request${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')} ${numbers.length === 1 ? 'is' : 'are'}`;
}

/** The rule as the policy writes it. */
function rulePath({ rule, by }: { readonly rule: EndingRule; readonly by: DescribedPolicy }): string {
  switch (rule) {
    case 'pull_request_closed':
    case 'ref_deleted':
      return `inactivate_on: ${rule}`;
    case 'one_active_per':
      return `one_active_per: ${by.oneActivePer}`;
    case 'inactivate_after':
    case 'fail_stuck_after':
      return rule;
  }
}

/** Cuts the text, never the rule, to GitHub's limit, and never through the middle of a character. */
function fit(text: string, suffix: string): string {
  const room = MOST_DESCRIPTION - suffix.length - 1;
  if (text.length <= room) return `${text} ${suffix}`;
  const cut = text.slice(0, room - 1).replace(/[\uD800-\uDBFF]$/u, '');
  return `${cut}… ${suffix}`;
}

const UNITS = [
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** The largest unit that divides it, as the policy would write it. */
function duration(milliseconds: number | null): string {
  if (milliseconds === null) return 'ever';
  for (const [unit, size] of UNITS) {
    if (milliseconds % size !== 0 || milliseconds === 0) continue;
    const count = milliseconds / size;
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return `${milliseconds / 60_000} minutes`;
}
