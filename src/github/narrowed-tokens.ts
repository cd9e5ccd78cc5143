import { LRUCache } from 'lru-cache';
import type { InstallationId, RepositoryId } from './ids.ts';
import type { WritePermission } from './write-routes.ts';

/** What a token is good for: one repository, and writing one kind of thing there. */
export interface NarrowedToken {
  readonly installation: InstallationId;
  readonly repository: RepositoryId;
  readonly permission: WritePermission;
}

export interface NarrowedTokens {
  /** Rejects as `make` does; nothing is kept then. */
  token(narrowed: NarrowedToken): Promise<string>;
  /** The next writes get new tokens: the old ones may have been revoked. */
  forget(installation: InstallationId): void;
}

/** Of the least recently used, those that are over go first. */
const MOST = 15_000;
/** Milliseconds: a minute less than GitHub's hour. */
const LIFETIME = 59 * 60_000;

/** Keeps the tokens of writes. They are made when they are needed, once for all who need one at the same time. */
export function createNarrowedTokens(make: (narrowed: NarrowedToken) => Promise<string>): NarrowedTokens {
  const tokens = new LRUCache<string, string, NarrowedToken>({
    maxSize: MOST,
    sizeCalculation: () => 1,
    ttl: LIFETIME,
    // One that is forgotten while it is being made still goes to who waits for it.
    ignoreFetchAbort: true,
    fetchMethod: (_key, _stale, { context }) => make(context),
  });
  return {
    token: (narrowed) => tokens.forceFetch(keyOf(narrowed), { context: narrowed }),
    forget(installation) {
      const prefix = `${installation} `;
      for (const key of [...tokens.keys()]) if (key.startsWith(prefix)) tokens.delete(key);
    },
  };
}

function keyOf({ installation, repository, permission }: NarrowedToken): string {
  return `${installation} ${repository} ${permission}`;
}
