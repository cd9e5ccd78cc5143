import { z } from 'zod';
import type { InstallationId, RepositoryRef } from '../github/ids.ts';
import type { Job } from '../jobs/job.ts';
import { ignored, type WebhookReader } from './outcome.ts';
import { namedRepository, readsInstallation } from './payload.ts';

const ACTIONS = new Set(['created', 'unsuspend', 'new_permissions_accepted']);

/**
 * The app may look at repositories, or do more in them, from now on.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation
 */
export const readInstallation: WebhookReader = readsInstallation(
  z.object({ action: z.string(), repositories: z.array(namedRepository).optional() }),
  ({ action, repositories }, installation) => {
    if (!ACTIONS.has(action)) return ignored(`the action is ${action}`);
    if (repositories === undefined) return { kind: 'installation', installation };
    const jobs = jobsFor(installation, repositories, `installation.${action}`);
    return { kind: 'jobs', jobs, changed: installation };
  },
);

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation_repositories */
export const readInstallationRepositories: WebhookReader = readsInstallation(
  z.object({ action: z.string(), repositories_added: z.array(namedRepository).default([]) }),
  ({ action, repositories_added: added }, installation) => {
    if (action !== 'added') return ignored(`the action is ${action}`);
    const jobs = jobsFor(installation, added, 'installation_repositories.added');
    return { kind: 'jobs', jobs, changed: installation };
  },
);

function jobsFor(installation: InstallationId, repositories: readonly RepositoryRef[], reason: string): readonly Job[] {
  return repositories.map((repository) => ({ installation, repository, scope: { kind: 'repository' }, reason }));
}
