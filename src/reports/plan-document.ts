import type { Change } from '../changes/change.ts';
import { NOTHING, type Amounts } from '../changes/limits.ts';
import type { DiagnosticDocument } from '../policy/render.ts';
import { countPlan, planLines, type PlanCount, type PlanLine } from './plan.ts';
import type { Finding } from './reason-codes.ts';

const ACTIONS = { '+': 'add', '~': 'change', '-': 'delete' } as const satisfies Record<PlanLine['sign'], string>;

/** A line of a plan as `--json` has it. */
export interface ChangeDocument {
  readonly action: (typeof ACTIONS)[PlanLine['sign']];
  readonly kind: Change['kind'];
  readonly what: string;
  readonly name: string;
  /** `success → inactive`; null where the action says it all. */
  readonly difference: string | null;
  readonly environment: string | null;
  readonly deployment: number | null;
  readonly rule: string;
  readonly reason: string;
}

/** What of a repository's policy would be done, or was. */
export interface PlanDocument {
  readonly version: 1;
  readonly repository: string;
  /** Null where no policy governs the repository. */
  readonly mode: 'enforce' | 'report' | null;
  readonly changes: readonly ChangeDocument[];
  readonly summary: PlanCount;
  /** Changes over the policy's limits. */
  readonly later: Amounts;
  readonly findings: readonly Finding[];
  /** What of the repository's policy the organisation's overrules, a sentence each. */
  readonly overruled: readonly string[];
  /** Errors of the policy: with any, nothing else is here. */
  readonly diagnostics: readonly FileDiagnosticDocument[];
}

/** A diagnostic, and the file that it is about. */
export interface FileDiagnosticDocument extends DiagnosticDocument {
  readonly file: string;
}

/** One change, which may be more than a line of the plan. */
export function changeDocuments(change: Change): readonly ChangeDocument[] {
  const { kind, rule } = change;
  return planLines([change]).map(({ sign, what, name, difference, reason }) => ({
    action: ACTIONS[sign],
    kind,
    what,
    name,
    difference: difference === '' ? null : difference,
    environment: environmentOf(change),
    deployment: 'deployment' in change ? change.deployment.id : null,
    rule,
    reason,
  }));
}

function environmentOf(change: Change): string | null {
  if ('environment' in change) return change.environment;
  return 'deployment' in change ? change.deployment.environment : null;
}

/** The document of a plan, or of what became of one; what is left out is nothing. */
export function planDocument(
  planned: Pick<PlanDocument, 'repository'> &
    Partial<Pick<PlanDocument, 'mode' | 'later' | 'findings' | 'overruled' | 'diagnostics'>> & {
      readonly changes?: readonly Change[];
    },
): PlanDocument {
  const {
    repository,
    mode = null,
    changes = [],
    later = NOTHING,
    findings = [],
    overruled = [],
    diagnostics = [],
  } = planned;
  return {
    version: 1,
    repository,
    mode,
    changes: changes.flatMap(changeDocuments),
    summary: countPlan(planLines(changes)),
    later,
    findings,
    overruled,
    diagnostics,
  };
}
