import type { Diagnostic } from '../policy/diagnostics.ts';
import { annotate, lineList, plural, summarize, type CheckRun, type Paragraph } from './check-run.ts';
import { codeSpan, plainMarkdown } from './escape.ts';
import { countPlan, planLineMarkdown, planSummary, type PlanLine } from './plan.ts';
import { replayParagraphs, type Replay } from './replay.ts';

export const POLICY_CHECK = 'Lockkeeper / policy';

/** What landing a proposed policy would do, as far as it is told. */
export type ProposedPlan =
  | {
      readonly kind: 'changes';
      readonly lines: readonly PlanLine[];
      readonly notes: readonly string[];
      readonly kept: readonly string[];
    }
  /** `kept`: sentences about what stays although a rule speaks of it; perhaps with somebody else's text. */
  /** An organisation's policy: how many of the repositories it governs would change, and some of them. */
  | {
      readonly kind: 'repositories';
      readonly looked: number;
      readonly governed: number;
      /** Without a name: one that may not be told where this is read. */
      readonly changing: readonly { readonly name: string | null; readonly summary: string }[];
    }
  /** Why there is none. */
  | { readonly kind: 'none'; readonly why: string };

/** A policy as a pull request proposes it. */
export interface PolicyReport {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly plan: ProposedPlan;
  /** Past deployments under the proposed gates; null where it changes nothing about gates. */
  readonly replay: Replay | null;
}

/** So many repositories are named. */
const MOST_REPOSITORIES = 10;
/** A list of a thousand lines is read by nobody. */
const MOST_LINES = 200;

/** Renders the check run on a pull request that changes the policy. Warnings alone leave it `success`. */
export function renderPolicyReport({ path, diagnostics, plan, replay }: PolicyReport): CheckRun {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counted = [
    ...(errors === 0 ? [] : [plural(errors, 'error')]),
    ...(warnings === 0 ? [] : [plural(warnings, 'warning')]),
  ].join(', ');
  return {
    name: POLICY_CHECK,
    conclusion: errors > 0 ? 'failure' : 'success',
    title: counted === '' ? planTitle(plan) : errors > 0 ? counted : `${planTitle(plan)} ${counted}.`,
    summary: summarize([
      ...diagnosticLines(diagnostics),
      '### Plan',
      ...planParagraphs(plan),
      ...replayParagraphs(replay),
    ]),
    annotations: annotate(path, diagnostics),
  };
}

function planTitle(plan: ProposedPlan): string {
  switch (plan.kind) {
    case 'changes':
      return planSummary(countPlan(plan.lines), plan.kept.length);
    case 'repositories':
      return plan.changing.length === 1
        ? '1 repository would change.'
        : `${plan.changing.length} repositories would change.`;
    case 'none':
      return 'The policy is valid.';
  }
}

function diagnosticLines(diagnostics: readonly Diagnostic[]): readonly Paragraph[] {
  if (diagnostics.length === 0) return [];
  const lines = diagnostics.map(
    ({ severity, line, column, code, message }) =>
      `- ${line}:${column} ${severity} \`${code}\` ${plainMarkdown(message)}`,
  );
  return ['### Errors and warnings', lineList(lines)];
}

function planParagraphs(plan: ProposedPlan): readonly Paragraph[] {
  switch (plan.kind) {
    case 'none':
      return [plan.why];
    case 'repositories': {
      const some = plan.changing.slice(0, MOST_REPOSITORIES);
      const more = plan.changing.length - some.length;
      return [
        `Of ${plan.governed} repositories that it governs, ${plan.looked} were looked at, and ${plan.changing.length} would change.`,
        ...(some.length === 0
          ? []
          : [
              some
                .map(({ name, summary }) => `- ${name === null ? 'a private repository' : codeSpan(name)}: ${summary}`)
                .join('\n'),
            ]),
        ...(more > 0 ? [`… and ${more} more.`] : []),
      ];
    }
    case 'changes': {
      const some = plan.lines.slice(0, MOST_LINES);
      const more = plan.lines.length - some.length;
      return [
        planSummary(countPlan(plan.lines), plan.kept.length),
        ...plan.notes,
        ...(some.length === 0 ? [] : [lineList(some.map(planLineMarkdown))]),
        ...(more > 0 ? [`… and ${more} more.`] : []),
        ...(plan.kept.length === 0
          ? []
          : ['Left as it is:', lineList(plan.kept.map((one) => `- ${plainMarkdown(one)}`))]),
      ];
    }
  }
}
