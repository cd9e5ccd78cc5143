import type { EnvironmentSpellings } from '../github/environment-spellings.ts';
import type { Job } from './job.ts';
import type { JobRunner, Queue } from './queue.ts';

/*
 * How an environment is spelled is known to the process that took the delivery. Where another one may run the job, the
 * job carries it along.
 */

/** The job with what this process knows of its environment's spellings. */
export function withSpellings(job: Job, known: Pick<EnvironmentSpellings, 'spellings'>): Job {
  if (job.scope.kind !== 'environment') return job;
  const spellings = known.spellings(job.repository.id, job.scope.environment);
  return spellings.length === 0 ? job : { ...job, spellings };
}

/** The queue, with what this process knows of spellings added to every job. */
export function carryingSpellings<Q extends Pick<Queue, 'add'>>(
  queue: Q,
  known: Pick<EnvironmentSpellings, 'spellings'>,
): Q {
  return { ...queue, add: (job: Job) => queue.add(withSpellings(job, known)) };
}

/** Runs jobs once this process has learnt what they carry. */
export function learnSpellings(run: JobRunner, known: Pick<EnvironmentSpellings, 'see'>): JobRunner {
  return (job) => {
    for (const name of job.spellings ?? []) known.see(job.repository.id, name);
    return run(job);
  };
}
