import { loadLastReport } from '../reports/load-last-report.ts';
import { NO_STATE, withEvents, type ReportedEvent, type ReportState } from '../reports/report-state.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/**
 * What the last report says to the next process: as this one remembers it, else as it is on GitHub.
 * @param seen.commit the policy's, where it matters: another process may have reported on it by now.
 * @throws GitHubError
 */
export async function lastReport(
  { memory, clients, appId }: JobContext,
  { installation, repository }: Job,
  seen: { readonly loaded: LoadedPolicy; readonly commit?: string },
): Promise<ReportState> {
  const { headSha } = seen.loaded;
  const known = memory.reports.get(repository.id);
  if (known !== undefined && (seen.commit === undefined || known.applied === seen.commit)) return known;
  if (headSha === null) return known ?? NO_STATE;
  const where = known === undefined ? 'head and before' : 'head';
  const question = { repository, headSha, appId, where } as const;
  const state = (await loadLastReport(clients.installation(installation), question)) ?? known ?? NO_STATE;
  memory.reports.set(repository.id, state);
  return state;
}

/** Has the next report say this. */
export function rememberReport(
  { memory, clock }: JobContext,
  { repository }: Job,
  said: { readonly state: ReportState; readonly events: readonly ReportedEvent[] },
): void {
  memory.reports.set(repository.id, withEvents(said.state, said.events, clock()));
}
