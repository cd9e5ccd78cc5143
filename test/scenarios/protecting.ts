import { expect } from '@jest/globals';
import type { RepositoryHandle } from '../simulator/index.ts';
import type { Scenario } from './harness.ts';

/** An entry of a policy, or more keys of it. */
export type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

/** A policy with some entries. JSON is YAML. */
export function protectionPolicy(entries: readonly Entry[], more: object = {}): string {
  return JSON.stringify({ version: 1, environments: entries, ...more });
}

/** A policy that protects one environment. */
export function protecting(name: string, protection: object, more: object = {}): string {
  return protectionPolicy([{ name, protection }], more);
}

/** The app's report on the default branch's head; fails where there is none, or more than one. */
export function headReport(scenario: Scenario, repository: RepositoryHandle = scenario.shop) {
  const { sha } = repository.head('main');
  const runs = repository.checkRuns().filter((run) => run.name === 'Lockkeeper' && run.sha === sha);
  const [run] = runs;
  expect(runs).toHaveLength(1);
  const summary = visible(run?.raw.output.summary ?? '');
  return {
    conclusion: run?.conclusion,
    summary,
    /** What is under a heading; empty where there is none of that name. */
    section: (title: string): string => (summary.split(`### ${title}\n`)[1] ?? '').split('\n### ')[0] ?? '',
  };
}

/** What people see: without comments, and with characters for their numbers. */
function visible(markdown: string): string {
  return markdown
    .replace(/<!-- .*? -->\s*/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The writes to environments so far, as `METHOD rest-of-route`. */
export function environmentWrites({ github }: Scenario): readonly string[] {
  return github.requests
    .list()
    .map(({ route }) => route ?? '')
    .filter((route) => !route.startsWith('GET ') && route.includes('/environments/'))
    .map((route) => route.replace('/repos/{owner}/{repo}/environments/{environment_name}', '').replace(' ', ' .'));
}
