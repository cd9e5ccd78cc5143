import type { GitHubClients } from '../github/clients.ts';
import type { InstallationId } from '../github/ids.ts';
import type { Logger } from '../logging.ts';
import type { Metrics } from '../metrics.ts';
import type { Brakes } from './brakes.ts';
import { claimMemory } from './claim.ts';
import type { Job } from './job.ts';
import { lookAtDeployKeys } from './look-at-deploy-keys.ts';
import { lookAtEnvironment } from './look-at-environment.ts';
import { lookAtProposal } from './look-at-proposal.ts';
import { lookAtProtection } from './look-at-protection.ts';
import { lookAtRepository } from './look-at-repository.ts';
import type { ProcessMemory } from './memory.ts';
import type { JobRunner } from './queue.ts';
import type { Timers } from './timers.ts';

/** What a job needs of the process that it runs in. */
export interface JobContext {
  readonly clients: Pick<GitHubClients, 'installation' | 'writer' | 'permissions' | 'isLimited'>;
  readonly memory: ProcessMemory;
  readonly brakes: Brakes;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'changes' | 'gateDecisions'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** The app's own number: which check runs are its own. */
  readonly appId: number;
  /** Where GitHub's pages are, without a slash at its end. */
  readonly webUrl: string;
  /** Decides and logs, and writes nothing. */
  readonly observeOnly: boolean;
  /** Other processes take jobs from the same queue: what this one saw wait is not all that does. */
  readonly sharesJobs: boolean;
  /** Sweeps run: what is over a limit waits for the next one. */
  readonly sweeps: boolean;
  readonly enqueue: (job: Job) => Promise<void>;
  readonly timers: Pick<Timers, 'set'>;
  /** Has the repositories of an installation looked at, paced. Not waited for. */
  readonly lookAtInstallation: (
    installation: InstallationId,
    which: { readonly reason: string; readonly matches: (repositoryName: string) => boolean },
  ) => void;
}

/**
 * The pipeline: a job looks at how things stand now (`observe`), decides what should be different (`decide`), and
 * changes only that (`apply`). What went wrong is thrown, and the queue tries again.
 */
export function createJobRunner(context: JobContext): JobRunner {
  return (job) => {
    claimMemory(context.memory, job);
    switch (job.scope.kind) {
      case 'environment':
        return lookAtEnvironment(context, job, job.scope.environment);
      case 'deploy-keys':
        return lookAtDeployKeys(context, job);
      case 'policy':
        return job.scope.pullRequest === undefined
          ? lookAtRepository(context, job)
          : lookAtProposal(context, job, job.scope.pullRequest);
      case 'protection':
        return lookAtProtection(context, job);
      case 'repository':
        return lookAtRepository(context, job);
    }
  };
}
