import { LRUCache } from 'lru-cache';
import type { Settings } from '../settings.ts';
import { createLimitsOf, createRequests, type ClientOptions, type RequestingOctokit } from './client.ts';
import type { Connection } from './connect.ts';
import type { InstallationId, RepositoryId } from './ids.ts';
import type { Purpose } from './pace.ts';
import type { GitHub, GitHubReader } from './port.ts';

/** GitHub as each installation sees it, and as the app itself does. */
export interface GitHubClients {
  /** Reads all that the installation covers, and cannot write. */
  installation(id: InstallationId): GitHubReader;
  /**
   * Reads the same; writes to that one repository, each time with a token that can do no more than the write needs. Those
   * that are made for less leave room for those that somebody waits for.
   */
  writer(id: InstallationId, repository: RepositoryId, purpose: Purpose): GitHub;
  readonly app: Pick<GitHub, 'get'>;
  /** What an installation may do has changed: its next requests get new tokens. */
  forgetToken(id: InstallationId): void;
  /** What an installation may do, as one word that differs where that does; empty before it has asked for anything. */
  permissions(id: InstallationId): string;
  /** Whether an installation is limited to some repositories; no before it has asked for anything. */
  isLimited(id: InstallationId): boolean;
}

/** What is kept of an installation. One that is dropped forgets nothing but the limits it was under. */
interface Seat {
  readonly reader: GitHubReader;
  /** For writes; its requests bring their own tokens. */
  readonly bare: () => Promise<RequestingOctokit>;
  readonly common: Omit<ClientOptions, 'octokit'>;
}

const MOST = 1000;

/** One throttle lane for each installation; never Probot's `context.octokit`, which shares a lane. */
export function createGitHubClients(
  connection: Connection,
  settings: Pick<Settings, 'baseUrl' | 'pacing'>,
): GitHubClients {
  const { probot, tokens, narrowed } = connection;
  const common = { fetchFor: connection.fetchFor, baseUrl: settings.baseUrl, pacing: settings.pacing };

  function forgetToken(installation: InstallationId): void {
    tokens.forget(installation);
    narrowed.forget(installation);
  }

  function takeSeat(installation: InstallationId): Seat {
    const shared = {
      ...common,
      installation,
      limits: createLimitsOf(settings, (own) => connection.shared?.pace(installation, own) ?? own),
      forgetToken() {
        forgetToken(installation);
      },
    };
    const { query, get } = createRequests({ ...shared, octokit: () => probot.auth(installation) });
    let bare: Promise<RequestingOctokit> | null = null;
    return {
      reader: { installation, query, get },
      bare: () => (bare ??= Promise.resolve(connection.bareOctokit(installation))),
      common: shared,
    };
  }

  const seats = new LRUCache<InstallationId, Seat>({ max: MOST, memoMethod: takeSeat });
  return {
    installation: (id) => seats.memo(id).reader,
    writer(id, repository, purpose) {
      const { reader, bare, common } = seats.memo(id);
      const { send, mutate } = createRequests({
        ...common,
        octokit: bare,
        purpose,
        tokenFor: (permission) => narrowed.token({ installation: id, repository, permission }),
      });
      return { ...reader, send, mutate };
    },
    app: createRequests({ ...common, installation: 'app', octokit: () => probot.auth(), forgetToken: null }),
    forgetToken,
    permissions: (id) => tokens.permissions(id),
    isLimited: (id) => tokens.isLimited(id),
  };
}
