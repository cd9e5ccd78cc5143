import type { Account, App, Level, Repository, Token } from '../state/model.ts';
import type { Resource, Window } from '../limits.ts';
import { canSee, may } from '../state/installations.ts';
import { findRepository, isCurrentName } from '../state/repositories.ts';
import type { World } from '../state/world.ts';
import { HttpProblem, notAccessible, notFound, requiresAuthentication } from './problem.ts';

/** The addresses that answers are written with: api.github.com's shape or Enterprise Server's. */
export interface Addresses {
  readonly api: string;
  readonly html: string;
}

export interface Call {
  readonly world: World;
  readonly at: Addresses;
  /** Where the request went, without its query; Link headers keep its shape. */
  readonly address: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Null for a request that carries the app's JWT, or nothing. */
  readonly token: Token | null;
  readonly asApp: boolean;
  /** What is left of the primary rate limit of whoever asks. */
  readonly rateWindow: (resource: Resource) => Window;
  readonly accept: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  /** `GET /repos/{owner}/{repo}/…`, with GitHub's own names for the parameters. */
  readonly template: string;
  readonly run: (call: Call) => Reply;
}

/** A call on a repository that the token can see and, for the route's purpose, use. */
export interface RepositoryCall extends Call {
  readonly token: Token;
  readonly repository: Repository;
  /** Who does it. */
  readonly actor: Account;
  /** Our app where it does it, else null. */
  readonly viaApp: App | null;
}

/** A route in a repository. `need` is `deployments:write`; several are alternatives, `|` between them. */
export function inRepository(template: string, need: string, run: (call: RepositoryCall) => Reply): Route {
  const needs = need.split('|').map((each) => {
    const [permission = '', level = 'read'] = each.split(':');
    return { permission, level: level as Level };
  });
  return {
    template,
    run: (call) => {
      if (call.token === null) throw call.asApp ? notAccessible() : requiresAuthentication();
      const { token } = call;
      const repository = visibleRepository(call);
      const allowed = needs.some((each) => may(call.world, token, { repository, ...each }));
      if (!allowed) throw token.kind === 'user' ? notFound() : notAccessible();
      const writes = !template.startsWith('GET ');
      if (writes && repository.archived) {
        throw new HttpProblem(403, 'Repository was archived so is read-only.');
      }
      const viaApp = token.kind === 'installation' ? call.world.app : null;
      const actor = token.kind === 'installation' ? call.world.app.bot : token.user;
      return run({ ...call, token, repository, actor, viaApp });
    },
  };
}

function visibleRepository(call: Call): Repository {
  const { owner = '', repo = '' } = call.params;
  const repository = findRepository(call.world, owner, repo);
  if (repository === undefined || call.token === null || !canSee(call.world, call.token, repository)) throw notFound();
  if (!isCurrentName(repository, owner, repo)) {
    throw new HttpProblem(301, 'Moved Permanently', {
      fields: { url: `${call.at.api}/repositories/${repository.id}` },
      headers: { location: `${call.at.api}/repositories/${repository.id}` },
    });
  }
  return repository;
}

export function ok(body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status: 200, body, ...(headers === undefined ? {} : { headers }) };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function noContent(): Reply {
  return { status: 204 };
}

/** A parameter that is a number, or 404 as GitHub answers where it is none. */
export function numberParam(call: Call, name: string): number {
  const text = call.params[name] ?? '';
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

export function textParam(call: Call, name: string): string {
  return call.params[name] ?? '';
}
