import type { Asked } from './meter.ts';

/** What GitHub last said of an installation's hourly limits. */
export interface Budgets {
  note(asked: Asked, headers: Headers): void;
  /**
   * Whether there is enough left for work that can wait: more than half of each limit. What is about a delivery comes
   * first and may use it up. What nobody has said anything about counts as whole.
   */
  hasSpare(installation: Asked['installation']): boolean;
}

/** Of a limit: what is under way beside when it is asked. */
const RESERVE = 0.02;

interface Left {
  readonly limit: number;
  readonly remaining: number;
  /** By the machine's clock. */
  readonly resetAt: number;
}

/** @param now milliseconds, from anywhere, never going back. */
export function createBudgets(now: () => number = () => performance.now()): Budgets {
  const known = new Map<Asked['installation'], Map<string, Left>>();
  return {
    note({ installation }, headers) {
      const limit = Number(headers.get('x-ratelimit-limit'));
      const remaining = headers.get('x-ratelimit-remaining');
      const reset = Number(headers.get('x-ratelimit-reset')) * 1000;
      if (!(limit > 0) || remaining === null || !(reset > 0)) return;
      const date = Date.parse(headers.get('date') ?? '');
      const resetAt = now() + Math.max(0, reset - (Number.isNaN(date) ? Date.now() : date));
      const resources = known.get(installation) ?? new Map<string, Left>();
      resources.set(headers.get('x-ratelimit-resource') ?? 'core', { limit, remaining: Number(remaining), resetAt });
      known.set(installation, resources);
    },
    hasSpare(installation) {
      const at = now();
      const resources = [...(known.get(installation)?.values() ?? [])].filter(({ resetAt }) => resetAt > at);
      return resources.every(({ limit, remaining }) => remaining > limit * (0.5 + RESERVE));
    },
  };
}
