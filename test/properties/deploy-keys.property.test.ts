import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnnouncements } from '../../src/reports/deploy-keys-report.ts';
import { DAY, landPolicy, startScenario, type Scenario } from '../scenarios/harness.ts';
import { allowed, fingerprint, keysPolicy, publicKey } from '../scenarios/keys.ts';

/** More for a long night: LOCKKEEPER_PROPERTY_RUNS=1000 npm test -- test/properties */
const numRuns = Number(process.env['LOCKKEEPER_PROPERTY_RUNS'] ?? 4);

const NAMES = ['a', 'b', 'c'] as const;
const POLICIES = [
  keysPolicy(['on_unknown: delete']),
  keysPolicy([...allowed([['a']]), 'on_unknown: delete', 'on_write_access: delete']),
  keysPolicy([...allowed([['b']]), 'on_expired: delete', 'max_age: 2d']),
  keysPolicy(['on_unknown: report']),
] as const;

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), name: fc.constantFrom(...NAMES), readOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('remove' as const), name: fc.constantFrom(...NAMES) }),
  fc.record({ kind: fc.constant('policy' as const), text: fc.constantFrom(...POLICIES) }),
  fc.record({ kind: fc.constantFrom('sweep' as const, 'restart' as const, 'push' as const, 'days' as const) }),
);

let repositories = 0;

/** Everything that the reports have announced so far, of any commit, beside what they have announced before. */
function announcedBy({ github }: Scenario, name: string, known: Set<string>): ReadonlySet<string> {
  for (const run of github.repository(`acme/${name}`).checkRuns()) {
    for (const one of readAnnouncements(run.raw.output.summary ?? '')) known.add(one);
  }
  return known;
}

test('nothing is deleted unannounced, whatever happens in between, and a rest of sweeps brings it to rest', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      repositories += 1;
      const name = `keys-${String(repositories)}`;
      const repository = github.addRepository({ owner: 'acme', name });
      landPolicy(repository, POLICIES[0]);
      await scenario.settle();
      const own = (one: string) => `${name} ${one}`;
      const announced = new Set<string>();
      for (const [i, one] of steps.entries()) {
        const before = repository.deployKeys();
        const removed = new Set<number>();
        if (one.kind === 'add' && before.every(({ key }) => key !== publicKey(own(one.name)))) {
          repository.addDeployKey({ title: one.name, key: publicKey(own(one.name)), readOnly: one.readOnly });
        }
        if (one.kind === 'remove') {
          for (const { id, title } of before) {
            if (title !== one.name) continue;
            removed.add(id);
            repository.removeDeployKey(id);
          }
        }
        if (one.kind === 'policy') landPolicy(repository, named(one.text, own));
        if (one.kind === 'push') repository.push({ files: { 'readme.md': String(i) } });
        if (one.kind === 'days') github.clock.advance(3 * DAY);
        if (one.kind === 'sweep') await scenario.sweep();
        if (one.kind === 'restart') await scenario.restart();
        await scenario.settle();
        const now = new Set(repository.deployKeys().map(({ id }) => id));
        const recreated = new Set(repository.deployKeys().map(({ key }) => key));
        for (const { id, key, title } of before) {
          if (now.has(id) || removed.has(id) || recreated.has(key)) continue;
          expect([...announced]).toContain(`${String(id)} ${fingerprint(own(title))}`);
        }
        announcedBy(scenario, name, announced);
      }
      await scenario.sweep();
      await scenario.sweep();
      github.requests.reset();
      await scenario.sweep();
      const writes = github.requests.writes().filter(({ path }) => path.includes(`/${name}/keys`));
      expect(writes).toEqual([]);
    }),
    { numRuns },
  );
});
/** The same policy with keys that no other repository of the test has. */
function named(text: string, own: (name: string) => string): string {
  return NAMES.reduce((all, name) => all.replaceAll(publicKey(name), publicKey(own(name))), text);
}
