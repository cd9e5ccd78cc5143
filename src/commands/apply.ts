import type { Outcome } from '../changes/apply.ts';
import { NOTHING } from '../changes/limits.ts';
import { fullName } from '../github/ids.ts';
import type { EffectivePolicy } from '../policy/merge.ts';
import type { Policy } from '../policy/schema.ts';
import { visibleText } from '../reports/escape.ts';
import { countPlan, planLines, planSummary } from '../reports/plan.ts';
import { changeDocuments, planDocument } from '../reports/plan-document.ts';
import { isUndone } from '../reports/reason-codes.ts';
import { findingLines, laterLine, overruledLines, planLineForTerminal } from '../reports/plan-terminal.ts';
import { createProgress } from '../reports/progress.ts';
import type { Environment } from '../settings.ts';
import { applyPolicy, changesMade, type Applied, type ApplyWatcher } from './apply/apply-policy.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { githubFailure, openRepository, tellingFailures, type SeenRepository } from './person.ts';
import { tellErrors, tellNothing } from './plan.ts';
import { createCaches } from './plan/caches.ts';
import { loadGovernance } from './plan/governing.ts';

export interface ApplyOptions {
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly json: boolean;
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * `lockkeeper apply`: makes the repository as its policy says. A changed policy is not held back: somebody asked.
 * @throws CommandFailure
 */
export async function apply(options: ApplyOptions, console: Console): Promise<ExitCode> {
  const { json, now } = options;
  return tellingFailures(options.environment, async () => {
    const seen = await openRepository(options.repository, options.environment);
    const repository = fullName(seen.repository);
    const governance = await loadGovernance(seen, null);
    if (governance.kind === 'errors') return tellErrors(governance.diagnostics, { repository, json }, console);
    if (governance.kind === 'none') return tellNothing(governance.why, { repository, json }, console);
    const { policy } = governance;
    const made = policy.mode === 'report' ? NOT_APPLIED : await applyWatched(seen, { policy, json, now }, console);
    const applied = { ...made, findings: [...governance.findings, ...made.findings] };
    if (json) console.printDocument(appliedDocument(repository, policy, applied));
    else printSummary(policy, applied, console);
    if (applied.failure !== null) throw githubFailure(applied.failure, options.environment);
    return isWhole(applied) ? EXIT.done : EXIT.inPart;
  });
}

function isWhole({ outcomes, dispatchesRefused, later, findings }: Applied): boolean {
  const refused = outcomes.some(({ result }) => result === 'refused');
  return (
    !refused &&
    !findings.some(isUndone) &&
    dispatchesRefused.length === 0 &&
    later.inactivate + later.delete + later.keys === 0
  );
}

/** Under `mode: report`. */
const NOT_APPLIED: Applied = {
  outcomes: [],
  dispatchesRefused: [],
  later: NOTHING,
  findings: [],
  failure: null,
};

async function applyWatched(
  { github, repository }: SeenRepository,
  work: { readonly policy: Policy; readonly json: boolean; readonly now: number },
  { print, say, paint }: Console,
): Promise<Applied> {
  const { policy, json, now } = work;
  const name = fullName(repository);
  const progress = createProgress(process.stderr);
  const watcher: ApplyWatcher = {
    begins(changes) {
      progress.begin(changes === null ? `Looking at ${name}` : `Changing ${name}`, changes);
    },
    outcome(outcome) {
      progress.step();
      const lines = outcomeLines(outcome, paint);
      if (lines.length === 0 || json) return;
      progress.clear();
      for (const line of lines) print(line);
    },
    dispatchRefused({ teardown, deployment }, detail) {
      progress.clear();
      const workflow = visibleText(teardown?.workflow ?? 'the workflow');
      const line = `GitHub would not dispatch ${workflow} for deployment ${deployment.id}: ${visibleText(detail, 500)}`;
      if (json) say(line);
      else print(`${paint('red', '!')} ${line}`);
    },
  };
  try {
    return await applyPolicy(github, { repository, policy, now, caches: createCaches() }, watcher);
  } finally {
    progress.end();
  }
}

function outcomeLines(outcome: Outcome, paint: Console['paint']): readonly string[] {
  const lines = planLines([outcome.change]).map((line) => planLineForTerminal(line, paint));
  switch (outcome.result) {
    case 'applied':
      return lines;
    case 'refused':
      return [
        ...lines.slice(-1).map((line) => `${paint('red', '!')} refused: ${line}`),
        `  ${visibleText(outcome.detail, 500)}`,
      ];
    case 'already':
    case 'overtaken':
      return [];
  }
}

function printSummary({ mode, overruled }: EffectivePolicy, applied: Applied, { print, paint }: Console): void {
  const { outcomes, later, findings, failure } = applied;
  const count = countPlan(planLines(changesMade(applied)));
  const refused = outcomes.filter(({ result }) => result === 'refused').length;
  if (outcomes.length > 0) print('');
  if (mode === 'report') {
    print('Nothing was changed: the policy says `mode: report`. `lockkeeper plan` shows what it would do.');
  } else if (outcomes.length === 0 && failure === null && laterLine(later) === '') {
    print(paint('bold', planSummary(countPlan([]), findings.length)));
  } else {
    const told = `Done: ${count.add} added, ${count.change} changed, ${count.delete} deleted`;
    print(paint('bold', refused === 0 ? `${told}.` : `${told}, ${refused} refused.`));
  }
  if (laterLine(later) !== '') print(laterLine(later));
  for (const line of findingLines(findings, paint)) print(line);
  for (const line of overruledLines(overruled.map(({ message }) => message))) print(line);
}

/** The document of `plan`, with what became of each change. */
function appliedDocument(repository: string, policy: EffectivePolicy, applied: Applied): object {
  const { outcomes, dispatchesRefused, later, findings } = applied;
  const { mode } = policy;
  const overruled = policy.overruled.map(({ message }) => message);
  return {
    ...planDocument({ repository, mode, later, findings, overruled, changes: changesMade(applied) }),
    changes: outcomes.flatMap((outcome) => {
      const { change, result } = outcome;
      const detail = result === 'refused' ? outcome.detail : null;
      return changeDocuments(change).map((document) => ({ ...document, result, detail }));
    }),
    dispatches_refused: dispatchesRefused.map(({ change, detail }) => {
      const { teardown, deployment } = change;
      return { workflow: teardown?.workflow ?? null, deployment: deployment.id, detail };
    }),
  };
}
