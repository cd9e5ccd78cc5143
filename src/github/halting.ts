import type { GitHubClients } from './clients.ts';
import { GitHubError, type GitHub, type GitHubReader } from './port.ts';

/** What jobs are given. */
type Clients = Pick<GitHubClients, 'installation' | 'writer' | 'permissions' | 'isLimited'>;

/**
 * Clients that ask nothing any more once `signal` is aborted. A function may be frozen in the middle of a job and thawed
 * later: what it was about to do then has been done by somebody else.
 */
export function haltingClients(clients: Clients, signal: AbortSignal): Clients {
  return {
    installation: (id) => haltingReader(clients.installation(id), signal),
    writer: (...whose) => haltingGitHub(clients.writer(...whose), signal),
    permissions: (id) => clients.permissions(id),
    isLimited: (id) => clients.isLimited(id),
  };
}

function haltingReader(github: GitHubReader, signal: AbortSignal): GitHubReader {
  return {
    installation: github.installation,
    async query(document, variables) {
      check(document.name, signal);
      return github.query(document, variables);
    },
    async get(route, parameters) {
      check(route, signal);
      return github.get(route, parameters);
    },
  };
}

function haltingGitHub(github: GitHub, signal: AbortSignal): GitHub {
  return {
    ...haltingReader(github, signal),
    async mutate(document, variables) {
      check(document.name, signal);
      return github.mutate(document, variables);
    },
    async send(route, parameters) {
      check(route, signal);
      return github.send(route, parameters);
    },
  };
}

/** @throws GitHubError where the time is over. */
function check(operation: string, signal: AbortSignal): void {
  if (!signal.aborted) return;
  const message = 'not asked, because there is no time left for it';
  throw new GitHubError({ kind: 'unavailable', status: null, operation, message });
}
