import type { InstallationId } from '../github/ids.ts';
import type { Job } from './job.ts';

/** Carries out one job. Throwing means: try again later, with backoff. */
export type JobRunner = (job: Job) => Promise<void>;

/**
 * Where jobs wait. Jobs of one key never run at the same time; one that arrives while another of its key waits is
 * merged into it; however many arrive while one runs cause exactly one more run.
 */
export interface Queue {
  /**
   * Resolves once the job is kept as durably as this queue keeps anything.
   * @throws QueueFullError when it cannot take more.
   */
  add(job: Job): Promise<void>;
  /** Starts to run jobs. */
  start(run: JobRunner): void;
  /** Resolves to the reason why nothing can be taken now, or to null when it can. */
  unready(): Promise<string | null>;
  /** Jobs that wait, and for how long the oldest of them has waited, in milliseconds. */
  depth(): Promise<{ readonly waiting: number; readonly oldest: number }>;
  /** Jobs of one installation that wait; of all where the queue cannot tell them apart. */
  waitingOf(installation: InstallationId): Promise<number>;
  /** Starts no further job, and resolves when those that run have ended or `patience` milliseconds are over. */
  stop(patience: number): Promise<void>;
  /** Resolves when this process runs nothing and, where jobs wait in its memory, none waits. */
  idle(): Promise<void>;
}

/** The queue holds as many jobs as it may. The sender is told to come back. */
export class QueueFullError extends Error {
  override readonly name: string = 'QueueFullError';
}

/** What the queue is kept in does not answer. The sender is told to come back. */
export class QueueUnreachableError extends QueueFullError {
  override readonly name = 'QueueUnreachableError';
}

/** Whether an error is, or holds, a QueueFullError: Octokit's webhooks wrap what handlers throw. */
export function isQueueFull(error: unknown): boolean {
  if (error instanceof QueueFullError) return true;
  if (typeof error !== 'object' || error === null || !('errors' in error)) return false;
  return Array.isArray(error.errors) && error.errors.some(isQueueFull);
}
