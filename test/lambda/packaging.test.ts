import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';

interface Service {
  readonly provider: { readonly runtime: string; readonly architecture: string; readonly environment: object };
  readonly functions: Readonly<
    Record<string, { readonly handler: string; readonly package: { readonly patterns: readonly string[] } }>
  >;
}

const service = load(readFileSync('serverless.yml', 'utf8')) as Service;

describe('serverless.yml', () => {
  test.each(Object.entries(service.functions))(
    '%s is packaged from the one bundle that holds its handler',
    (name, one) => {
      expect(one.handler).toBe(`dist/lambda/${name}.handler`);
      expect(one.package.patterns).toEqual([`dist/lambda/${name}.mjs`]);
      expect(existsSync(`src/lambda/${name}.ts`)).toBe(true);
    },
  );

  test('functions run where they were measured', () => {
    expect(service.provider).toMatchObject({ runtime: 'nodejs24.x', architecture: 'arm64' });
  });

  test('what is secret is resolved by AWS, and is not in the template', () => {
    for (const name of ['PRIVATE_KEY', 'WEBHOOK_SECRET']) {
      expect(Object.entries(service.provider.environment)).toContainEqual([
        name,
        expect.stringMatching(/^\{\{resolve:secretsmanager:/),
      ]);
    }
  });
});
