import { environmentKey } from '../github/ids.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { isPattern } from '../policy/match.ts';
import { asksForRuns, findIn } from './find-waiting.ts';
import type { WaitingCandidate } from './gates-memory.ts';
import { governingGates } from './governing-gates.ts';
import { withoutAskers, type Job, type WaitingRun } from './job.ts';
import type { JobContext } from './run-job.ts';
import { shownToWait, type ShownDeployment } from './shown-to-wait.ts';

/**
 * Has everything looked at that waits in a repository, and every environment that is promoted to: a delivery may have been
 * lost, or the policy may have changed.
 *
 * @param seen.listed deployments of the repository, newest first; null where they were not listed.
 * @throws GitHubError
 */
export async function wakeAll(
  context: JobContext,
  job: Job,
  seen: { readonly loaded: LoadedPolicy; readonly listed: readonly ShownDeployment[] | null },
): Promise<void> {
  const { memory } = context;
  const { repository } = job;
  const { governing } = seen.loaded;
  const github = context.clients.installation(job.installation);
  const gates = await governingGates(github, { repository, memory, governing });
  // The gates that a run waits for may be gone with this very change.
  const isChange = job.scope.kind === 'policy';
  const shown = seen.listed === null ? (isChange ? 'not listed' : []) : shownToWait(seen.listed);
  const by =
    governing.kind === 'none' && !asksForRuns(gates, shown)
      ? (memory.gates.waiting.get(repository.id)?.by ?? new Map<string, readonly WaitingCandidate[]>())
      : (await findIn(context, job, gates, shown)).by;
  const promoted =
    governing.kind === 'valid'
      ? governing.policy.environments.filter(({ name, promote }) => promote !== undefined && !isPattern(name))
      : [];
  for (const environment of new Set([...by.keys(), ...promoted.map(({ name }) => environmentKey(name))])) {
    const scope = { kind: 'environment', environment } as const;
    const asking = runsAmong(by.get(environment) ?? []);
    const named = asking.length === 0 ? {} : { asking };
    await context.enqueue({ ...withoutAskers(job), scope, about: [{ kind: 'waiting' }], ...named });
  }
}

/** Named, so that another process finds them too where nothing is asked for by the policy. */
function runsAmong(waiting: readonly WaitingCandidate[]): readonly WaitingRun[] {
  return waiting.flatMap(({ asked }): readonly WaitingRun[] => {
    if (asked.kind !== 'run') return [];
    const { kind: _kind, seen: _seen, createdAt, ...run } = asked;
    const created = createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() };
    return [{ kind: 'waiting_run', ...run, ...created, found: true }];
  });
}
