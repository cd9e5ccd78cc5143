import type { GateDecision, GateResult } from '../../src/reports/gate-decision.ts';
import { decideGates } from '../../src/gates/decide.ts';
import { gatesPolicyFor, type UsablePolicy } from '../../src/gates/gates-policy.ts';
import type {
  Candidate,
  CandidateFacts,
  CommitCheck,
  CommitPullRequest,
  Fact,
  GatesSnapshot,
  StandingDeployment,
} from '../../src/gates/snapshot.ts';
import { commitSha, deploymentId } from '../../src/github/trusted.ts';
import { policyOf } from '../policy/policy-of.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** The time of every case: a Monday. */
export const NOW = Date.parse('2026-03-02T12:00:00Z');

/** A commit by a letter from a to f. */
export const sha = (letter: string) => commitSha(letter.repeat(40));

export const known = <T>(value: T): Fact<T> => ({ kind: 'known', value });
export const unreadable: Extract<Fact<never>, { kind: 'unreadable' }> = { kind: 'unreadable', why: 'GitHub was busy' };

/** Facts that nobody asked for. */
const NOTHING_READ: CandidateFacts = {
  containedIn: unreadable,
  creatorTeams: unreadable,
  checks: unreadable,
  pullRequests: unreadable,
  elsewhere: new Map(),
  ancestry: unreadable,
  succeededHere: unreadable,
};

export interface Given extends Partial<Omit<Candidate, 'deployment' | 'sha' | 'facts' | 'createdAt'>> {
  readonly id?: number | null;
  readonly commit?: string;
  /** How long ago it was created, in milliseconds; null: nobody knows. */
  readonly age?: number | null;
  readonly facts?: Partial<CandidateFacts>;
}

/** A deployment of `main` by octocat, two hours old. */
export function candidate({ id = 1, commit = 'a', age = 2 * HOUR, facts, ...rest }: Given = {}): Candidate {
  return {
    key: `deployment/${id ?? 'none'}`,
    run: null,
    ref: { kind: 'branch', name: 'main' },
    creator: known({ login: 'octocat', app: null }),
    bypasses: [],
    ...rest,
    deployment: id === null ? null : deploymentId(id),
    sha: sha(commit),
    createdAt: age === null ? null : NOW - age,
    facts: { ...NOTHING_READ, ...facts },
  };
}

export function standing(
  given: Partial<Omit<StandingDeployment, 'id' | 'sha' | 'createdAt'>> & {
    readonly id?: number;
    readonly commit?: string;
    readonly age?: number;
  },
): StandingDeployment {
  const { id = 9, commit = 'f', age = HOUR, ...rest } = given;
  return {
    state: 'in_progress',
    answered: null,
    candidate: null,
    mayAsk: false,
    ...rest,
    id: deploymentId(id),
    sha: sha(commit),
    createdAt: NOW - age,
  };
}

/** A snapshot of production in which the candidates stand, and what else is given. */
export function snapshot(
  candidates: readonly Candidate[],
  others: readonly StandingDeployment[] | 'unreadable' = [],
): GatesSnapshot {
  const own = candidates.map(({ key, deployment, sha: commit, createdAt }) => ({
    id: deployment,
    sha: commit,
    createdAt,
    state: 'pending' as const,
    answered: null,
    candidate: key,
    mayAsk: true,
  }));
  return {
    environment: 'production',
    candidates,
    standing: others === 'unreadable' ? unreadable : known([...own, ...others]),
  };
}

/** What a policy with these lines in the entry of production says of it. */
export function policy(entry: string, rest = ''): UsablePolicy {
  const lines = entry === '' ? '' : `    ${entry.trim().replaceAll('\n', '\n    ')}\n`;
  return gatesPolicyFor(policyOf(`version: 1\nenvironments:\n  - name: production\n${lines}${rest}`), 'production');
}

/** What one gate, in YAML's flow style, says of a candidate. */
export function ask(
  gate: string,
  given: Given = {},
  {
    others,
    rest = '',
    now = NOW,
  }: {
    readonly others?: readonly StandingDeployment[] | 'unreadable';
    readonly rest?: string;
    readonly now?: number;
  } = {},
): GateResult {
  const [result] = only(
    decideGates({ snapshot: snapshot([candidate(given)], others), policy: policy(`gates: [${gate}]`, rest), now }),
  ).results;
  if (result === undefined) throw new Error('The gate said nothing');
  return result;
}

export function only(decisions: ReadonlyMap<string, GateDecision>): GateDecision {
  const [decision] = decisions.values();
  if (decision === undefined || decisions.size !== 1) throw new Error(`${decisions.size} decisions`);
  return decision;
}

/** `passes: ref_matches`, as tables have it. */
export const told = ({ verdict, code }: GateResult): string => `${verdict}: ${code}`;

let checkIds = 0;

export function check(name: string, state: string, rest: Partial<CommitCheck> = {}): CommitCheck {
  checkIds += 1;
  return {
    kind: 'check_run',
    app: 'github-actions',
    name,
    state,
    startedAt: NOW - HOUR,
    finishedAt: null,
    id: checkIds,
    own: false,
    run: null,
    ...rest,
  };
}

export function pullRequest(given: Partial<CommitPullRequest> = {}): CommitPullRequest {
  return { number: 5, state: 'merged', base: 'main', approvals: 1, ...given };
}
