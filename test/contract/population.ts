import type { Simulator } from '../simulator/index.ts';
import type { Defaults } from './drive.ts';

const TEARDOWN = 'on:\n  workflow_dispatch:\n    inputs:\n      reason: {}\n';

/** Puts one of each thing on GitHub, and tells how to name them in a path. */
export function populate(github: Simulator): Defaults & { readonly installation_id: number } {
  github.addOwner('acme');
  github.addUser('octocat');
  const shop = github.addRepository({ owner: 'acme', name: 'shop' });
  github.addTeam('acme', 'deployers', ['octocat'], { repositories: { shop: 'write' } });
  const installation = github.install({ owner: 'acme' });
  shop.push({ files: { '.github/deployments.yml': 'version: 1\n', '.github/workflows/teardown.yml': TEARDOWN } });
  shop
    .environment('gated')
    .protect({ rules: [github.app.slug], reviewers: ['octocat', '@acme/deployers'], waitTimer: 3 });
  const run = shop.addWorkflowRun({ environments: ['gated'] });
  shop.tag('v1');
  shop.protectBranch('main');
  const pull = shop.openPullRequest({ head: 'feature/one', labels: ['keep-preview'] });
  pull.review({ user: 'octocat', state: 'APPROVED' });
  const environment = shop.environment('review/feature/one');
  const deployment = shop.createDeployment({
    ref: 'feature/one',
    environment: environment.name,
    transient: true,
    payload: { a: 1 },
  });
  const status = deployment.setStatus('success', { environmentUrl: 'https://feature.example' });
  return {
    installation_id: installation.id,
    owner: 'acme',
    org: 'acme',
    repo: 'shop',
    username: 'octocat',
    team_slug: 'deployers',
    app_id: github.app.id,
    app_slug: github.app.slug,
    pull_number: pull.number,
    ref: 'feature/one',
    branch: 'feature/one',
    commit_sha: pull.headSha,
    sha: pull.headSha,
    basehead: 'main...feature/one',
    base: 'main',
    head: 'feature/one',
    path: '.github/deployments.yml',
    deployment_id: deployment.id,
    status_id: status.id,
    environment_name: environment.name,
    workflow_id: 'teardown.yml',
    run_id: run.id,
    attempt_number: 1,
  };
}
