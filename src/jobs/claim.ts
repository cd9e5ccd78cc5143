import { LRUCache } from 'lru-cache';
import type { Job } from './job.ts';
import type { ProcessMemory } from './memory.ts';

/**
 * Has what is remembered of a repository belong to the installation that looks: what another one was shown of it, before it
 * was transferred, say, is forgotten. Caches know a repository by its number, alone or at the start of their key.
 */
export function claimMemory(
  memory: ProcessMemory,
  { installation, repository }: Pick<Job, 'installation' | 'repository'>,
): void {
  const owner = memory.claimed.get(repository.id);
  memory.claimed.set(repository.id, installation);
  if (owner === undefined || owner === installation) return;
  const { claimed: _claimed, ...caches } = memory;
  for (const cache of cachesIn(caches)) forget(cache, repository.id);
}

type AnyCache = Pick<LRUCache<string | number, object>, 'keys' | 'delete'>;

function cachesIn(value: unknown): readonly AnyCache[] {
  if (value instanceof LRUCache) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(cachesIn) : [];
}

function forget(cache: AnyCache, repository: number): void {
  const own = new RegExp(`^${repository}(?!\\d)`);
  for (const key of [...cache.keys()]) if (own.test(String(key))) cache.delete(key);
}
