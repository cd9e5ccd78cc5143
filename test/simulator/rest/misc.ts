import { ok, type Route } from './route.ts';

/** What GitHub says of itself. Rate limits are the server's to tell: see `rateLimitRoute`. */
export const miscRoutes: readonly Route[] = [
  {
    template: 'GET /meta',
    run: () =>
      ok({
        verifiable_password_authentication: false,
        domains: { website: [], codespaces: [] },
        installed_version: '3.18.0',
      }),
  },
  { template: 'GET /zen', run: () => ok('Keep it logically awesome.') },
];

interface Window {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetAt: number;
}

/** `GET /rate_limit`, which costs nothing. */
export function rateLimitRoute(window: (holder: string, resource: 'core' | 'graphql') => Window): Route {
  return {
    template: 'GET /rate_limit',
    run: (call) => {
      const rate = (resource: 'core' | 'graphql') => {
        const { limit, used, remaining, resetAt } = window(call.holder, resource);
        return { limit, used, remaining, reset: Math.ceil(resetAt / 1000) };
      };
      const core = rate('core');
      return ok({ resources: { core, graphql: rate('graphql'), search: { ...core, limit: 30 } }, rate: core });
    },
  };
}
