import { expect } from '@jest/globals';
import type { CheckRun } from '../simulator/state/model.ts';
import type { Scenario } from './harness.ts';

/** A policy with an entry for `production`, each part as YAML of its own. */
export function production(entry: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}) {
  return JSON.stringify({ version: 1, environments: [{ name: 'production', ...entry }], ...rest });
}

/** Starts a run that deploys to environments in which the app's rule is enabled. */
export function startRun(
  { shop }: Pick<Scenario, 'shop'>,
  options: Parameters<Scenario['shop']['addWorkflowRun']>[0] = {},
) {
  const { environments = ['production'] } = options;
  for (const environment of environments) shop.environment(environment).protect({ rules: ['lockkeeper'] });
  return shop.addWorkflowRun({ ...options, environments });
}

/** What the app's one check run about an environment says on a commit. */
export function told({ shop }: Pick<Scenario, 'shop'>, environment = 'production', sha?: string): CheckRun {
  const runs = shop
    .checkRuns(sha)
    .filter(({ name, app }) => app === 'lockkeeper' && name === `Lockkeeper / ${environment}`);
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`There are ${runs.length} check runs about ${environment}`);
  return run.raw;
}

/** The button of the check run about an environment, pressed by somebody. */
export function press(
  { shop }: Pick<Scenario, 'shop'>,
  pressed: {
    readonly button: 'bypass' | 'reevaluate';
    readonly by: string;
    readonly environment?: string;
    readonly sha?: string;
  },
): void {
  const { button, by, environment = 'production', sha } = pressed;
  const run = shop.checkRuns(sha).find(({ name }) => name === `Lockkeeper / ${environment}`);
  if (run === undefined) throw new Error(`There is no check run about ${environment}`);
  run.press(button, by);
}

/** The decisions of each run, as it was told them: `null` is a report. */
export function answers(...runs: readonly { readonly reports: readonly { readonly state: string | null }[] }[]) {
  return runs.map(({ reports }) => reports.map(({ state }) => state));
}

/** That what comes of `act` writes nothing at all to GitHub. */
export async function expectNoWrite(scenario: Scenario, act: () => void | Promise<void>): Promise<void> {
  scenario.github.requests.reset();
  await act();
  await scenario.settle();
  expect(scenario.github.requests.writes().map(({ route, operation }) => route ?? operation)).toEqual([]);
}
