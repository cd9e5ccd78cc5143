import type { ActorAnswer } from './answers.ts';
import type { Actor } from './snapshot.ts';

const BOT_SUFFIX = '[bot]';

/** REST's accounts: a bot's login ends in `[bot]`, and begins with its app's slug. */
export function actorOfRest({ login, type }: { readonly login: string; readonly type?: string | undefined }): Actor {
  const isBot = type === 'Bot' || login.endsWith(BOT_SUFFIX);
  return isBot ? botOf(login) : { login, app: null };
}

/** GraphQL's: a bot's login is its app's slug alone. Null for somebody whose account is gone. */
export function actorOfGraphql(actor: ActorAnswer): Actor | null {
  if (actor === null) return null;
  return actor.__typename === 'Bot' ? botOf(actor.login) : { login: actor.login, app: null };
}

/** The slug of the app that a token belongs to, of what GraphQL calls its viewer. */
export function slugOfViewer(login: string): string {
  return withoutSuffix(login).toLowerCase();
}

export function isBotOf(actor: Actor | null, slug: string | null): boolean {
  return slug !== null && actor?.app?.toLowerCase() === slug;
}

/** Deployments that Actions makes are its app's. */
export const ACTIONS_APP = 'github-actions';

function botOf(login: string): Actor {
  const app = withoutSuffix(login);
  return { login: `${app}${BOT_SUFFIX}`, app };
}

function withoutSuffix(login: string): string {
  return login.endsWith(BOT_SUFFIX) ? login.slice(0, -BOT_SUFFIX.length) : login;
}
