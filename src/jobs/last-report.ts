import { observeCheckRun, type ExistingCheckRun } from '../github/check-runs.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { namesProtection } from '../protection/governed.ts';
import { isReportDigest } from '../reports/gate-check.ts';
import { HEAD_CHECK } from '../reports/head-report.ts';
import { loadLastReports } from '../reports/load-last-report.ts';
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
  readonly seen: HeadSeen | null;
}

/** The report on the default branch's head, when it was last read. */
export interface HeadSeen {
  readonly sha: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Without its number where that is not known. */
  readonly run: ExistingCheckRun | Pick<ExistingCheckRun, 'digest'> | null;
}

const UNKNOWN: KnownReport = { progress: null, events: [], isWhole: false, seen: null };

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
  if (events.length === 0) return;
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
  const { progress, isWhole } = context.memory.reports.get(job.repository.id) ?? UNKNOWN;
  if (progress?.applied !== commit) {
    learn(context, job, await read(context, job, { loaded, where: isWhole ? 'head' : 'head and before' }));
  }
  return reportState(context, job);
}

/**
 * Completes what this process knows by what the report on GitHub says, before that is written over: whatever else the new
 * one says, it tells of the same. Gives back what is on the head, where that was looked at just now.
 * @throws GitHubError
 */
export async function completeReport(context: JobContext, job: Job, loaded: LoadedPolicy): Promise<HeadSeen | null> {
  const { progress, isWhole } = context.memory.reports.get(job.repository.id) ?? UNKNOWN;
  if (!isWhole) {
    const found = await read(context, job, { loaded, where: hasMuchToTell(loaded) ? 'head and before' : 'head' });
    learn(context, job, {
      ...found,
      state: progress === null ? found.state : { ...(found.state ?? NO_STATE), ...progress },
    });
  }
  return takeSeen(context, job, loaded);
}

/** A report has just been written: what was seen before is not what is there. */
export function forgetSeen({ memory }: JobContext, { repository }: Job): void {
  const known = memory.reports.get(repository.id);
  if (known !== undefined) memory.reports.set(repository.id, { ...known, seen: null });
}

/** Learns from a report that was seen on the way, so that it need not be asked for. */
export function learnReport(context: JobContext, job: Job, run: Pick<ExistingCheckRun, 'summary'>): void {
  const { progress, isWhole } = context.memory.reports.get(job.repository.id) ?? UNKNOWN;
  if (isWhole) return;
  const state = decodeState(run.summary);
  learn(context, job, { state: progress === null ? state : { ...(state ?? NO_STATE), ...progress }, seen: null });
}

/** A policy of lifecycles that delete nothing costs no reports, so that there is none to be looked for. */
function hasMuchToTell({ governing }: LoadedPolicy): boolean {
  if (governing.kind !== 'valid') return governing.kind === 'broken';
  const { policy } = governing;
  const deletes = policy.environments.some(({ lifecycle }) => lifecycle?.delete !== undefined);
  return deletes || namesProtection(policy) || policy.deploy_keys !== undefined;
}

interface Read {
  readonly state: ReportState | null;
  readonly seen: HeadSeen | null;
}

async function read(
  { clients, appId, clock }: JobContext,
  { installation, repository }: Job,
  { loaded, where }: { readonly loaded: LoadedPolicy; readonly where: 'head' | 'head and before' },
): Promise<Read> {
  const { headSha: sha } = loaded;
  if (sha === null) return { state: null, seen: null };
  const github = clients.installation(installation);
  const reports = where === 'head' ? null : await loadLastReports(github, { repository, headSha: sha, appId });
  if (reports !== null) return { state: reports.state, seen: { sha, at: clock(), run: reports.head } };
  const run = await observeCheckRun(github, { repository, sha, name: HEAD_CHECK, isOfKind: isReportDigest, appId });
  return { state: run === null ? null : decodeState(run.summary), seen: { sha, at: clock(), run } };
}

function learn({ memory, clock }: JobContext, { repository }: Job, { state, seen }: Read): void {
  const known = memory.reports.get(repository.id) ?? UNKNOWN;
  const { events: earlier, ...progress } = state ?? NO_STATE;
  const { events } = withEvents(NO_STATE, mergeEvents(earlier, known.events), clock());
  const isNews = state !== null || known.progress === null;
  memory.reports.set(repository.id, { progress: isNews ? progress : known.progress, events, isWhole: true, seen });
}

/** Other processes write reports, too: what was seen is good for the report that comes right after it, and for no other. */
const FRESH = 60_000;

function takeSeen({ memory, clock }: JobContext, { repository }: Job, { headSha }: LoadedPolicy): HeadSeen | null {
  const known = memory.reports.get(repository.id) ?? UNKNOWN;
  const { seen } = known;
  if (seen === null) return null;
  memory.reports.set(repository.id, { ...known, seen: null });
  return seen.sha === headSha && clock() - seen.at < FRESH ? seen : null;
}
