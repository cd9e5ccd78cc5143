import { load } from 'js-yaml';
import { lintPolicy } from '../src/policy/lint.ts';
import { mergePolicies } from '../src/policy/merge.ts';
import { parsePolicy } from '../src/policy/parse.ts';
import type { Benchmark, Variant } from './row.ts';

const ENVIRONMENTS = 200;
const PAIRS = 5;
/** Of a pair: one call is over before a clock has ticked well. */
const CALLS = 10;

/** A policy as a large repository has it: many environments, each with something to say. */
function largePolicy(prefix: string): string {
  const entries = Array.from(
    { length: ENVIRONMENTS },
    (_, i) => `  - name: ${prefix}-${i}/*
    protection:
      wait_timer: ${i}
      reviewers: [{ team: team-${i} }]
      deployment_branch_policy: [main, "release/${i}/*"]
    gates:
      - ref: [main, "release/*"]
      - checks: [build, "e2e / *"]
    lifecycle:
      transient: true
      one_active_per: pull_request
      inactivate_on: [pull_request_closed, ref_deleted]
      inactivate_after: ${i + 1}d
`,
  );
  return `version: 1\nenvironments:\n${entries.join('')}`;
}

const own = largePolicy('review');
const theirs = largePolicy('shared');

/** How long a large policy takes, against what reading its YAML alone does. */
export const policy: Benchmark = {
  name: 'policy',
  run() {
    const parsed = { own: source(own), theirs: source(theirs) };
    const variants = [
      measure('parse', () => {
        parsePolicy(own);
      }),
      measure('parse and validate, warnings among it', () => {
        validate(own);
      }),
      measure('merge with an organisation’s of the same size', () => {
        mergePolicies({ organisation: parsed.theirs, repository: parsed.own, repositoryName: 'shop' });
      }),
    ];
    return Promise.resolve([
      {
        figure: `a policy of ${ENVIRONMENTS} environments, against loading its YAML without places, median of ${PAIRS} pairs`,
        unit: 'times as long',
        bar: null,
        measured: Math.max(...variants.map(({ measured }) => measured)),
        baseline: 1,
        variants,
      },
    ]);
  },
};

function source(text: string) {
  const { policy: read, locate } = parsePolicy(text);
  if (read === null) throw new Error('The policy of the benchmark does not parse');
  return { file: '.github/deployments.yml', policy: read, locate, commit: null };
}

function validate(text: string): void {
  const { policy: read, locate } = parsePolicy(text);
  if (read !== null) lintPolicy({ policy: read, locate, now: 0, level: 'repository' });
}

function measure(name: string, work: () => void): Variant {
  const baseline = (): void => {
    load(own);
  };
  time(work);
  time(baseline);
  const pairs = Array.from({ length: PAIRS }, () => ({ baseline: time(baseline), work: time(work) }));
  const each = median(pairs.map((pair) => pair.work)) / CALLS;
  return {
    name,
    measured: median(pairs.map((pair) => pair.work / pair.baseline)),
    notes: [`${each.toFixed(1)} ms each`],
  };
}

function time(work: () => void): number {
  const start = performance.now();
  for (let i = 0; i < CALLS; i += 1) work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
