import type { CheckRunChange } from '../changes/change.ts';
import { observeCheckRun, type ExistingCheckRun } from '../github/check-runs.ts';
import { gateCheckName, isGateDigest } from '../reports/gate-check.ts';
import { withPressesTold } from '../reports/gate-report.ts';
import { mergeGateStates, wasPressed, withPress, type ButtonPress, type GateState } from '../reports/gate-state.ts';
import { writeGateReport, writesReports, type GateActing } from './act-on-gates.ts';
import { stateOfRun } from './gate-states.ts';
import { gateMemoryKey, saidOn } from './gates-memory.ts';
import type { GatesLook } from './gates-look.ts';
import type { Press } from './job.ts';
import { checkPress } from './press-buttons.ts';
import type { JobContext } from './run-job.ts';

/**
 * Writes presses down on commits of which nothing waits now. What was decided stays decided: Re-evaluate changes nothing, and
 * says so; a bypass covers what is deployed of the commit from then on.
 *
 * @param seen.answered the commits whose presses are told already.
 * @throws GitHubError
 */
export async function answerLatePresses(
  context: JobContext,
  acting: GateActing,
  { look, answered }: { readonly look: GatesLook; readonly answered: ReadonlySet<string> },
): Promise<void> {
  const { memory } = context;
  const { repository, installation, presses = [] } = acting.job;
  const github = context.clients.installation(installation);
  const { environment, policy, now } = look;
  for (const press of presses) {
    if (answered.has(press.sha)) continue;
    const checked = await checkPress(github, { press, repository, policy, creators: [], now });
    const found = writesReports(look) ? await findRun(context, acting, { environment, press }) : null;
    if (found === null) {
      acting.log.info({ environment, ...checked }, 'Button pressed');
      continue;
    }
    const { name, run } = found;
    const at = { repository, environment, sha: press.sha };
    const before = mergeGateStates(stateOfRun(run), saidOn(memory.gates, at));
    if (wasPressed(before, press)) continue;
    const late = asLate(checked, before);
    acting.log.info({ environment, ...late }, 'Button pressed');
    const state = withPress(before, late);
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

/** The check run whose button it was: the delivery tells how it spells the environment, so that this is the newest one. */
async function findRun(
  { clients, memory, appId }: JobContext,
  { job: { repository, installation } }: GateActing,
  { environment, press }: { readonly environment: string; readonly press: Press },
): Promise<{ readonly name: string; readonly run: ExistingCheckRun } | null> {
  const github = clients.installation(installation);
  const spellings = [environment, ...memory.spellings.spellings(repository.id, environment)];
  for (const name of new Set(spellings.toReversed().map(gateCheckName))) {
    const run = await observeCheckRun(github, { repository, sha: press.sha, name, isOfKind: isGateDigest, appId });
    if (run !== null) return { name, run };
  }
  return null;
}

/** Whoever presses what can do nothing any more is told why. */
function asLate(press: ButtonPress, { answers }: GateState): ButtonPress {
  if (press.refused !== null) return press;
  if (press.button === 'bypass') return { ...press, late: true };
  const isDecided = answers.some(({ answered }) => answered !== null);
  return {
    ...press,
    refused: isDecided
      ? 'what was decided is final; to have the gates asked again, deploy again'
      : 'nothing of this commit waits here any more',
  };
}
