import type { Metrics } from '../metrics.ts';
import type { Budgets } from './budgets.ts';
import type { InstallationId } from './ids.ts';

/** Who asked for what. `operation` is a route's template or a GraphQL document's name: there are only so many. */
export interface Asked {
  readonly operation: string;
  readonly installation: InstallationId | 'app' | 'person';
}

export interface Meter {
  answered(asked: Asked, answer: { readonly status: number; readonly headers: Headers }): void;
  /** No answer came, or not a whole one. */
  unanswered(asked: Asked): void;
}

/** Counts requests, and keeps what GitHub said about limits and about itself. */
export function createMeter(metrics: Metrics, budgets?: Pick<Budgets, 'note'>): Meter {
  metrics.githubUp.set(1);
  // By installation and by resource: REST and GraphQL have a limit each, and the gauge shows the lesser.
  const remaining = new Map<string, Map<string, number>>();
  return {
    answered(asked, { status, headers }) {
      metrics.githubRequests.inc({ operation: asked.operation, status });
      metrics.githubUp.set(status >= 500 ? 0 : 1);
      budgets?.note(asked, headers);
      const left = headers.get('x-ratelimit-remaining');
      if (left === null) return;
      const installation = String(asked.installation);
      const resources = remaining.get(installation) ?? new Map<string, number>();
      remaining.set(installation, resources.set(headers.get('x-ratelimit-resource') ?? 'core', Number(left)));
      metrics.githubRateLimitRemaining.set({ installation }, Math.min(...resources.values()));
    },
    unanswered(asked) {
      metrics.githubRequests.inc({ operation: asked.operation, status: 'none' });
      metrics.githubUp.set(0);
    },
  };
}

/** For where nobody looks: commands, and tests. */
export const silentMeter: Meter = { answered: () => undefined, unanswered: () => undefined };
