import type { Actors, Bypass } from '../policy/schema.ts';
import type { Actor, Candidate } from './snapshot.ts';

/** The slugs of teams in the form that memberships are keyed by. */
export function teamKeys(actors: Pick<Actors, 'teams'>): readonly string[] {
  return actors.teams.map((team) => team.toLowerCase());
}

/** Whom the policy lists, for people: `team sre, octocat or app datadog`. */
export function describeActors({ teams, users, ...rest }: Actors | Bypass): string {
  const apps = 'apps' in rest ? rest.apps : [];
  const all = [...teams.map((team) => `team ${team}`), ...users, ...apps.map((app) => `app ${app}`)];
  if (all.length < 2) return all[0] ?? 'nobody';
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`;
}

/** `octocat`, or `app datadog` for an app's bot. */
export function describeActor({ login, app }: Actor): string {
  return app === null ? login : `app ${app}`;
}

export type Listed =
  | { readonly kind: 'listed'; readonly by: string }
  | { readonly kind: 'not_listed' }
  | { readonly kind: 'unreadable'; readonly what: string; readonly why: string };

/** Whether a deployment's creator is listed, is in a listed team, or is a listed app's bot. */
export function findListed(actors: Actors, { creator, facts }: Pick<Candidate, 'creator' | 'facts'>): Listed {
  if (creator.kind === 'unreadable') return { kind: 'unreadable', what: 'who created it', why: creator.why };
  const { login, app } = creator.value;
  if (actors.users.some((user) => sameName(user, login))) return { kind: 'listed', by: login };
  if (app !== null) {
    return actors.apps.some((one) => sameName(one, app))
      ? { kind: 'listed', by: describeActor(creator.value) }
      : { kind: 'not_listed' };
  }
  if (actors.teams.length === 0) return { kind: 'not_listed' };
  const { creatorTeams } = facts;
  if (creatorTeams.kind === 'unreadable') {
    return { kind: 'unreadable', what: `the teams of ${login}`, why: creatorTeams.why };
  }
  const team = teamKeys(actors).find((key) => creatorTeams.value.has(key));
  return team === undefined ? { kind: 'not_listed' } : { kind: 'listed', by: `${login}, in team ${team}` };
}

/** GitHub compares logins and slugs without regard to case. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
