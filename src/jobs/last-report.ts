import { observeCheckRun, type ExistingCheckRun } from '../github/check-runs.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { namesProtection } from '../protection/governed.ts';
import { HEAD_CHECK } from '../reports/head-report.ts';
import { loadEarlierReport } from '../reports/load-last-report.ts';
import { decodeState, mergeEvents, NO_STATE, withEvents } from '../reports/report-state.ts';
import type { ReportedEvent, ReportState } from '../reports/report-state.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run-job.ts';

/** How far a policy was applied. */
type Progress = Pick<ReportState, 'applied' | 'open'>;

/** What the last report says to the next process, as this one knows it. */
export interface KnownReport {
  /** Null where this process has neither applied the policy nor read of it. */
  readonly progress: Progress | null;
  readonly events: readonly ReportedEvent[];
  /** False: the report on GitHub may tell of more that was done, before this process began. */
  readonly isWhole: boolean;
}

const UNKNOWN: KnownReport = { progress: null, events: [], isWhole: false };

/** What the next report is to say to the next process, as far as this one knows. */
export function reportState({ memory, clock }: JobContext, { repository }: Job): ReportState {
  const { progress, events } = memory.reports.get(repository.id) ?? UNKNOWN;
  return withEvents({ ...NO_STATE, ...progress }, events, clock());
}

/** Has the next report say how far the policy was applied. */
export function rememberProgress({ memory }: JobContext, { repository }: Job, progress: Progress): void {
  memory.reports.set(repository.id, { ...(memory.reports.get(repository.id) ?? UNKNOWN), progress });
}

/** Has the next report say what was done. */
export function rememberEvents(
  { memory, clock }: JobContext,
  { repository }: Job,
  events: readonly Omit<ReportedEvent, 'at'>[],
): void {
  const known = memory.reports.get(repository.id) ?? UNKNOWN;
  const happened = events.map((event) => ({ at: clock(), ...event }));
  const { events: kept } = withEvents({ ...NO_STATE, events: known.events }, happened, clock());
  memory.reports.set(repository.id, { ...known, events: kept });
}

/**
 * What the last report says. It is read where this process does not know, or has not seen the policy applied at that
 * commit: another one may have.
 * @throws GitHubError
 */
export async function lastReport(
  context: JobContext,
  job: Job,
  { loaded, commit }: { readonly loaded: LoadedPolicy; readonly commit: string },
): Promise<ReportState> {
  const known = context.memory.reports.get(job.repository.id) ?? UNKNOWN;
  if (known.progress?.applied === commit) return reportState(context, job);
  const { run, before } = await readLast(context, job, { loaded, isBeforeRead: !known.isWhole });
  learn(context, job, { read: run === null ? before : decodeState(run.summary), isNews: true });
  return reportState(context, job);
}

/**
 * Completes what this process knows by what the report on GitHub says, before that is written over: whatever else the new
 * one says, it tells of the same. Gives back the report that is on the head; undefined where there was no need to look.
 * @throws GitHubError
 */
export async function completeReport(
  context: JobContext,
  job: Job,
  loaded: LoadedPolicy,
): Promise<ExistingCheckRun | null | undefined> {
  const known = context.memory.reports.get(job.repository.id) ?? UNKNOWN;
  if (known.isWhole) return undefined;
  const { run, before } = await readLast(context, job, { loaded, isBeforeRead: hasMuchToTell(loaded) });
  learn(context, job, { read: run === null ? before : decodeState(run.summary), isNews: false });
  return run;
}

/** A policy of lifecycles alone costs no reports, so that there is none to be looked for. */
function hasMuchToTell({ governing }: LoadedPolicy): boolean {
  if (governing.kind !== 'valid') return governing.kind === 'broken';
  return namesProtection(governing.policy) || governing.policy.deploy_keys !== undefined;
}

/** The report on the head, and, where there is none and that is asked for, what one on a commit before it says. */
async function readLast(
  { clients, appId }: JobContext,
  { installation, repository }: Job,
  { loaded, isBeforeRead }: { readonly loaded: LoadedPolicy; readonly isBeforeRead: boolean },
): Promise<{ readonly run: ExistingCheckRun | null; readonly before: ReportState | null }> {
  const { headSha } = loaded;
  if (headSha === null) return { run: null, before: null };
  const github = clients.installation(installation);
  const run = await observeCheckRun(github, { repository, sha: headSha, name: HEAD_CHECK, appId });
  const before = run === null && isBeforeRead ? await loadEarlierReport(github, { repository, appId }) : null;
  return { run, before };
}

/** @param told.isNews what was read knows better how far the policy was applied. */
function learn(
  { memory, clock }: JobContext,
  { repository }: Job,
  { read, isNews }: { readonly read: ReportState | null; readonly isNews: boolean },
): void {
  const known = memory.reports.get(repository.id) ?? UNKNOWN;
  const { events: earlier, ...told } = read ?? NO_STATE;
  const { events } = withEvents(NO_STATE, mergeEvents(earlier, known.events), clock());
  const progress = known.progress === null || (isNews && read !== null) ? told : known.progress;
  memory.reports.set(repository.id, { progress, events, isWhole: true });
}
