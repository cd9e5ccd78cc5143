import { fullName } from '../github/ids.ts';
import { renderDiagnostic, toDocument } from '../policy/render.ts';
import { planLines } from '../reports/plan.ts';
import { planDocument, type PlanDocument } from '../reports/plan-document.ts';
import { findingLines, laterLine, overruledLines, planLineForTerminal, summaryLine } from '../reports/plan-terminal.ts';
import { createProgress } from '../reports/progress.ts';
import type { Environment } from '../settings.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openRepository, tellingFailures } from './person.ts';
import { createCaches } from './plan/caches.ts';
import { loadGovernance, readProposed, type FileDiagnostic } from './plan/governing.ts';
import { planChanges, type PlannedChanges } from './plan/plan-changes.ts';

export interface PlanOptions {
  /** `OWNER/NAME`. */
  readonly repository: string;
  /** A path; null: the repository's own policy. */
  readonly policyFile: string | null;
  /** Whether the exit code tells of changes. */
  readonly exitCode: boolean;
  readonly json: boolean;
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * `lockkeeper plan`: says what `apply` would change now. Reads only.
 * @throws CommandFailure
 */
export async function plan(options: PlanOptions, console: Console): Promise<ExitCode> {
  const { policyFile, json, now } = options;
  const proposed = policyFile === null ? null : await readProposed(policyFile);
  if (proposed !== null && proposed.errors.length > 0) return tellErrors(proposed.errors, options, console);
  return tellingFailures(options.environment, async () => {
    const seen = await openRepository(options.repository, options.environment);
    const repository = fullName(seen.repository);
    const governance = await loadGovernance(seen, proposed?.file ?? null);
    if (governance.kind === 'errors') return tellErrors(governance.diagnostics, { repository, json }, console);
    if (governance.kind === 'none') return tellNothing(governance.why, { repository, json }, console);
    const { policy } = governance;
    const progress = createProgress(process.stderr);
    progress.begin(`Looking at ${repository}`, null);
    const found = await planChanges(seen.github, {
      repository: seen.repository,
      policy,
      now,
      caches: createCaches(),
    }).finally(() => {
      progress.end();
    });
    const planned = {
      ...found,
      findings: [...governance.findings, ...found.findings],
      overruled: policy.overruled.map(({ message }) => message),
    };
    if (json) console.printDocument(planDocument({ repository, mode: policy.mode, ...planned }));
    else printPlan(policy.mode, planned, console);
    const changes = planned.changes.length > 0 && policy.mode === 'enforce';
    return options.exitCode && changes ? EXIT.wouldChange : EXIT.done;
  });
}

function printPlan(
  mode: PlanDocument['mode'],
  { changes, later, findings, overruled }: PlannedChanges & { readonly overruled: readonly string[] },
  { print, paint }: Console,
): void {
  const lines = planLines(changes);
  for (const line of lines) print(planLineForTerminal(line, paint));
  if (lines.length > 0) print('');
  print(paint('bold', summaryLine(lines, { later, findings })));
  if (mode === 'report') print('The policy says `mode: report`: this is told, and apply would do nothing of it.');
  if (laterLine(later) !== '') print(laterLine(later));
  for (const line of [...findingLines(findings, paint), ...overruledLines(overruled)]) print(line);
}

interface Telling {
  readonly repository: string;
  readonly json: boolean;
}

/** A policy with errors: the errors are the result. */
export function tellErrors(
  errors: readonly FileDiagnostic[],
  { repository, json }: Telling,
  console: Console,
): ExitCode {
  const diagnostics = errors.map(({ file, diagnostic }) => ({ file, ...toDocument(diagnostic) }));
  if (json) console.printDocument(planDocument({ repository, diagnostics }));
  else for (const { file, diagnostic } of errors) console.print(renderDiagnostic(file, diagnostic));
  console.say('error: The policy has errors: nothing is done until they are mended.');
  return EXIT.policyErrors;
}

/** No policy governs the repository. */
export function tellNothing(why: string, { repository, json }: Telling, console: Console): ExitCode {
  if (json) console.printDocument(planDocument({ repository }));
  else console.print(why);
  return EXIT.done;
}
