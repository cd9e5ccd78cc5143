import fc from 'fast-check';
import type { Protection, RepositoryHandle, WorkflowRunHandle } from '../simulator/index.ts';

/*
 * Runs that ask to deploy. Their end does not depend on when somebody looks either: each check of a commit ends once, and
 * a freeze that is over does not come back.
 */

const ENVIRONMENTS = ['production', 'canary', 'vault'] as const;
const CHECKS = ['build', 'e2e'] as const;

export type GateStep =
  | { readonly kind: 'run'; readonly environment: (typeof ENVIRONMENTS)[number] }
  | {
      readonly kind: 'check';
      /** Points at a run, counted around. */
      readonly run: number;
      readonly name: (typeof CHECKS)[number];
      readonly conclusion: 'success' | 'failure';
    };

export const gateStep: fc.Arbitrary<GateStep> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('run' as const), environment: fc.constantFrom(...ENVIRONMENTS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('check' as const),
      run: fc.nat({ max: 3 }),
      name: fc.constantFrom(...CHECKS, 'build' as const),
      conclusion: fc.constantFrom('success' as const, 'success' as const, 'success' as const, 'failure' as const),
    }),
  },
);

/** How long the freeze of `canary` lasts, in milliseconds from the start of a simulated clock. */
export const THAW = 10 * 60_000;

/** `vault` stays frozen; `canary` thaws ten minutes after nine, which is when the simulator's clock starts. */
export const GATED = {
  environments: [
    { name: 'production', gates: [{ checks: ['build', 'e2e'] }] },
    { name: 'canary', gates: [{ checks: ['build'] }] },
    { name: 'vault', gates: [{ checks: ['build'] }] },
  ],
  freezes: [
    { name: 'a while', environments: ['canary'], from: '2026-01-01T00:00', to: '2026-03-02T09:10' },
    { name: 'for good', environments: ['vault'], from: '2026-01-01T00:00' },
  ],
} as const;

/** The runs of one repository. */
export interface GatePlayer {
  play(step: GateStep): void;
  readonly runs: readonly WorkflowRunHandle[];
  /** Environments whose protection is no longer what it was. */
  changed(): readonly string[];
}

export function createGatePlayer(repository: RepositoryHandle): GatePlayer {
  const runs: WorkflowRunHandle[] = [];
  const ended = new Set<string>();
  const before = new Map<string, Protection>();
  for (const name of ENVIRONMENTS) {
    repository.environment(name).protect({ rules: ['lockkeeper'], waitTimer: 7, branches: 'protected' });
    before.set(name, repository.environment(name).protection);
  }
  return {
    runs,
    play(step) {
      if (step.kind === 'run') {
        const { sha } = repository.push({ branch: 'trunk' });
        runs.push(repository.addWorkflowRun({ sha, branch: 'trunk', environments: [step.environment] }));
        return;
      }
      const run = runs[step.run % Math.max(1, runs.length)];
      if (run === undefined || ended.has(`${run.sha} ${step.name}`)) return;
      ended.add(`${run.sha} ${step.name}`);
      repository.addCheckRun({ sha: run.sha, name: step.name, conclusion: step.conclusion });
    },
    changed: () =>
      ENVIRONMENTS.filter(
        (name) => JSON.stringify(repository.environment(name).protection) !== JSON.stringify(before.get(name)),
      ),
  };
}

/** What a run was told in the end. */
export function decisionOf({ reports }: WorkflowRunHandle): string {
  const decisions = reports.flatMap(({ state }) => (state === null ? [] : [state]));
  return decisions.length === 0 ? 'waits' : `is ${decisions.join(' and ')}`;
}
