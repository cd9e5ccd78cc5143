import { expect, test } from '@jest/globals';
import { LRUCache } from 'lru-cache';
import { createEnvironmentSpellings } from '../../src/github/environment-spellings.ts';
import { installationId, repositoryId } from '../../src/github/trusted.ts';
import { claimMemory } from '../../src/jobs/claim.ts';
import type { Job } from '../../src/jobs/job.ts';
import { createMemory } from '../../src/jobs/memory.ts';

type Cache = LRUCache<string | number, object>;

function cachesIn(value: object): readonly Cache[] {
  if (value instanceof LRUCache) return [value as Cache];
  return Object.values(value).flatMap((one: unknown) => (typeof one === 'object' && one !== null ? cachesIn(one) : []));
}

function jobOf(installation: number, repository = 7): Job {
  return {
    installation: installationId(installation),
    repository: { id: repositoryId(repository), owner: 'acme', name: 'shop' },
    scope: { kind: 'repository' },
    reason: 'test',
  };
}

test('what one installation was shown of a repository is forgotten when another asks, in every cache', () => {
  const memory = createMemory(createEnvironmentSpellings());
  const { claimed, ...others } = memory;
  const caches = cachesIn(others);
  expect(caches.length).toBeGreaterThan(14);
  claimMemory(memory, jobOf(5));
  claimMemory(memory, jobOf(5, 71));
  const OURS = [7, '7', '7/production', '7 Lockkeeper'];
  const OTHERS = [71, '71/production', '70 Lockkeeper'];
  for (const cache of caches) for (const key of [...OURS, ...OTHERS]) cache.set(key, {}, { size: 1 });

  claimMemory(memory, jobOf(5));
  expect(caches.map((cache) => OURS.filter((key) => cache.has(key)))).toEqual(caches.map(() => OURS));
  claimMemory(memory, jobOf(6));
  for (const cache of caches) expect([...cache.keys()].sort()).toEqual([...OTHERS].sort());
  expect(claimed.get(7)).toBe(6);
});
