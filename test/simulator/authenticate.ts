import { jwtProblem } from './keys.ts';
import { badCredentials, HttpProblem } from './rest/problem.ts';
import type { Token } from './state/model.ts';
import type { World } from './state/world.ts';

export interface Identity {
  readonly as: 'installation' | 'user' | 'app' | 'nobody';
  readonly token: Token | null;
  /** Whose limits are counted. */
  readonly holder: string;
}

/** Who a request is from. @throws HttpProblem 401 for a token that is not, or no longer, good. */
export function identify(world: World, authorization: string | undefined, privateKey: string): Identity {
  if (authorization === undefined) return { as: 'nobody', token: null, holder: 'nobody' };
  const [, value = ''] = /^(?:bearer|token)\s+(.+)$/i.exec(authorization) ?? [];
  if (value.split('.').length === 3) return identifyApp(world, value, privateKey);
  const token = world.tokens.get(value);
  if (token === undefined) throw badCredentials();
  if (token.kind === 'user') return { as: 'user', token, holder: `user:${token.user.login}` };
  const { installation } = token;
  if (token.expiresAt <= world.wall() || !world.installations.has(installation.id)) throw badCredentials();
  if (installation.suspendedAt !== null) throw new HttpProblem(403, 'This installation has been suspended');
  return { as: 'installation', token, holder: `installation:${installation.id}` };
}

function identifyApp(world: World, jwt: string, privateKey: string): Identity {
  const { app } = world;
  const issuers = [String(app.id), app.clientId];
  const problem = jwtProblem(jwt, { issuers, privateKey, now: world.wall() });
  if (problem !== null) throw new HttpProblem(401, problem);
  return { as: 'app', token: null, holder: 'app' };
}
