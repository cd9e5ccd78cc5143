import { LRUCache } from 'lru-cache';
import type { EnvironmentSpellings } from '../github/environment-spellings.ts';
import type { InstallationId, RepositoryRef } from '../github/ids.ts';
import type { LifecycleCaches } from '../lifecycle/observe.ts';
import { createDeployKeysMemories, type DeployKeysMemories } from './deploy-keys-memory.ts';
import { createGatesMemories, type GatesMemories } from './gates-memory.ts';
import type { PlanLine } from '../reports/plan.ts';
import type { SourcedFindings } from './findings.ts';
import type { KnownReport } from './last-report.ts';
import type { SeenProtection } from './observed-protection.ts';
import type { NotAllowed } from './not-allowed.ts';
import type { Proof } from './sweep/proof.ts';
import { createPolicyCache, type LoadedFile, type PolicyCache } from '../policy/load.ts';

/** Up to where an environment's deployments have all ended. */
export interface Settled {
  /** Milliseconds since the epoch. */
  readonly before: number;
  /** How many there are from then on. */
  readonly since: number;
}

/**
 * What a process remembers to ask GitHub less often. Nothing in it is needed to be right: a process that starts without
 * it reads what it needs. All of it is bounded.
 */
export interface ProcessMemory {
  readonly policies: PolicyCache;
  readonly lifecycle: LifecycleCaches;
  readonly spellings: EnvironmentSpellings;
  /** By repository and environment: what was created before it has ended. */
  readonly settled: LRUCache<string, Settled>;
  /** By repository and environment: about how many deployments there are. */
  readonly sizes: LRUCache<string, number>;
  /** By repository and ref: where it was deployed to at the time, in lower case. */
  readonly deployedTo: LRUCache<string, { readonly at: number; readonly environments: ReadonlySet<string> }>;
  /** By repository and environment: of which refs deployments were left open by a look. */
  readonly open: LRUCache<string, { readonly at: number; readonly refs: ReadonlySet<string> }>;
  /** By repository id: an owner's own policy file as it was last acted on. */
  readonly organisations: LRUCache<number, LoadedFile>;
  /** By repository and source: what is to be reported. */
  readonly findings: LRUCache<number, Map<string, SourcedFindings>>;
  /** By repository and check run: the commit and digest of what was last written. */
  readonly reported: LRUCache<string, string>;
  /** By repository. */
  readonly deployKeys: DeployKeysMemories;
  readonly gates: GatesMemories;
  /** By repository: what the last report says to the next process. */
  readonly reports: LRUCache<number, KnownReport>;
  /** By repository: what a sweep has seen of protection a moment ago. */
  readonly seenProtection: LRUCache<number, SeenProtection>;
  /** By repository: what of `protection` GitHub does not allow. */
  readonly notAllowed: LRUCache<number, NotAllowed>;
  /** By repository: what would be done about protection, where it is only told. */
  readonly planned: LRUCache<number, readonly PlanLine[]>;
  /** By repository: the last of too many environments to be looked at in one go. */
  readonly fannedOutTo: LRUCache<number, string>;
  /** By repository: what showed that nothing was to be done. */
  readonly proofs: LRUCache<number, Proof>;
  /** By repository: the installation whose jobs have put there what is remembered of it. */
  readonly claimed: LRUCache<number, InstallationId>;
  /** What the log has been told and need not be told at every look. */
  readonly told: LRUCache<string, true>;
}

export function createMemory(spellings: EnvironmentSpellings): ProcessMemory {
  return {
    policies: createPolicyCache(),
    lifecycle: { creation: roomFor(200_000), pullRequests: roomFor(500) },
    spellings,
    settled: roomFor(100_000),
    sizes: roomFor(100_000),
    deployedTo: roomFor(5_000),
    open: roomFor(5_000),
    organisations: roomFor(10_000),
    findings: roomFor(50_000),
    reported: roomFor(50_000),
    deployKeys: createDeployKeysMemories(),
    gates: createGatesMemories(),
    reports: roomFor(20_000),
    seenProtection: roomFor(500),
    notAllowed: roomFor(20_000),
    planned: roomFor(5_000),
    fannedOutTo: roomFor(5_000),
    proofs: roomFor(50_000),
    claimed: roomFor(50_000),
    told: roomFor(50_000),
  };
}

/** With `max`, lru-cache takes all of the room at once: a fifth of a second of every process's start. */
function roomFor<K extends string | number, V extends object | string | number | boolean>(
  most: number,
): LRUCache<K, V> {
  return new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1 });
}

/** What an environment is remembered by. */
export function environmentMemoryKey(repository: RepositoryRef, environment: string): string {
  return `${repository.id}/${environment}`;
}

/** What a branch or a tag is remembered by. */
export function refMemoryKey(repository: RepositoryRef, ref: string): string {
  return `${repository.id}/${ref}`;
}
