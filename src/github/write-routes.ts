/**
 * Everything that the app can write on GitHub, each with the one permission that GitHub asks for it: the token of a write
 * is narrowed to that.
 * @see https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
export const WRITE_ROUTES = {
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule': 'deployments',
  'POST /repos/{owner}/{repo}/deployments': 'deployments',
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': 'deployments',
  'DELETE /repos/{owner}/{repo}/deployments/{deployment_id}': 'deployments',
  'POST /repos/{owner}/{repo}/check-runs': 'checks',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': 'checks',
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': 'actions',
  'PUT /repos/{owner}/{repo}/environments/{environment_name}': 'administration',
  'DELETE /repos/{owner}/{repo}/environments/{environment_name}': 'administration',
  'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': 'administration',
  'DELETE /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}':
    'administration',
  'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules': 'administration',
  'POST /repos/{owner}/{repo}/environments/{environment_name}/variables': 'environments',
  'PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}': 'environments',
  'POST /repos/{owner}/{repo}/keys': 'administration',
  'DELETE /repos/{owner}/{repo}/keys/{key_id}': 'administration',
} as const;

export type WriteRoute = keyof typeof WRITE_ROUTES;

export type WritePermission = (typeof WRITE_ROUTES)[WriteRoute];

/** Of the mutations that the app sends: they write deployments and their statuses. */
export const MUTATION_PERMISSION: WritePermission = 'deployments';
