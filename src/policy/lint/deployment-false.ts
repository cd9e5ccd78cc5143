import type { Diagnostic } from '../diagnostics.ts';
import { hasGates } from '../has-gates.ts';
import { matchEntry } from '../match.ts';
import type { Budget } from '../pattern-machine.ts';
import { placeFinding } from '../place.ts';
import { MOST_OF_A_RULE, warning, type LintContext } from './rule.ts';

/** A job of a workflow that names an environment. */
export interface EnvironmentJob {
  /** The workflow's path: `.github/workflows/deploy.yml`. */
  readonly workflow: string;
  readonly job: string;
  readonly environment: string;
  /** False where the job's `environment` says `deployment: false`. */
  readonly deployment: boolean;
}

/** Anybody who opens a pull request names the environments; past this, no further job is looked at. */
const STEPS = 1_000_000;

/**
 * Jobs that use an environment without a deployment, although the policy has rules there that only a deployment is asked
 * by: gates, or other apps' protection rules.
 */
export function deploymentFalse(
  { policy, locate }: Pick<LintContext, 'policy' | 'locate'>,
  jobs: readonly EnvironmentJob[],
  budget: Budget = { steps: STEPS },
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { workflow, job, environment, deployment } of jobs) {
    if (budget.steps < 0 || found.length >= MOST_OF_A_RULE) break;
    const entry = deployment ? null : matchEntry(policy, environment, budget);
    if (entry === null) continue;
    const path = ['environments', policy.environments.indexOf(entry)];
    const hasRules = (entry.protection?.custom_rules ?? []).length > 0;
    if (!hasRules && !hasGates(entry)) continue;
    const message = `Take \`deployment: false\` out of the job ${JSON.stringify(job)} in ${workflow}: without a deployment, the rules of this entry are not asked.`;
    const place = hasRules ? [...path, 'protection', 'custom_rules'] : [...path, 'gates'];
    found.push(placeFinding(warning('deployment-false', place, message), locate));
  }
  return found;
}
