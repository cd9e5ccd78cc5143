import type { Account } from '../state/model.ts';
import { accountNamed, withToken } from './members.ts';
import { notFound } from './problem.ts';
import { ok, textParam, type Addresses, type Route } from './route.ts';
import { integration, simpleUser, webhookOrganization } from './shapes/accounts.ts';

/** https://docs.github.com/rest/users/users, …/orgs/orgs and …/apps/apps */
export const userRoutes: readonly Route[] = [
  withToken('GET /users/{username}', (call) => ok(profile(accountNamed(call, 'username'), call.at))),
  withToken('GET /orgs/{org}', (call) => {
    const account = accountNamed(call, 'org');
    if (account.kind !== 'Organization') throw notFound();
    const counts = { has_organization_projects: true, has_repository_projects: true, archived_at: null };
    const { company: _company, location: _location, email: _email, ...known } = profile(account, call.at);
    return ok({ ...known, blog: call.at.html, ...webhookOrganization(account, call.at), ...counts });
  }),
  withToken('GET /apps/{app_slug}', (call) => {
    const app = call.world.apps.get(textParam(call, 'app_slug'));
    if (app === undefined) throw notFound();
    return ok(integration(app, call.at));
  }),
];

const BORN = '2024-01-01T00:00:00Z';

function profile(account: Account, at: Addresses) {
  return {
    ...simpleUser(account, at),
    name: account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: BORN,
    updated_at: BORN,
  };
}
