import { timestamp } from '../clock.ts';
import { grants, installationOf, issueToken, repositoriesOf } from '../state/installations.ts';
import type { Installation, Level, Permissions, Repository } from '../state/model.ts';
import { findRepository } from '../state/repositories.ts';
import { optionalList, optionalObject, optionalTexts } from './input.ts';
import { page } from './paging.ts';
import { HttpProblem, notFound, unprocessable } from './problem.ts';
import {
  created,
  noContent,
  numberParam,
  ok,
  textParam,
  type Addresses,
  type Call,
  type Reply,
  type Route,
} from './route.ts';
import { integration, simpleUser } from './shapes/accounts.ts';
import type { Data } from './shapes/data.ts';
import { listedRepository } from './shapes/repository.ts';

/** https://docs.github.com/rest/apps */
export const appRoutes: readonly Route[] = [
  asApp('GET /app', (call) => ok(appData(call))),
  asApp('GET /app/installations', (call) =>
    page(call, [...call.world.installations.values()], (items) => items.map((each) => installationData(each, call))),
  ),
  asApp('GET /app/installations/{installation_id}', (call) => ok(installationData(named(call), call))),
  asApp('POST /app/installations/{installation_id}/access_tokens', createToken),
  asApp('DELETE /app/installations/{installation_id}', (call) => {
    call.world.installations.delete(named(call).id);
    return noContent();
  }),
  asApp('PUT /app/installations/{installation_id}/suspended', (call) => setSuspended(call, call.world.clock.now())),
  asApp('DELETE /app/installations/{installation_id}/suspended', (call) => setSuspended(call, null)),
  asApp('GET /repos/{owner}/{repo}/installation', (call) => {
    const repository = findRepository(call.world, textParam(call, 'owner'), textParam(call, 'repo'));
    const installation = repository && installationOf(call.world, repository);
    if (installation === undefined) throw notFound();
    return ok(installationData(installation, call));
  }),
  asApp('GET /orgs/{org}/installation', (call) => ofOwner(call, textParam(call, 'org'))),
  asApp('GET /users/{username}/installation', (call) => ofOwner(call, textParam(call, 'username'))),
  { template: 'GET /installation/repositories', run: accessible },
  { template: 'DELETE /installation/token', run: revoke },
];

/** A route that takes the app's JWT and nothing else. */
function asApp(template: string, run: (call: Call) => Reply): Route {
  return {
    template,
    run: (call) => {
      if (!call.asApp) throw new HttpProblem(401, 'A JSON web token could not be decoded');
      return run(call);
    },
  };
}

function named(call: Call): Installation {
  const installation = call.world.installations.get(numberParam(call, 'installation_id'));
  if (installation === undefined) throw notFound();
  return installation;
}

function setSuspended(call: Call, since: Date | null): Reply {
  named(call).suspendedAt = since;
  return noContent();
}

function ofOwner(call: Call, login: string): Reply {
  const all = [...call.world.installations.values()];
  const found = all.find((each) => each.account.login.toLowerCase() === login.toLowerCase());
  if (found === undefined) throw notFound();
  return ok(installationData(found, call));
}

function appData(call: Call): Data<'GET /app'> {
  return { ...integration(call.world.app, call.at), installations_count: call.world.installations.size };
}

const EVENTS = ['deployment', 'deployment_status', 'pull_request', 'push', 'delete', 'check_run', 'status'];

export function installationData(
  installation: Installation,
  { at, world }: { readonly at: Addresses; readonly world: Call['world'] },
): Data<'GET /app/installations/{installation_id}'> {
  const { account, id } = installation;
  const html = account.kind === 'User' ? `${at.html}/settings` : `${at.html}/organizations/${account.login}/settings`;
  return {
    id,
    account: simpleUser(account, at),
    repository_selection: installation.selected === null ? 'all' : 'selected',
    access_tokens_url: `${at.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${at.api}/installation/repositories`,
    html_url: `${html}/installations/${id}`,
    app_id: world.app.id,
    client_id: world.app.clientId,
    target_id: account.id,
    target_type: account.kind,
    permissions: installation.permissions,
    events: EVENTS,
    created_at: timestamp(installation.createdAt),
    updated_at: timestamp(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    app_slug: world.app.slug,
    suspended_by: null,
    suspended_at: installation.suspendedAt === null ? null : timestamp(installation.suspendedAt),
  };
}

/** A token can be narrowed to some repositories and to fewer permissions, never widened. */
function createToken(call: Call): Reply {
  const { world, body, at } = call;
  const installation = named(call);
  if (installation.suspendedAt !== null) throw new HttpProblem(403, 'This installation has been suspended');
  const repositories = narrowedRepositories(call, installation);
  const permissions = narrowedPermissions(body, installation);
  const ids = repositories === null ? null : new Set(repositories.map((each) => each.id));
  const token = issueToken(world, installation, { repositories: ids, permissions });
  return created({
    token: token.value,
    expires_at: timestamp(new Date(token.expiresAt)),
    permissions,
    repository_selection: repositories === null && installation.selected === null ? 'all' : 'selected',
    ...(repositories === null ? {} : { repositories: repositories.map((each) => listedRepository(each, at)) }),
  });
}

function narrowedRepositories(call: Call, installation: Installation): Repository[] | null {
  const names = optionalTexts(call.body, 'repositories');
  const ids = optionalList(call.body, 'repository_ids');
  if (names === undefined && ids === undefined) return null;
  const all = repositoriesOf(call.world, installation);
  const wanted = [
    ...(names ?? []).map((name) => all.find((each) => each.name.toLowerCase() === name.toLowerCase())),
    ...(ids ?? []).map((id) => all.find((each) => each.id === id)),
  ];
  const found = wanted.flatMap((each) => each ?? []);
  if (found.length === wanted.length) return found;
  throw unprocessable(
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}

function narrowedPermissions(body: Call['body'], installation: Installation): Permissions {
  const wanted = optionalObject(body, 'permissions');
  if (!wanted) return installation.permissions;
  const entries = Object.entries(wanted) as [string, Level][];
  for (const [permission, level] of entries) {
    if (!grants(installation.permissions, { permission, level })) {
      throw unprocessable('The permissions requested are not granted to this installation.');
    }
  }
  return { metadata: 'read', ...Object.fromEntries(entries) };
}

function accessible(call: Call): Reply {
  const { token, world, at } = call;
  if (token?.kind !== 'installation') {
    throw new HttpProblem(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  }
  const all = repositoriesOf(world, token.installation).filter((each) => token.repositories?.has(each.id) ?? true);
  return page(call, all, (items) => ({
    total_count: all.length,
    repository_selection: token.installation.selected === null ? 'all' : 'selected',
    repositories: items.map((each) => ({
      ...listedRepository(each, at),
      permissions: { admin: false, push: false, pull: false },
    })),
  }));
}

function revoke(call: Call): Reply {
  if (call.token?.kind !== 'installation') throw notFound();
  call.world.tokens.delete(call.token.value);
  return noContent();
}
