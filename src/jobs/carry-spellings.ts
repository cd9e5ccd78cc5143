import type { EnvironmentSpellings } from '../github/environment-spellings.ts';
import type { Job } from './job.ts';
import type { JobRunner } from './queue.ts';

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

/** Runs jobs once this process has learnt what they carry. */
export function learnSpellings(run: JobRunner, known: Pick<EnvironmentSpellings, 'see'>): JobRunner {
  return (job) => {
    for (const name of job.spellings ?? []) known.see(job.repository.id, name);
    return run(job);
  };
}
