import { installationId, repositoryId } from '../../src/github/trusted.ts';
import { createMemoryQueue, type MemoryQueueOptions } from '../../src/jobs/memory-queue.ts';
import { jobKey, type Job } from '../../src/jobs/job.ts';
import type { Queue } from '../../src/jobs/queue.ts';
import { createSilentLogger } from '../../src/logging.ts';
import { createMetrics, type Metrics } from '../../src/metrics.ts';
import { createManualClock, settle, type ManualClock } from './manual-clock.ts';

/** A job about the environment `name` of one repository of an installation. */
export function lookAt(name: string, installation = 1, more: Partial<Job> = {}): Job {
  return {
    installation: installationId(installation),
    repository: { id: repositoryId(7), owner: 'acme', name: 'shop' },
    scope: { kind: 'environment', environment: name },
    reason: 'test',
    ...more,
  };
}

export interface Run {
  readonly key: string;
  readonly job: Job;
  readonly at: number;
}

/** A queue, and every run of it in the hands of the test. */
export interface WorkBench {
  readonly queue: Queue;
  readonly clock: ManualClock;
  readonly metrics: Metrics;
  /** Every run that was started, oldest first. */
  readonly runs: readonly Run[];
  readonly running: () => readonly string[];
  /** Ends the run of a key that runs. */
  readonly finish: (name: string, error?: Error) => Promise<void>;
}

export function setUp(options: Partial<MemoryQueueOptions> = {}): WorkBench {
  const clock = createManualClock();
  const metrics = createMetrics();
  const log = createSilentLogger();
  const defaults = { concurrency: 4, limit: 100, spacing: 0, second: 1000, log, metrics, clock, random: () => 0 };
  const queue = createMemoryQueue({ ...defaults, ...options });
  const runs: Run[] = [];
  const open = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  queue.start((job) => {
    const key = jobKey(job);
    if (open.has(key)) throw new Error(`${key} runs already`);
    runs.push({ key, job, at: clock.now() });
    return new Promise((resolve, reject) => {
      open.set(key, { resolve, reject });
    });
  });
  return {
    queue,
    clock,
    metrics,
    runs,
    running: () => [...open.keys()],
    async finish(name, error) {
      const key = open.has(name) ? name : jobKey(lookAt(name));
      const run = open.get(key);
      open.delete(key);
      if (error === undefined) run?.resolve();
      else run?.reject(error);
      await settle();
    },
  };
}
