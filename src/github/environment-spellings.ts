import { LRUCache } from 'lru-cache';
import { environmentKey, type RepositoryId } from './ids.ts';

/** Whoever sees an environment's name as GitHub spells it says so here. */
export interface SpellingsSeen {
  see(repository: RepositoryId, name: string): void;
}

/**
 * How the names of environments were spelled. Names are compared without regard to case, but GitHub's lists of
 * deployments are filtered by the exact one: who looks for an environment's deployments needs every spelling.
 */
export interface EnvironmentSpellings extends SpellingsSeen {
  /** The spellings seen by this process, newest last; none where none was. */
  spellings(repository: RepositoryId, environment: string): readonly string[];
}

const MOST_ENVIRONMENTS = 20_000;
/** More of one name than this, and somebody is playing. */
const MOST_SPELLINGS = 8;

/** Remembers in memory, the least recently used environments being forgotten first. */
export function createEnvironmentSpellings(): EnvironmentSpellings {
  const seen = new LRUCache<string, readonly string[]>({ maxSize: MOST_ENVIRONMENTS, sizeCalculation: () => 1 });
  const keyOf = (repository: RepositoryId, name: string): string => `${repository}/${environmentKey(name)}`;
  return {
    see(repository, name) {
      const key = keyOf(repository, name);
      const others = (seen.get(key) ?? []).filter((other) => other !== name);
      seen.set(key, [...others, name].slice(-MOST_SPELLINGS));
    },
    spellings: (repository, environment) => seen.get(keyOf(repository, environment)) ?? [],
  };
}
