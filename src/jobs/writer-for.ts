import type { GitHub } from '../github/port.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/**
 * Who makes a job's changes, other than the answers of gates. What no delivery has asked for (a sweep and what follows
 * from it, a policy of a whole organization) can be much at once, and leaves room for what one has.
 */
export function writerFor({ clients }: Pick<JobContext, 'clients'>, job: Job): GitHub {
  const purpose = job.deliveries === undefined ? 'sweep' : 'delivery';
  return clients.writer(job.installation, job.repository.id, purpose);
}
