import type { Seen, Step } from './drive.ts';

const REPOSITORY = '/repos/{owner}/{repo}';
const ENVIRONMENT = `${REPOSITORY}/environments/{environment_name}`;
const PAGE = { per_page: '1', page: '1' };

/** Every route that the app or its tests may use. What a later one needs, an earlier one makes; what ends, ends last. */
export const steps: readonly Step[] = [
  { route: 'GET /app', as: 'app' },
  { route: 'GET /app/installations', as: 'app', query: PAGE },
  { route: 'GET /app/installations/{installation_id}', as: 'app' },
  { route: 'POST /app/installations/{installation_id}/access_tokens', as: 'app', body: { repositories: ['shop'] } },
  { route: 'GET /apps/{app_slug}' },
  { route: 'GET /orgs/{org}/installation', as: 'app' },
  { route: 'GET /users/{username}/installation', as: 'app', parameters: () => ({ username: 'acme' }) },
  { route: `GET ${REPOSITORY}/installation`, as: 'app' },
  { route: 'GET /installation/repositories', query: PAGE },
  { route: 'GET /rate_limit' },
  { route: 'GET /users/{username}' },
  { route: 'GET /orgs/{org}' },
  { route: 'GET /orgs/{org}/teams', query: PAGE },
  { route: 'GET /orgs/{org}/teams/{team_slug}' },
  { route: 'GET /orgs/{org}/teams/{team_slug}/members', query: PAGE },
  { route: 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}' },
  { route: 'GET /orgs/{org}/teams/{team_slug}/repos', query: PAGE },
  { route: `GET /orgs/{org}/teams/{team_slug}${REPOSITORY}` },

  { route: `GET ${REPOSITORY}` },
  { route: `GET ${REPOSITORY}/teams`, query: PAGE },
  { route: `GET ${REPOSITORY}/collaborators`, query: PAGE },
  { route: `GET ${REPOSITORY}/collaborators/{username}` },
  { route: `GET ${REPOSITORY}/collaborators/{username}/permission` },
  { route: `GET ${REPOSITORY}/contents/{path}`, query: { ref: 'main' } },
  { route: `GET ${REPOSITORY}/contents/{path}`, parameters: () => ({ path: '.github' }) },
  { route: `GET ${REPOSITORY}/branches`, query: { protected: 'true', ...PAGE } },
  { route: `GET ${REPOSITORY}/branches/{branch}` },
  { route: `GET ${REPOSITORY}/tags`, query: PAGE },
  { route: `GET ${REPOSITORY}/git/ref/{ref}`, parameters: () => ({ ref: 'heads/feature/one' }) },
  { route: `GET ${REPOSITORY}/git/ref/{ref}`, parameters: () => ({ ref: 'tags/v1' }) },
  { route: `GET ${REPOSITORY}/git/matching-refs/{ref}`, parameters: () => ({ ref: 'heads/feature' }) },
  { route: `GET ${REPOSITORY}/commits`, query: { sha: 'main', path: '.github/deployments.yml', ...PAGE } },
  { route: `GET ${REPOSITORY}/commits/{ref}` },
  { route: `GET ${REPOSITORY}/commits/{commit_sha}/pulls`, query: PAGE },
  { route: `GET ${REPOSITORY}/commits/{commit_sha}/branches-where-head` },
  { route: `GET ${REPOSITORY}/compare/{basehead}` },
  { route: `GET ${REPOSITORY}/compare/{base}...{head}` },
  { route: `GET ${REPOSITORY}/pulls`, query: { state: 'all', sort: 'updated', direction: 'desc', ...PAGE } },
  { route: `GET ${REPOSITORY}/pulls/{pull_number}` },
  { route: `GET ${REPOSITORY}/pulls/{pull_number}/commits`, query: PAGE },
  { route: `GET ${REPOSITORY}/pulls/{pull_number}/files`, query: PAGE },
  { route: `GET ${REPOSITORY}/pulls/{pull_number}/reviews`, query: PAGE },

  {
    route: `POST ${REPOSITORY}/statuses/{sha}`,
    as: 'user',
    body: { state: 'success', context: 'build', description: 'd' },
  },
  { route: `GET ${REPOSITORY}/commits/{ref}/status`, query: PAGE },
  { route: `GET ${REPOSITORY}/commits/{ref}/statuses`, query: PAGE },
  {
    route: `POST ${REPOSITORY}/check-runs`,
    bodyFrom: { head_sha: 'sha' },
    body: {
      name: 'Lockkeeper / production',
      status: 'completed',
      conclusion: 'neutral',
      output: {
        title: 't',
        summary: 's',
        annotations: [
          { path: '.github/deployments.yml', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'm' },
        ],
      },
      actions: [{ label: 'Re-evaluate', description: 'd', identifier: 're-evaluate' }],
    },
  },
  {
    route: `PATCH ${REPOSITORY}/check-runs/{check_run_id}`,
    parameters: (seen) => ({ check_run_id: seen(`POST ${REPOSITORY}/check-runs`, 'id') }),
    body: { conclusion: 'success', output: { title: 't', summary: 's' } },
  },
  {
    route: `GET ${REPOSITORY}/check-runs/{check_run_id}`,
    parameters: (seen) => ({ check_run_id: seen(`POST ${REPOSITORY}/check-runs`, 'id') }),
  },
  {
    route: `GET ${REPOSITORY}/check-runs/{check_run_id}/annotations`,
    parameters: (seen) => ({ check_run_id: seen(`POST ${REPOSITORY}/check-runs`, 'id') }),
    query: PAGE,
  },
  {
    route: `POST ${REPOSITORY}/check-runs/{check_run_id}/rerequest`,
    parameters: (seen) => ({ check_run_id: seen(`POST ${REPOSITORY}/check-runs`, 'id') }),
  },
  { route: `GET ${REPOSITORY}/commits/{ref}/check-runs`, query: { filter: 'latest', ...PAGE } },
  { route: `GET ${REPOSITORY}/commits/{ref}/check-suites`, query: PAGE },
  {
    route: `GET ${REPOSITORY}/check-suites/{check_suite_id}`,
    parameters: (seen) => ({ check_suite_id: seen(`GET ${REPOSITORY}/commits/{ref}/check-suites`, 'id') }),
  },
  {
    route: `GET ${REPOSITORY}/check-suites/{check_suite_id}/check-runs`,
    parameters: (seen) => ({ check_suite_id: seen(`GET ${REPOSITORY}/commits/{ref}/check-suites`, 'id') }),
    query: PAGE,
  },

  { route: `GET ${REPOSITORY}/environments`, query: PAGE },
  { route: ENVIRONMENT.replace('/repos', 'GET /repos') },
  {
    route: `PUT ${ENVIRONMENT}`,
    parameters: () => ({ environment_name: 'production' }),
    body: {
      wait_timer: 30,
      prevent_self_review: false,
      reviewers: null,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    },
  },
  {
    route: `POST ${ENVIRONMENT}/deployment-branch-policies`,
    parameters: () => ({ environment_name: 'production' }),
    body: { name: 'main', type: 'branch' },
  },
  {
    route: `GET ${ENVIRONMENT}/deployment-branch-policies`,
    parameters: () => ({ environment_name: 'production' }),
    query: PAGE,
  },
  ...['GET', 'PUT', 'DELETE'].map((method) => ({
    route: `${method} ${ENVIRONMENT}/deployment-branch-policies/{branch_policy_id}`,
    parameters: (seen: Seen) => ({
      environment_name: 'production',
      branch_policy_id: seen(`POST ${ENVIRONMENT}/deployment-branch-policies`, 'id'),
    }),
    ...(method === 'PUT' ? { body: { name: 'release/*' } } : {}),
  })),
  { route: `GET ${ENVIRONMENT}/deployment_protection_rules/apps`, query: PAGE },
  {
    route: `POST ${ENVIRONMENT}/deployment_protection_rules`,
    parameters: () => ({ environment_name: 'production' }),
    body: {},
    bodyFrom: { integration_id: 'app_id' },
  },
  { route: `GET ${ENVIRONMENT}/deployment_protection_rules`, parameters: () => ({ environment_name: 'production' }) },
  ...['GET', 'DELETE'].map((method) => ({
    route: `${method} ${ENVIRONMENT}/deployment_protection_rules/{protection_rule_id}`,
    parameters: (seen: Seen) => ({
      environment_name: 'production',
      protection_rule_id: seen(`POST ${ENVIRONMENT}/deployment_protection_rules`, 'id'),
    }),
  })),
  { route: `GET ${ENVIRONMENT}/secrets`, query: PAGE },
  { route: `POST ${ENVIRONMENT}/variables`, body: { name: 'LOG_LEVEL', value: 'info' } },
  { route: `GET ${ENVIRONMENT}/variables`, query: PAGE },
  { route: `GET ${ENVIRONMENT}/variables/{name}`, parameters: () => ({ name: 'LOG_LEVEL' }) },
  {
    route: `PATCH ${ENVIRONMENT}/variables/{name}`,
    parameters: () => ({ name: 'LOG_LEVEL' }),
    body: { value: 'debug' },
  },
  { route: `DELETE ${ENVIRONMENT}/variables/{name}`, parameters: () => ({ name: 'LOG_LEVEL' }) },

  {
    route: `POST ${REPOSITORY}/keys`,
    body: {
      title: 'mirror',
      key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0zq1n3mY0e7oZ0sVb1N3l8m1o5q5S8gq0b6wq1o2cF',
      read_only: true,
    },
  },
  { route: `GET ${REPOSITORY}/keys`, query: PAGE },
  ...['GET', 'DELETE'].map((method) => ({
    route: `${method} ${REPOSITORY}/keys/{key_id}`,
    parameters: (seen: Seen) => ({
      key_id: seen(`POST ${REPOSITORY}/keys`, 'id'),
    }),
  })),

  { route: `GET ${REPOSITORY}/actions/workflows`, query: PAGE },
  { route: `GET ${REPOSITORY}/actions/workflows/{workflow_id}` },
  { route: `GET ${REPOSITORY}/actions/workflows/{workflow_id}/runs`, query: PAGE },
  {
    route: `POST ${REPOSITORY}/actions/workflows/{workflow_id}/dispatches`,
    body: { ref: 'main', inputs: { reason: 'r' } },
  },
  { route: `GET ${REPOSITORY}/actions/runs`, query: { status: 'waiting', ...PAGE } },
  { route: `GET ${REPOSITORY}/actions/runs/{run_id}` },
  { route: `GET ${REPOSITORY}/actions/runs/{run_id}/attempts/{attempt_number}` },
  { route: `GET ${REPOSITORY}/actions/runs/{run_id}/jobs`, query: { filter: 'latest', ...PAGE } },
  { route: `GET ${REPOSITORY}/actions/runs/{run_id}/approvals` },
  { route: `GET ${REPOSITORY}/actions/runs/{run_id}/pending_deployments` },
  {
    route: `POST ${REPOSITORY}/actions/runs/{run_id}/deployment_protection_rule`,
    body: { environment_name: 'gated', comment: 'It waits' },
  },
  {
    route: `POST ${REPOSITORY}/actions/runs/{run_id}/deployment_protection_rule`,
    body: { environment_name: 'gated', state: 'approved', comment: 'It passes' },
  },
  { route: `POST ${REPOSITORY}/actions/runs/{run_id}/cancel` },

  { route: `GET ${REPOSITORY}/deployments`, query: { environment: 'review/feature/one', ref: 'feature/one', ...PAGE } },
  { route: `GET ${REPOSITORY}/deployments/{deployment_id}` },
  { route: `GET ${REPOSITORY}/deployments/{deployment_id}/statuses`, query: PAGE },
  { route: `GET ${REPOSITORY}/deployments/{deployment_id}/statuses/{status_id}` },
  {
    route: `POST ${REPOSITORY}/deployments`,
    body: {
      ref: 'main',
      environment: 'staging',
      auto_merge: false,
      required_contexts: [],
      payload: { a: 1 },
      task: 'deploy',
    },
  },
  {
    route: `POST ${REPOSITORY}/deployments/{deployment_id}/statuses`,
    body: { state: 'inactive', auto_inactive: false, description: 'd', environment_url: 'https://feature.example' },
  },
  { route: `DELETE ${REPOSITORY}/deployments/{deployment_id}` },
  { route: `DELETE ${ENVIRONMENT}` },
  { route: 'DELETE /installation/token' },
  { route: 'PUT /app/installations/{installation_id}/suspended', as: 'app' },
  { route: 'DELETE /app/installations/{installation_id}/suspended', as: 'app' },
  { route: 'DELETE /app/installations/{installation_id}', as: 'app' },
];
