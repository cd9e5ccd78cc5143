import { LRUCache } from 'lru-cache';
import type { Settings } from '../settings.ts';
import { createGitHub, createRequests } from './client.ts';
import type { Connection } from './connect.ts';
import type { InstallationId } from './ids.ts';
import type { GitHub } from './port.ts';

/** GitHub as each installation sees it, and as the app itself does. */
export interface GitHubClients {
  installation(id: InstallationId): GitHub;
  readonly app: Pick<GitHub, 'get'>;
  /** What an installation may do has changed: its next request gets a new token. */
  forgetToken(id: InstallationId): void;
  /** What an installation may do, as one word that differs where that does; empty before it has asked for anything. */
  permissions(id: InstallationId): string;
}

/** One that is dropped forgets nothing but the limits it was under. */
const MOST = 1000;

/** One client, and one throttle lane, for each installation; never Probot's `context.octokit`, which shares a lane. */
export function createGitHubClients(
  connection: Connection,
  settings: Pick<Settings, 'baseUrl' | 'pacing'>,
): GitHubClients {
  const { probot, tokens } = connection;
  const common = { fetchFor: connection.fetchFor, baseUrl: settings.baseUrl, pacing: settings.pacing };
  const clients = new LRUCache<InstallationId, GitHub>({
    max: MOST,
    memoMethod: (installation) =>
      createGitHub({
        ...common,
        installation,
        octokit: () => probot.auth(installation),
        forgetToken() {
          tokens.forget(installation);
        },
      }),
  });
  return {
    installation: (id) => clients.memo(id),
    app: createRequests({ ...common, installation: 'app', octokit: () => probot.auth(), forgetToken: null }),
    forgetToken(id) {
      tokens.forget(id);
    },
    permissions: (id) => tokens.permissions(id),
  };
}
