import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest, test, expect } from '@jest/globals';
import fc from 'fast-check';
import type { Console } from '../../src/commands/console.ts';
import { init } from '../../src/commands/init.ts';
import { plan } from '../../src/commands/plan.ts';
import { startSimulator, type RepositoryHandle } from '../simulator/index.ts';

jest.setTimeout(120_000);

const name = fc.constantFrom('production', 'staging', 'review/a', 'review/b/c', 'pr-1', 'pr2', 'Preview', 'on', '1.0');
const protection = fc.record(
  {
    waitTimer: fc.constantFrom(0, 5, 43_200),
    reviewers: fc.subarray(['@acme/sre', 'mona']),
    preventSelfReview: fc.boolean(),
    branches: fc.oneof(
      fc.constantFrom('all' as const, 'protected' as const),
      fc.subarray(['main', 'release/*', '*', 'tag:v*', '{a,b}', 'yes', '1.0', "it's", '#1']),
    ),
    rules: fc.subarray(['datadog', 'null']),
  },
  { requiredKeys: [] },
);
const variables = fc.dictionary(fc.stringMatching(/^V[A-Z0-9_]{0,4}$/), fc.string({ maxLength: 12 }), { maxKeys: 3 });
const environments = fc.array(fc.record({ name, protection, variables }), { maxLength: 4 });
const deployments = fc.array(
  fc.record({
    environment: name,
    head: fc.constantFrom('a', 'b', 'main'),
    transient: fc.boolean(),
    state: fc.constantFrom('success', 'failure', 'in_progress', null),
  }),
  { maxLength: 6 },
);
const closed = fc.subarray(['a', 'b']);

/** What a command prints. */
function listening(): { readonly console: Console; readonly printed: () => string } {
  const lines: string[] = [];
  const console: Console = {
    print: (line) => void lines.push(line),
    printDocument: (document) => void lines.push(JSON.stringify(document)),
    say: () => undefined,
    paint: (_style, text) => text,
  };
  return { console, printed: () => `${lines.join('\n')}\n` };
}

test('whatever a repository is like, planning what init prints changes nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'init-'));
  const property = fc.asyncProperty(environments, deployments, closed, async (standing, deployed, over) => {
    const github = await startSimulator({ realTime: true });
    try {
      const shop = github.addRepository({ owner: 'acme', name: 'shop' });
      shop.addCollaborator('mona', 'admin');
      github.addTeam('acme', 'sre', ['mona'], { repositories: { shop: 'write' } });
      for (const rule of ['datadog', 'null']) github.addApp(rule, { rule: true });
      shop.protectBranch('main');
      furnish(shop, { standing, deployed, over });

      const environment = {
        GITHUB_TOKEN: github.addToken('mona'),
        GITHUB_API_URL: github.url,
        GITHUB_PACING: 'off',
      };
      const common = { repository: 'acme/shop', json: false, environment, now: Date.now() };
      const drafted = listening();
      expect(await init(common, drafted.console)).toBe(0);
      const policyFile = join(folder, 'deployments.yml');
      await writeFile(policyFile, drafted.printed());
      const planned = listening();
      const code = await plan({ ...common, policyFile, exitCode: true }, planned.console);
      expect({ code, told: planned.printed().split('\n')[0] }).toEqual({
        code: 0,
        told: 'No changes. Everything is as the policy says.',
      });
      expect(github.requests.writes()).toEqual([]);
    } finally {
      await github.stop();
    }
  });
  try {
    await fc.assert(property, { numRuns: 10 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

type Given<A> = A extends fc.Arbitrary<infer T> ? T : never;

function furnish(
  shop: RepositoryHandle,
  given: {
    readonly standing: Given<typeof environments>;
    readonly deployed: Given<typeof deployments>;
    readonly over: Given<typeof closed>;
  },
): void {
  for (const each of given.standing) {
    const environment = shop.environment(each.name);
    environment.protect(each.protection);
    for (const [variable, value] of Object.entries(each.variables)) environment.setVariable(variable, value);
  }
  const pulls = ['a', 'b'].map((head) => ({ head, pull: shop.openPullRequest({ head }) }));
  for (const { head, environment, transient, state } of given.deployed) {
    const deployment = shop.createDeployment({ ref: head, environment, transient });
    if (state !== null) deployment.setStatus(state, { autoInactive: false });
  }
  for (const { head, pull } of pulls) if (given.over.includes(head)) pull.close();
}
