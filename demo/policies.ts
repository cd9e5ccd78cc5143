export const POLICY_PATH = '.github/deployments.yml';

/** The team's policy. `manual` is what it says of the manual's previews. */
export function policy(options: { readonly mode: 'report' | 'enforce'; readonly manual: string }): string {
  return `version: 1
mode: ${options.mode}
environments:
  - name: review/* # one for each pull request or branch
    lifecycle:
      transient: true
      one_active_per: environment
      inactivate_on: [pull_request_closed, ref_deleted]
      inactivate_after: 14d
      keep_label: keep-preview
      fail_stuck_after: 2h
      on_inactive: { workflow: teardown.yml }
      delete: { after: 30d, keep: 5, environment: true }
  - name: preview # one that all pull requests share
    lifecycle: { one_active_per: pull_request, inactivate_on: [pull_request_closed] }
  - name: manual # a preview of each chapter of the manual
    lifecycle: { ${options.manual} }
`;
}

export const TEARDOWN = `on:
  workflow_dispatch:
    inputs:
      environment: { type: string }
      deployment_id: { type: string }
      ref: { type: string }
      sha: { type: string }
      reason: { type: string }
jobs:
  teardown:
    runs-on: ubuntu-latest
    steps:
      - run: ./remove-deployment "$DEPLOYMENT"
        env: { DEPLOYMENT: '\${{ inputs.deployment_id }}' }
      - if: inputs.reason != 'one_active_per' # else the newer one runs there
        run: ./remove-environment "$ENVIRONMENT"
        env: { ENVIRONMENT: '\${{ inputs.environment }}' }
`;
