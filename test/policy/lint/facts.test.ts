import { deploymentFalse } from '../../../src/policy/lint/deployment-false.ts';
import { environmentMissing } from '../../../src/policy/lint/environment-missing.ts';
import { noCodeOwner } from '../../../src/policy/lint/no-code-owner.ts';
import { sourceOf } from '../source-of.ts';

const file = (text: string) => sourceOf('deployments.yml', `version: 1\n${text}`);
const shown = (diagnostics: ReturnType<typeof environmentMissing>): readonly string[] =>
  diagnostics.map(({ severity, line, column, code }) => `${severity} ${line}:${column} ${code}`);

describe('an environment that a gate or a promotion looks at', () => {
  const looks = file(
    'environments:\n  - name: production\n    gates: [{ succeeded_in: { environment: stagin } }]\n    promote: { from: qa }',
  );

  test('is missed where the repository has none of that name', () => {
    expect(shown(environmentMissing(looks, ['production', 'staging']))).toEqual([
      'warning 4:44 environment-missing',
      'warning 5:22 environment-missing',
    ]);
    expect(environmentMissing(looks, ['staging'])[0]?.message).toContain('Did you mean "staging"?');
  });

  test('is found whatever the case of its name', () => {
    expect(environmentMissing(looks, ['STAGIN', 'Qa'])).toEqual([]);
  });

  test('is there where the policy creates it', () => {
    const creates = file(
      'environments: [{ name: staging, protection: {} }, { name: production, promote: { from: staging } }]',
    );
    expect(environmentMissing(creates, [])).toEqual([]);
  });
});

describe('a job whose environment says deployment: false', () => {
  const rules = file(
    'environments:\n  - name: production\n    protection: { custom_rules: [datadog] }\n  - name: staging\n    gates: [{ max_in_progress: 1 }]\n  - name: dev',
  );
  const job = { workflow: '.github/workflows/deploy.yml', job: 'deploy', deployment: false };

  test.each([
    ['beside a custom rule is odd', 'Production', ['warning 4:33 deployment-false']],
    ['beside gates is odd', 'staging', ['warning 6:12 deployment-false']],
    ['beside no rules is fine', 'dev', []],
    ['where no entry matches is fine', 'other', []],
  ])('%s', (_title, environment, expected) => {
    expect(shown(deploymentFalse(rules, [{ ...job, environment }]))).toEqual(expected);
  });

  test('is told from one that makes a deployment', () => {
    expect(deploymentFalse(rules, [{ ...job, environment: 'production', deployment: true }])).toEqual([]);
  });
});

describe('the policy’s file', () => {
  const policy = file('');
  const path = '.github/deployments.yml';
  test.each([
    ['* @org/all', true],
    ['/.github/ @org/sre', true],
    ['.github/ @org/sre', true],
    ['.github @org/sre', true],
    ['/.github/* @org/sre', true],
    ['/.github/** @org/sre', true],
    ['/.github/deployments.yml @octocat', true],
    ['deployments.yml @octocat', true],
    ['*.yml octocat@example.com', true],
    ['**/deployments.yml @octocat', true],
    ['.github/**/deployments.yml @octocat', true],
    ['/* @org/sre', false],
    ['/deployments.yml @octocat', false],
    ['.github/workflows/ @org/sre', false],
    ['.GitHub/ @org/sre', false],
    ['deployments.yml/ @octocat', false],
    ['# * @org/all', false],
    ['!* @org/all', false],
    ['* @org/all\n/.github/', false],
    ['/.github/\n* @org/all # everybody', true],
    ['', false],
  ])('under the CODEOWNERS %j is owned: %s', (codeowners, owned) => {
    expect(noCodeOwner(policy, { codeowners, path })).toHaveLength(owned ? 0 : 1);
  });

  test('has no owner where there is no CODEOWNERS file', () => {
    expect(shown(noCodeOwner(policy, { codeowners: null, path }))).toEqual(['warning 1:1 no-code-owner']);
  });
});
