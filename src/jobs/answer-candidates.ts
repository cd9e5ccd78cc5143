import { decideAnswer } from '../gates/decide-answer.ts';
import { decideGates, nextLook } from '../gates/decide.ts';
import type { ObservedGates } from '../gates/observe.ts';
import type { Candidate } from '../gates/snapshot.ts';
import type { GateDecision } from '../reports/gate-decision.ts';
import { wasPressed, withPress } from '../reports/gate-state.ts';
import type { GateActing } from './act-on-gates.ts';
import { answerCommit, sendAgain } from './answer-commit.ts';
import type { Decided } from './gate-answer-change.ts';
import { gateStates, isDecided, saidOf, stateOn, withSaid, type GateStates } from './gate-states.ts';
import type { WaitingCandidate } from './gates-memory.ts';
import type { GatesLook } from './gates-look.ts';
import { checkPress } from './press-buttons.ts';
import { tellDecision } from './tell-decision.ts';
import type { JobContext } from './run-job.ts';

/** What came of a look: what goes on waiting, and until when at the least. */
export interface Answered {
  readonly waits: readonly WaitingCandidate[];
  /** Milliseconds since the epoch; null: nobody knows. */
  readonly at: number | null;
  /** The deployments among what waits. */
  readonly deployments: ReadonlySet<number>;
  /** The commits of what was decided now: their check runs tell the presses on them. */
  readonly commits: ReadonlySet<string>;
}

/**
 * Decides all that waits in an environment together, and answers it commit by commit.
 * @throws GitHubError
 */
export async function answerCandidates(
  context: JobContext,
  acting: GateActing,
  { look, observed }: { readonly look: GatesLook; readonly observed: ObservedGates },
): Promise<Answered> {
  const { job, log } = acting;
  const { environment, policy, now, mode } = look;
  const states = gateStates(context, job, { environment, observed });
  await checkPresses(context, acting, { look, observed, states });
  await sendAgain(context, acting, {
    look,
    observed,
    answers: observed.snapshot.candidates.flatMap((candidate) => {
      const answer = isDecided(states, candidate) ? saidOf(states, candidate) : null;
      return answer === null ? [] : [{ candidate, answer }];
    }),
  });
  const snapshot = withSaid(context, job, { environment, snapshot: observed.snapshot, states });
  const decisions = decideGates({ snapshot, policy, now });
  const decided = snapshot.candidates.flatMap((candidate): readonly Decided[] => {
    const decision = decisions.get(candidate.key);
    if (decision === undefined) return [];
    tellDecision(context, job, { environment, candidate, decision, log });
    const before = saidOf(states, candidate);
    return [{ candidate, decision, before, answer: decideAnswer({ candidate, decision, before, mode, now }) }];
  });
  const commits = new Set(decided.map(({ candidate }) => candidate.sha));
  for (const sha of commits) {
    const here = decided.filter(({ candidate }) => candidate.sha === sha);
    await answerCommit(context, acting, { look, observed, sha, decided: here, state: stateOn(states, sha) });
  }
  // With `mode: report`, a run is approved whatever its gates say; a deployment of the API's is told nothing.
  const waiting = decided.filter(({ candidate, decision, answer }) => {
    return mode === 'report' ? candidate.run === null && answer.tell === 'nothing' : decision.verdict === 'waiting';
  });
  return {
    waits: waiting.map((one) => waitingCandidate(one, observed.snapshot.environment)),
    at: nextLook(waiting.map(({ decision }) => decision))?.at ?? null,
    deployments: new Set(waiting.flatMap(({ candidate: { deployment } }) => (deployment === null ? [] : [deployment]))),
    commits,
  };
}

/** Writes down who pressed what on the commits of what is not decided, and whether it counts. */
async function checkPresses(
  context: JobContext,
  { job, log }: GateActing,
  seen: { readonly look: GatesLook; readonly observed: ObservedGates; readonly states: GateStates },
): Promise<void> {
  const { look, observed, states } = seen;
  const github = context.clients.installation(job.installation);
  for (const press of job.presses ?? []) {
    const here = observed.snapshot.candidates.filter((one) => one.sha === press.sha && !isDecided(states, one));
    if (here.length === 0 || wasPressed(stateOn(states, press.sha), press)) continue;
    const creators = here.map(({ creator }) => (creator.kind === 'known' ? creator.value.login : null));
    const { policy, now } = look;
    const checked = await checkPress(github, { press, repository: job.repository, policy, creators, now });
    log.info({ environment: look.environment, ...checked }, 'Button pressed');
    // Looking again is what is done now: there is nothing to be remembered of it.
    if (checked.button === 'reevaluate' && checked.refused === null) continue;
    states.set(press.sha, withPress(stateOn(states, press.sha), checked));
  }
}

/** @param environment as GitHub spells it. */
function waitingCandidate({ candidate, decision }: Decided, environment: string): WaitingCandidate {
  return { asked: askedAgain(candidate, environment), sha: candidate.sha, gates: gatesOfDecision(decision) };
}

function askedAgain({ run, deployment, sha, createdAt }: Candidate, environment: string): WaitingCandidate['asked'] {
  if (run !== null) {
    const known = deployment === null ? {} : { deployment, ...(createdAt === null ? {} : { createdAt }) };
    return { kind: 'run', run: run.id, environment, ...known };
  }
  if (deployment === null) throw new TypeError('What waits is a run or a deployment');
  return { kind: 'deployment', id: deployment, sha };
}

function gatesOfDecision({ results }: GateDecision): ReadonlySet<string> {
  return new Set(results.filter(({ verdict, bypassed }) => verdict !== 'passes' && !bypassed).map(({ gate }) => gate));
}
