import { environmentKey } from '../github/ids.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { isPattern } from '../policy/match.ts';
import { asksForRuns, findIn } from './find-waiting.ts';
import type { WaitingCandidate } from './gates-memory.ts';
import { governingGates } from './governing-gates.ts';
import type { Job, Subject } from './job.ts';
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
  const { repository, presses: _presses, ...rest } = job;
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
    const about: readonly Subject[] = [{ kind: 'waiting' }, ...runsAmong(by.get(environment) ?? [])];
    await context.enqueue({ ...rest, repository, scope, about });
  }
}

/** Named, so that another process finds them too where nothing is asked for by the policy. */
function runsAmong(waiting: readonly WaitingCandidate[]): readonly Subject[] {
  return waiting
    .flatMap(({ asked }): readonly Subject[] => {
      if (asked.kind !== 'run') return [];
      const { kind: _kind, seen: _seen, createdAt, ...run } = asked;
      const created = createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() };
      return [{ kind: 'waiting_run', ...run, ...created, found: true }];
    })
    .slice(0, MOST_RUNS);
}

/** A job about more looks at everything. */
const MOST_RUNS = 10;
