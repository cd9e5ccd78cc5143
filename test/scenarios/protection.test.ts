import { describe, expect, test } from '@jest/globals';
import { startScenario } from './harness.ts';
import { headReport, protecting } from './protecting.ts';

describe('what an entry names is made so on GitHub', () => {
  test('all of it, on an environment that is created', async () => {
    const scenario = await startScenario();
    const { github, shop } = scenario;
    github.addTeam('acme', 'release-managers', ['alice'], { repositories: { shop: 'read' } });
    github.addApp('datadog', { rule: true });
    shop.environment('elsewhere');
    scenario.policy(
      protecting('production', {
        wait_timer: 30,
        prevent_self_review: true,
        reviewers: [{ team: 'release-managers' }],
        deployment_branch_policy: ['main', 'release/*', { tag: 'v*' }],
        custom_rules: ['datadog'],
        variables: { LOG_LEVEL: 'info' },
        required_secrets: ['DEPLOY_TOKEN'],
      }),
    );
    await scenario.settle();
    const production = shop.environment('production');
    expect(production.protection).toEqual({
      waitTimer: 30,
      preventSelfReview: true,
      reviewers: ['@acme/release-managers'],
      branches: ['main', 'release/*', 'tag:v*'],
      rules: ['datadog'],
    });
    expect(production.variables).toEqual({ LOG_LEVEL: 'info' });
    const report = headReport(scenario);
    expect(report).toMatchObject({ conclusion: 'neutral' });
    expect(report.summary).toContain('secret_missing');
  });
});
