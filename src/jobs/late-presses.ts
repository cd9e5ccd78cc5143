import type { CheckRunChange } from '../changes/change.ts';
import { observeCheckRun } from '../github/check-runs.ts';
import { gateCheckName } from '../reports/gate-check.ts';
import { withPressesTold } from '../reports/gate-report.ts';
import { mergeGateStates, withPress } from '../reports/gate-state.ts';
import { writeGateReport, type GateActing } from './act-on-gates.ts';
import { spellingOf } from './gate-candidates.ts';
import { stateOfRun } from './gate-states.ts';
import { gateMemoryKey, saidOn } from './gates-memory.ts';
import type { GatesLook } from './gates-look.ts';
import { checkPress } from './press-buttons.ts';
import type { JobContext } from './run-job.ts';

/**
 * Writes presses down on commits of which nothing waits now: a bypass covers what is deployed of the commit from then on.
 * @throws GitHubError
 */
export async function answerLatePresses(
  context: JobContext,
  acting: GateActing,
  { look, answered }: { readonly look: GatesLook; readonly answered: ReadonlySet<string> },
): Promise<void> {
  const { memory, appId } = context;
  const { repository, installation, presses = [] } = acting.job;
  const github = context.clients.installation(installation);
  const { environment, policy, now } = look;
  for (const press of presses) {
    if (answered.has(press.sha)) continue;
    const checked = await checkPress(github, { press, repository, policy, creators: [], now });
    acting.log.info({ environment, ...checked }, 'Button pressed');
    if (press.button === 'reevaluate' && checked.refused === null) continue;
    const name = gateCheckName(spellingOf(context, acting.job, environment));
    const run = await observeCheckRun(github, { repository, sha: press.sha, name, appId });
    if (run === null) continue;
    const at = { repository, environment, sha: press.sha };
    const state = withPress(mergeGateStates(stateOfRun(run), saidOn(memory.gates, at)), checked);
    const said: CheckRunChange['run'] = {
      name,
      conclusion: run.conclusion === 'success' ? 'success' : 'neutral',
      title: run.title,
      summary: withPressesTold(run.summary, state),
      annotations: [],
    };
    await writeGateReport(context, acting, { run: said, sha: press.sha, existing: run });
    if (!context.observeOnly) memory.gates.said.set(gateMemoryKey(repository, environment, press.sha), state);
  }
}
