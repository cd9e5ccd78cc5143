import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { landPolicy, startScenario, type Scenario } from '../scenarios/harness.ts';
import type { DeploymentHandle, RepositoryHandle } from '../simulator/index.ts';
import { createPlayer, step, type Step } from './history.ts';

/** More for a long night: LOCKKEEPER_PROPERTY_RUNS=1000 npm test -- test/properties */
const numRuns = Number(process.env['LOCKKEEPER_PROPERTY_RUNS'] ?? 12);

const policy = fc
  .record({
    transient: fc.boolean(),
    one_active_per: fc.constantFrom('environment', 'ref', 'pull_request', 'none'),
    inactivate_on: fc.subarray(['pull_request_closed', 'ref_deleted']),
    environment: fc.boolean(),
  })
  .map(({ transient, environment, ...rest }) => {
    const lifecycle = { ...rest, ...(transient ? { transient } : {}) };
    return JSON.stringify({
      version: 1,
      environments: [
        { name: 'Shared', lifecycle },
        { name: 'own/**', lifecycle: { ...lifecycle, ...(environment ? { delete: { environment } } : {}) } },
      ],
    });
  });

/** After each step, deliveries that arrive then: any of those so far, in any order, any number of times. */
const disorderly = fc.array(fc.record({ step, arriving: fc.array(fc.nat({ max: 50 }), { maxLength: 4 }) }), {
  minLength: 5,
  maxLength: 30,
});

const faults = fc.option(fc.record({ seed: fc.nat(), rate: fc.constantFrom(0.05, 0.3) }));

let repositories = 0;

function newRepository({ github }: Scenario, text: string): RepositoryHandle {
  const repository = github.addRepository({ owner: 'acme', name: `repository-${String(repositories)}` });
  landPolicy(repository, text);
  return repository;
}

async function playOrderly(scenario: Scenario, repository: RepositoryHandle, steps: readonly Step[]) {
  const player = createPlayer(scenario.github, repository);
  for (const one of steps) {
    player.play(one);
    await scenario.settle();
  }
  await scenario.sweep();
  return player;
}

async function playDisorderly(
  scenario: Scenario,
  repository: RepositoryHandle,
  history: readonly { readonly step: Step; readonly arriving: readonly number[] }[],
) {
  const { github } = scenario;
  const player = createPlayer(github, repository);
  const start = github.deliveries.length;
  for (const { step: one, arriving } of history) {
    player.play(one);
    const all = github.deliveries.slice(start);
    await github.release(arriving.flatMap((number) => all[number % Math.max(1, all.length)] ?? []));
  }
  await scenario.settle();
  github.faults.clear();
  await scenario.sweep();
  return player;
}

const ENDED = new Set(['failure', 'error', 'inactive']);

/** A word of the app's about what has ended is one too many. */
function statusesTooMany({ statuses }: DeploymentHandle): readonly string[] {
  return statuses.flatMap((status, i) => {
    const before = statuses[i - 1]?.state;
    return status.viaApp?.slug === 'lockkeeper' && before !== undefined && ENDED.has(before)
      ? [`${before}, then ${status.state}`]
      : [];
  });
}

const isSpokenOf = ({ statuses }: DeploymentHandle) => statuses.some(({ viaApp }) => viaApp?.slug === 'lockkeeper');

test(
  'whatever deliveries are lost, doubled and out of order, and whatever fails: one sweep later all is as if nothing had been',
  async () => {
    const simulator = { rateLimit: 1_000_000 };
    const orderly = await startScenario({ simulator });
    const messy = await startScenario({ simulator });
    messy.hold();
    await fc.assert(
      fc.asyncProperty(policy, disorderly, faults, async (text, history, failing) => {
        repositories += 1;
        const [ours, theirs] = [newRepository(orderly, text), newRepository(messy, text)];
        if (failing !== null) {
          const actions = [
            '502',
            'drop-before',
            'drop-after-apply',
            'cut-body',
            'graphql-partial',
            'graphql-lost',
          ] as const;
          messy.github.faults.random({ ...failing, actions });
        }
        const { deployments: expected, guarded } = await playOrderly(
          orderly,
          ours,
          history.map((one) => one.step),
        );
        const { deployments: found } = await playDisorderly(messy, theirs, history);

        expect(found.map(({ environment, state }) => `${environment} ${state}`)).toEqual(
          expected.map(({ environment, state }) => `${environment} ${state}`),
        );
        expect(theirs.environments().sort()).toEqual(ours.environments().sort());
        expect(theirs.environments()).toEqual(expect.arrayContaining([...guarded]));
        for (const one of [...expected, ...found]) {
          expect(statusesTooMany(one)).toEqual([]);
          expect(one.exists).toBe(true);
          const isOutOfReach = one.production || one.environment === 'ungoverned';
          const isNamed = one.environment.toLowerCase() === 'shared' && text.includes('"transient":true');
          if (isOutOfReach && !(isNamed && one.production)) expect(isSpokenOf(one)).toBe(false);
        }
        // What is done with needs no look by later sweeps.
        for (const done of [ours, theirs]) done.archive();
        messy.github.held.splice(0);
      }),
      { numRuns },
    );
  },
  60_000 + numRuns * 20_000,
);
