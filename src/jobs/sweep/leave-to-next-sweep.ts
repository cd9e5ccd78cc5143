import type { InstallationId } from '../../github/ids.ts';
import type { Logger } from '../../logging.ts';
import { describeJob } from '../job.ts';
import type { JobRunner } from '../queue.ts';

/**
 * Runs jobs, but for those that a sweep has asked for and nobody else while no more may be spent on sweeping: what they
 * would have done, a later sweep finds again.
 */
export function leaveToNextSweep(
  run: JobRunner,
  { maySpend, log }: { readonly maySpend: (installation: InstallationId) => boolean; readonly log: Logger },
): JobRunner {
  return (job) => {
    if (job.reason !== 'sweep' || job.deliveries !== undefined || maySpend(job.installation)) return run(job);
    log.debug(describeJob(job), 'left to the next sweep');
    return Promise.resolve();
  };
}
