import { LRUCache } from 'lru-cache';
import { keyOfChange, type DeployKeyChange } from '../changes/deploy-key-change.ts';
import type { DeployKeysReport } from '../reports/deploy-keys-report.ts';
import type { Finding } from '../reports/reason-codes.ts';

/** GitHub's no to something that the policy wants, under one version of it. */
export interface Refusal {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It is not asked again before the next sweep, or for a day. */
  readonly until: 'sweep' | 'day';
  readonly finding: Finding;
}

/** What a process remembers of a repository's deploy keys. Nothing of it is needed to be right. */
export interface DeployKeysMemory {
  /** What the report was last asked to say. */
  told: string | null;
  /** What the report last said, and the findings in it. */
  reported: { readonly section: DeployKeysReport; readonly findings: readonly Finding[] } | null;
  /** The list could not be read. */
  denied: Refusal | null;
  /** By {@link refusalKey}. */
  readonly refused: Map<string, Refusal>;
  /** What the last sweep left over. */
  limited: Finding | null;
}

export type DeployKeysMemories = LRUCache<number, DeployKeysMemory>;

export function createDeployKeysMemories(): DeployKeysMemories {
  // With `max`, lru-cache would take all of the room at once.
  return new LRUCache({ maxSize: 20_000, sizeCalculation: () => 1 });
}

/** The memory of a repository, made where there is none. */
export function deployKeysMemory(memories: DeployKeysMemories, repository: number): DeployKeysMemory {
  const known = memories.get(repository);
  if (known !== undefined) return known;
  const fresh: DeployKeysMemory = {
    told: null,
    reported: null,
    denied: null,
    refused: new Map(),
    limited: null,
  };
  memories.set(repository, fresh);
  return fresh;
}

const DAY = 86_400_000;

function isFresh({ at }: { readonly at: number }, now: number): boolean {
  return now - at < DAY;
}

export function refusalKey(change: DeployKeyChange): string {
  return `${change.kind} ${keyOfChange(change).fingerprint}`;
}

/** What the installation may do has changed, perhaps. */
export function mayHaveBeenGranted(reason: string): boolean {
  return /^installation\b/.test(reason);
}

/**
 * Whether GitHub's no still stands, so that it is not asked again: until the next sweep or for a day, while neither the
 * policy nor what the installation may do changes.
 */
export function stands(
  refusal: Refusal,
  seen: { readonly version: string; readonly now: number; readonly reason: string },
): boolean {
  if (refusal.version !== seen.version || !isFresh(refusal, seen.now) || mayHaveBeenGranted(seen.reason)) return false;
  return refusal.until === 'day' || seen.reason !== 'sweep';
}
