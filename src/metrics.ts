import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What became of a delivery. */
export type WebhookResult =
  | 'queued' // a job was added, or merged into one that waits
  | 'ignored' // nothing in it needs a look
  | 'rejected' // a bad signature, or no delivery of GitHub's
  | 'full' // turned away: the queue is full, or the process is stopping
  | 'failed'; // an error of ours

/** What became of a run of a job. */
export type JobResult = 'done' | 'retried' | 'dropped';

export type Metrics = ReturnType<typeof createMetrics>;

/** The names and labels that dashboards hold on to. Each set has a registry of its own, so that tests can have many. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    webhooks: new Counter({
      name: 'lockkeeper_webhooks_total',
      help: 'Deliveries by event and by what became of them: queued, ignored, rejected, full, failed.',
      labelNames: ['event', 'result'] as const,
      registers,
    }),
    jobs: new Counter({
      name: 'lockkeeper_jobs_total',
      help: 'Runs of jobs by scope and by how they ended: done, retried, dropped.',
      labelNames: ['scope', 'result'] as const,
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'lockkeeper_job_seconds',
      help: 'How long runs of jobs took.',
      labelNames: ['scope'] as const,
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
    githubRequests: new Counter({
      name: 'lockkeeper_github_requests_total',
      help: 'Requests to GitHub by route or GraphQL operation, and by status; "none" where no answer came.',
      labelNames: ['operation', 'status'] as const,
      registers,
    }),
    githubRateLimitRemaining: new Gauge({
      name: 'lockkeeper_github_rate_limit_remaining',
      help: 'What GitHub last said is left, the least of its REST and GraphQL limits.',
      labelNames: ['installation'] as const,
      registers,
    }),
    githubUp: new Gauge({
      name: 'lockkeeper_github_up',
      help: '1 while GitHub answers, 0 after a request that got a 5xx or no answer.',
      registers,
    }),
    changes: new Counter({
      name: 'lockkeeper_changes_total',
      help: 'Changes made on GitHub, by kind.',
      labelNames: ['kind'] as const,
      registers,
    }),
    gateDecisions: new Counter({
      name: 'lockkeeper_gate_decisions_total',
      help: 'Decisions of gates, by gate and decision.',
      labelNames: ['gate', 'decision'] as const,
      registers,
    }),
  };
}

/** What waits: how many, and for how long the oldest has, in milliseconds. */
interface Depth {
  depth(): Promise<{ readonly waiting: number; readonly oldest: number }>;
}

/**
 * What the whole process shows beside: the queue's two gauges, read when asked for, and Node's own. While the queue cannot
 * be asked, its gauges have no value: everything else is worth knowing then more than ever.
 */
export function exposeProcess(metrics: Metrics, queue: Depth): void {
  const registers = [metrics.registry];
  let asking: ReturnType<Depth['depth']> | null = null;

  /** Asks once for both gauges. */
  function ask(): ReturnType<Depth['depth']> {
    asking ??= queue.depth().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function show(gauge: Gauge, read: (depth: Awaited<ReturnType<Depth['depth']>>) => number): Promise<void> {
    try {
      gauge.set(read(await ask()));
    } catch {
      gauge.remove();
    }
  }

  new Gauge({
    name: 'lockkeeper_queue_depth',
    help: 'Jobs that wait.',
    registers,
    collect() {
      return show(this, ({ waiting }) => waiting);
    },
  });
  new Gauge({
    name: 'lockkeeper_queue_age_seconds',
    help: 'How long the oldest waiting job has waited.',
    registers,
    collect() {
      return show(this, ({ oldest }) => oldest / 1000);
    },
  });
  collectDefaultMetrics({ register: metrics.registry });
}
