import { timestamp } from '../../clock.ts';
import type { Account, App, Team } from '../../state/model.ts';
import type { Addresses } from '../route.ts';
import type { Data } from './data.ts';
import { rememberShape } from './remember.ts';

type SimpleUser = NonNullable<Data<'GET /repos/{owner}/{repo}/deployments/{deployment_id}'>['creator']>;

/** A person, bot or organisation as it appears inside other things. */
export const simpleUser = rememberShape(makeSimpleUser);

function makeSimpleUser(account: Account, at: Addresses): SimpleUser {
  const url = `${at.api}/users/${encodeURIComponent(account.login)}`;
  const html =
    account.kind === 'Bot' ? `${at.html}/apps/${account.login.replace('[bot]', '')}` : `${at.html}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `${at.html}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: html,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.kind,
    site_admin: false,
    user_view_type: 'public',
  };
}

type Integration = NonNullable<
  Data<'GET /repos/{owner}/{repo}/deployments/{deployment_id}'>['performed_via_github_app']
>;

const BORN = timestamp(new Date('2024-01-01T00:00:00Z'));

/** An app as it appears inside other things. */
export const integration = rememberShape(makeIntegration);

function makeIntegration(app: App, at: Addresses): Integration {
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    client_id: app.clientId,
    owner: simpleUser(app.owner, at),
    name: app.name,
    description: '',
    external_url: `${at.html}/${app.slug}`,
    html_url: `${at.html}/apps/${app.slug}`,
    created_at: BORN,
    updated_at: BORN,
    permissions: { metadata: 'read', deployments: 'write', checks: 'write' },
    events: ['deployment', 'deployment_status', 'pull_request'],
  };
}

type SimpleTeam = Data<'GET /repos/{owner}/{repo}/teams'>[number];

export function simpleTeam(team: Team, at: Addresses): Omit<SimpleTeam, 'parent'> {
  const url = `${at.api}/organizations/${team.organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: team.nodeId,
    url,
    html_url: `${at.html}/orgs/${team.organization.login}/teams/${team.slug}`,
    name: team.slug,
    slug: team.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: team.organization.id,
  };
}

/** An organisation as webhooks carry it. */
export function webhookOrganization(account: Account, at: Addresses) {
  const url = `${at.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${at.html}/avatars/u/${account.id}?v=4`,
    description: '',
  };
}
