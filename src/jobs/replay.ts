import { decideGates } from '../gates/decide.ts';
import { gatesOf, gatesPolicyFor, neededFacts, type UsablePolicy } from '../gates/gates-policy.ts';
import { uniteNeeds } from '../gates/needed-facts.ts';
import { observePast, type PastMoment } from '../gates/observe-past.ts';
import type { RepositoryRef } from '../github/ids.ts';
import type { GitHubReader } from '../github/port.ts';
import { observeEnvironmentNames } from '../lifecycle/observe-environments.ts';
import { hasGates } from '../policy/has-gates.ts';
import { freezeCovers } from '../policy/calendar.ts';
import type { Policy } from '../policy/schema.ts';
import type { GateDecision } from '../reports/gate-decision.ts';
import type { Replay, ReplayedDeployment } from '../reports/replay.ts';

export interface ReplayQuestion {
  readonly repository: RepositoryRef;
  /** The policy in force; null where there is none. */
  readonly today: Policy | null;
  /** The policy to compare it with; null: today's is compared with what happened. */
  readonly given: Policy | null;
  /** Of each environment. */
  readonly last: number;
  /** How many environments at most. */
  readonly environments: number;
}

/**
 * Decides the last deployments of each gated environment again, as of their time, under one policy or two.
 * @throws GitHubError
 */
export async function replayGates(github: GitHubReader, question: ReplayQuestion): Promise<Replay> {
  const { repository, today, given } = question;
  const policies = [today, given].filter((policy) => policy !== null);
  const names = policies.some(speaksOfGates) ? [...(await observeEnvironmentNames(github, repository)).values()] : [];
  const gated = names.filter((name) => policies.some((policy) => isGated(policy, name)));
  const chosen = gated.slice(0, question.environments);
  const deployments: ReplayedDeployment[] = [];
  for (const environment of chosen) deployments.push(...(await replayEnvironment(github, question, environment)));
  return { compared: given === null ? 'happened' : 'policies', deployments, leftOut: gated.slice(chosen.length) };
}

function speaksOfGates({ environments, freezes }: Policy): boolean {
  return freezes.length > 0 || environments.some(hasGates);
}

/** Whether anything could ever hold a deployment of the environment back. */
function isGated(policy: Policy, environment: string): boolean {
  const found = gatesPolicyFor(policy, environment);
  return gatesOf(found).length > 0 || policy.freezes.some((freeze) => freezeCovers(freeze, environment));
}

async function replayEnvironment(
  github: GitHubReader,
  { repository, today, given, last }: ReplayQuestion,
  environment: string,
): Promise<readonly ReplayedDeployment[]> {
  const [now, then] = [today, given].map((policy) => (policy === null ? null : gatesPolicyFor(policy, environment)));
  const both = [now, then].filter((policy) => policy !== null && policy !== undefined);
  const moments = await observePast(github, {
    repository,
    environment,
    last,
    needs: uniteNeeds(both.map(neededFacts)),
    checks: both
      .flatMap((policy) => policy.entry?.gates ?? [])
      .flatMap((gate) => ('checks' in gate ? gate.checks : [])),
  });
  return moments.map((moment) => {
    const decided = {
      today: decideAsOf(now ?? null, moment),
      given: given === null ? null : decideAsOf(then ?? null, moment),
    };
    const { deployment, at, wentAhead } = moment;
    return {
      id: deployment.id,
      environment,
      sha: deployment.sha,
      ref: deployment.ref?.name ?? deployment.sha,
      at,
      wentAhead,
      ...decided,
      differs: differs(decided, wentAhead),
    };
  });
}

/** Where there is no policy, everything is approved. */
function decideAsOf(policy: UsablePolicy | null, { snapshot, at }: PastMoment): GateDecision {
  const [decision] = policy === null ? [] : decideGates({ snapshot, policy, now: at }).values();
  return decision ?? { verdict: 'approved', results: [], changesAt: null, bypass: null, heldUntil: null };
}

/** Of what never went ahead nobody knows whether it was held back. */
function differs(
  { today, given }: { readonly today: GateDecision; readonly given: GateDecision | null },
  wentAhead: boolean,
): boolean {
  return given === null ? wentAhead && today.verdict !== 'approved' : given.verdict !== today.verdict;
}

/** Whether two policies hold deployments back alike, so that nothing would be decided differently. */
export function gatesAreAlike(one: Policy | null, other: Policy | null): boolean {
  return partsOf(one) === partsOf(other);
}

function partsOf(policy: Policy | null): string {
  if (policy === null || !speaksOfGates(policy)) return '';
  const { environments, freezes, check_runs } = policy;
  const entries = environments.map(({ name, rank, gates, bypass, unusable }) => [name, rank, gates, bypass, unusable]);
  return JSON.stringify([entries, freezes, check_runs]);
}
