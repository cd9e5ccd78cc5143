import type { Logger } from '../logging.ts';
import type { GateDecision } from '../reports/gate-decision.ts';
import { blockersOf, standingOf } from '../reports/gate-words.ts';
import type { Candidate } from '../gates/snapshot.ts';
import { gateMemoryKey } from './gates-memory.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/** One line a decision, and the metric: where it differs from what was told of the candidate before. */
export function tellDecision(
  { memory, metrics }: Pick<JobContext, 'memory' | 'metrics'>,
  { repository }: Job,
  told: {
    readonly environment: string;
    readonly candidate: Candidate;
    readonly decision: GateDecision;
    readonly log: Logger;
  },
): void {
  const { environment, candidate, decision, log } = told;
  const { verdict, results, bypass } = decision;
  const digest = JSON.stringify([verdict, bypass, results.map((one) => [one.gate, one.code, standingOf(one)])]);
  const key = gateMemoryKey(repository, environment, candidate.key);
  if (memory.gates.logged.get(key) === digest) return;
  memory.gates.logged.set(key, digest);
  for (const result of results) metrics.gateDecisions.inc({ gate: result.gate, decision: standingOf(result) });
  const blockers = blockersOf(results);
  log.info(
    {
      environment,
      ...(candidate.deployment === null ? {} : { deployment: candidate.deployment }),
      ...(candidate.run === null ? {} : { run: candidate.run.id }),
      sha: candidate.sha,
      decision: verdict,
      rule: 'gates',
      reason: blockers.map(({ gate, code }) => `${gate}: ${code}`).join(', '),
      ...(bypass === null ? {} : { bypassedBy: bypass.by }),
    },
    'Gates decided',
  );
}
