import { LRUCache } from 'lru-cache';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import type { AskedCandidate } from '../gates/asked.ts';
import type { Governing } from '../policy/load.ts';
import { NO_GATE_STATE, type GateState } from '../reports/gate-state.ts';

/** Something that waits for gates. */
export interface WaitingCandidate {
  readonly asked: AskedCandidate;
  readonly sha: CommitSha;
  /** The gates that hold it; null: they have not been asked. */
  readonly gates: ReadonlySet<string> | null;
}

/** What waits for gates in a repository, as far as a process knows. */
export interface WaitingIn {
  /** Everything that waits is among it: the process has looked. */
  readonly isWhole: boolean;
  /** By environment, in lower case. */
  readonly by: ReadonlyMap<string, readonly WaitingCandidate[]>;
}

/** What a process remembers of gates. Nothing in it is needed to be right but with `check_runs: false`. Bounded. */
export interface GatesMemories {
  /** By repository. */
  readonly waiting: LRUCache<number, WaitingIn>;
  /** By repository, environment and commit: what was said, which GitHub may not show yet. */
  readonly said: LRUCache<string, GateState>;
  /** By repository, environment and candidate: GitHub has taken the decision, or needs none any more. */
  readonly answered: LRUCache<string, true>;
  /** By repository, environment and candidate: a digest of the decision that the log was last told. */
  readonly logged: LRUCache<string, string>;
  /** By repository and version of a policy that does not parse: what serves the gates meanwhile. */
  readonly standIns: LRUCache<string, Governing>;
}

export function createGatesMemories(): GatesMemories {
  return {
    waiting: roomFor(20_000),
    said: roomFor(20_000),
    answered: roomFor(20_000),
    logged: roomFor(20_000),
    standIns: roomFor(1_000),
  };
}

function roomFor<K extends string | number, V extends object | string | number | true>(most: number): LRUCache<K, V> {
  return new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1 });
}

/** Where something of an environment is: a commit, or a candidate by its key. */
export function gateMemoryKey(repository: RepositoryRef, environment: string, what: string): string {
  return `${repository.id}/${environment}/${what}`;
}

/** What this process has said of an environment's candidates on one commit. */
export function saidOn(
  memory: Pick<GatesMemories, 'said'>,
  at: { readonly repository: RepositoryRef; readonly environment: string; readonly sha: string },
): GateState {
  return memory.said.get(gateMemoryKey(at.repository, at.environment, at.sha)) ?? NO_GATE_STATE;
}

/** Puts what waits in an environment in the place of what waited there. */
export function rememberWaiting(
  memory: Pick<GatesMemories, 'waiting'>,
  found: {
    readonly repository: RepositoryRef;
    readonly environment: string;
    readonly candidates: readonly WaitingCandidate[];
  },
): void {
  const { repository, environment, candidates } = found;
  const known = memory.waiting.get(repository.id) ?? { isWhole: false, by: new Map() };
  const by = new Map(known.by);
  if (candidates.length === 0) by.delete(environment);
  else by.set(environment, candidates);
  memory.waiting.set(repository.id, { isWhole: known.isWhole, by });
}
