import { keyOfRun } from '../gates/asked.ts';
import type { ObservedGates } from '../gates/observe.ts';
import type { Candidate, GatesSnapshot, OwnCheckRun, StandingDeployment } from '../gates/snapshot.ts';
import { GitHubError } from '../github/port.ts';
import {
  bypassesOf,
  decodeGateState,
  mergeGateStates,
  NO_GATE_STATE,
  type GateAnswer,
  type GateState,
} from '../reports/gate-state.ts';
import { saidOn } from './gates-memory.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/** What was said so far, by commit. */
export type GateStates = Map<string, GateState>;

/**
 * What was said on each candidate's commit, as its check run and this process remember it.
 * @throws GitHubError where a check run cannot be read: what was approved must not be forgotten
 */
export function gateStates(
  { memory }: Pick<JobContext, 'memory'>,
  { repository }: Job,
  { environment, observed }: { readonly environment: string; readonly observed: ObservedGates },
): GateStates {
  const states: GateStates = new Map();
  for (const [sha, run] of observed.ownRuns) {
    if (run.kind === 'unreadable') {
      throw new GitHubError({ kind: 'unavailable', status: null, operation: 'GateFacts', message: run.why });
    }
    states.set(sha, mergeGateStates(stateOfRun(run.value), saidOn(memory.gates, { repository, environment, sha })));
  }
  return states;
}

export function stateOfRun(run: Pick<OwnCheckRun, 'summary'> | null): GateState {
  return run === null ? NO_GATE_STATE : (decodeGateState(run.summary) ?? NO_GATE_STATE);
}

export function stateOn(states: GateStates, sha: string): GateState {
  return states.get(sha) ?? NO_GATE_STATE;
}

/** What was said of a candidate so far, perhaps when it was not known yet which deployment a run's is. */
export function saidOf(states: GateStates, { key, sha, run, deployment }: Named): GateAnswer | null {
  const { answers } = stateOn(states, sha);
  const said = answers.find((answer) => answer.key === key);
  if (said !== undefined || run === null || deployment === null) return said ?? null;
  return answers.find((answer) => answer.key === keyOfRun(run, null) && answer.deployment === deployment) ?? null;
}

type Named = Pick<Candidate, 'key' | 'sha' | 'run' | 'deployment'>;

/** Whether a candidate was approved or rejected: it waits for nothing but that GitHub takes note. */
export function isDecided(states: GateStates, candidate: Named): boolean {
  return (saidOf(states, candidate)?.answered ?? null) !== null;
}

/**
 * The snapshot with what this process has said: GitHub may not show it yet. Those that were decided are no candidates any
 * more, and stand in the others' way as what they are.
 */
export function withSaid(
  { memory }: Pick<JobContext, 'memory'>,
  { repository }: Job,
  seen: { readonly environment: string; readonly snapshot: GatesSnapshot; readonly states: GateStates },
): GatesSnapshot {
  const { environment, snapshot, states } = seen;
  const saidOnCommit = (sha: string): GateState =>
    states.get(sha) ?? saidOn(memory.gates, { repository, environment, sha });
  const decided = snapshot.candidates.filter((one) => isDecided(states, one));
  const candidates = snapshot.candidates
    .filter((one) => !decided.includes(one))
    .map((one) => ({ ...one, bypasses: bypassesOf(stateOn(states, one.sha)) }));
  const { standing } = snapshot;
  if (standing.kind === 'unreadable') return { ...snapshot, candidates };
  const known = standing.value.map((one): StandingDeployment => {
    const answer = saidOnCommit(one.sha).answers.find(
      ({ key, deployment }) => key === one.candidate || (deployment !== null && deployment === Number(one.id)),
    );
    return { ...one, answered: answer?.answered ?? one.answered };
  });
  const missing = decided.filter(({ key }) => !known.some((one) => one.candidate === key));
  const added = missing.map((one): StandingDeployment => ({
    id: one.deployment,
    sha: one.sha,
    createdAt: one.createdAt,
    state: 'waiting',
    answered: saidOf(states, one)?.answered ?? null,
    candidate: one.key,
    mayAsk: false,
  }));
  return { ...snapshot, candidates, standing: { kind: 'known', value: [...known, ...added] } };
}
