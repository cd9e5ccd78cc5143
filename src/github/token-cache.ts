import { LRUCache } from 'lru-cache';
import type { InstallationId } from './ids.ts';

/** Where Octokit keeps the tokens of installations: the shape that `@octokit/auth-app` asks for. */
export interface TokenCache {
  get(key: string): string | undefined | Promise<string | undefined>;
  set(key: string, value: string): void | Promise<void>;
  /** The next request gets a new token: the old one knows nothing of permissions granted since, or was revoked. */
  forget(installation: InstallationId): void;
  /** What the token of an installation may do, as one word that differs where that does; empty where nobody knows. */
  permissions(installation: InstallationId): string;
  /** Whether the installation is limited to some repositories, as GitHub said with the token; no where nobody knows. */
  isLimited(installation: InstallationId): boolean;
}

/** As many as Probot keeps. */
const MOST = 15_000;
/** A minute less than GitHub's hour, as Probot has it. */
export const TOKEN_LIFETIME = 59 * 60_000;

export function createTokenCache(): TokenCache {
  const tokens = new LRUCache<string, string>({ maxSize: MOST, sizeCalculation: () => 1, ttl: TOKEN_LIFETIME });
  return {
    get: (key) => tokens.get(key),
    set(key, value) {
      tokens.set(key, value);
    },
    forget(installation) {
      tokens.delete(String(installation));
    },
    // `@octokit/auth-app` writes token, times, selection and permissions, with bars between them.
    permissions: (installation) => tokens.get(String(installation))?.split('|')[4] ?? '',
    isLimited: (installation) => tokens.get(String(installation))?.split('|')[3] === 'selected',
  };
}
