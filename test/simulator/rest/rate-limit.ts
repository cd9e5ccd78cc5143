import { ok, type Route } from './route.ts';

/** https://docs.github.com/rest/rate-limit/rate-limit: asking costs nothing. */
export const rateLimitRoutes: readonly Route[] = [
  {
    template: 'GET /rate_limit',
    run: (call) => {
      const rate = (resource: 'core' | 'graphql') => {
        const { limit, used, remaining, resetAt } = call.rateWindow(resource);
        return { limit, used, remaining, reset: Math.ceil(resetAt / 1000) };
      };
      const core = rate('core');
      const search = { ...core, limit: 30, used: 0, remaining: 30 };
      return ok({ resources: { core, graphql: rate('graphql'), search }, rate: core });
    },
  },
];
