import { createHash } from 'node:crypto';
import { applyChanges } from '../changes/apply.ts';
import type { CheckRunChange } from '../changes/change.ts';
import { observeCheckRun, type ExistingCheckRun } from '../github/check-runs.ts';
import type { LoadedFile, LoadedPolicy } from '../policy/load.ts';
import { POLICY_PATH } from '../policy/load-fields.ts';
import { loadNewestParsing } from '../policy/load-history.ts';
import type { Policy } from '../policy/schema.ts';
import { idleSections } from '../policy/sections.ts';
import type { CheckRun } from '../reports/check-run.ts';
import { isReportDigest } from '../reports/gate-check.ts';
import { HEAD_CHECK, renderHeadReport, type HeadReport, type ReportedFile } from '../reports/head-report.ts';
import type { Finding } from '../reports/reason-codes.ts';
import { allFindings } from './findings.ts';
import { ACTED_ON } from './governing-policy.ts';
import type { Job } from './job.ts';
import { reportDeployKeys } from './report-deploy-keys.ts';
import { completeReport, forgetSeen, learnReport, reportState, type HeadSeen } from './last-report.ts';
import { jobLog, logOutcomes } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import { writerFor } from './writer-for.ts';

/**
 * Brings the check run on the default branch's head up to date, where it does not say the same already. Only for jobs of
 * the scope `policy`, which never run side by side: others call {@link askForReport}.
 * @throws GitHubError
 */
export async function reportHead(context: JobContext, job: Job, loaded: LoadedPolicy): Promise<void> {
  if (loaded.governing.kind === 'none') return;
  if (loaded.governing.kind === 'valid') await reportDeployKeys(context, job, loaded.governing);
  const seen = await completeReport(context, job, loaded);
  const report = headReport(context, job, loaded);
  if (report === null) return;
  const { sha } = report;
  const own = await withParsing(context, job, report.content.own);
  await writeReport(context, job, { run: renderHeadReport({ ...report.content, own }), sha, seen });
}

/** Takes over what the head's report says, seen on the way, where this process has neither read nor written it. */
export function takeReport(
  context: JobContext,
  job: Job,
  { run, sha }: { readonly run: Pick<ExistingCheckRun, 'digest' | 'summary'>; readonly sha: string },
): void {
  learnReport(context, job, run);
  const key = reportKey(job, { name: HEAD_CHECK });
  if (!context.memory.reported.has(key)) context.memory.reported.set(key, `${sha} ${run.digest}`);
}

/** Adds a job that reports, where the report would not say what this process knows to be said already. */
export async function askForReport(context: JobContext, job: Job, loaded: LoadedPolicy): Promise<void> {
  const report = headReport(context, job, loaded);
  if (report === null || isReported(context, job, { run: renderHeadReport(report.content), sha: report.sha })) return;
  await context.enqueue({ ...job, scope: { kind: 'policy' }, reason: 'report', about: [] });
}

/** Null where there is nothing to report on, or nowhere to report it. */
function headReport(
  context: JobContext,
  job: Job,
  { governing, headSha, isOrganisationNotFound, isPrivate }: LoadedPolicy,
): { readonly content: HeadReport; readonly sha: string } | null {
  if (governing.kind === 'none' || headSha === null) return null;
  const policy = governing.kind === 'valid' ? governing.policy : null;
  const { memory } = context;
  const organisationFile = `${job.repository.owner}/.github/${POLICY_PATH}`;
  const keys = policy === null ? null : (memory.deployKeys.get(job.repository.id)?.reported ?? null);
  return {
    sha: headSha,
    content: {
      own: reported(governing.files.repository, POLICY_PATH),
      organisation: reported(governing.files.organisation, organisationFile),
      unseen: isOrganisationNotFound && context.clients.isLimited(job.installation) ? organisationFile : null,
      isPrivate,
      mode: policy?.mode ?? 'enforce',
      findings: [
        ...(policy === null ? [] : notActedOn(policy)),
        ...allFindings(memory, job.repository),
        ...(keys?.findings ?? []),
      ],
      ...(keys === null ? {} : { deployKeys: keys.section }),
      planned: memory.planned.get(job.repository.id) ?? [],
      state: reportState(context, job),
      overruled: policy?.overruled.map(({ message }) => message) ?? [],
    },
  };
}

function notActedOn(policy: Policy): readonly Finding[] {
  const idle = idleSections(policy, ACTED_ON);
  if (idle.length === 0) return [];
  const message = `This version does not act on: ${idle.map(({ path }) => path.join('.')).join(', ')}.`;
  return [{ code: 'policy_not_acted_on', message }];
}

/** Says which version serves while the repository's own file does not parse. */
async function withParsing(context: JobContext, job: Job, file: ReportedFile | null): Promise<ReportedFile | null> {
  if (file?.state !== 'invalid') return file;
  const newest = await loadNewestParsing(context.clients.installation(job.installation), job.repository);
  return { ...file, parsingCommit: newest?.commit?.oid ?? null };
}

function reported(file: LoadedFile, name: string): ReportedFile | null {
  switch (file.kind) {
    case 'absent':
      return null;
    case 'unreadable':
      return { name, state: 'unreadable', commit: null, diagnostics: [] };
    case 'valid':
    case 'invalid':
      return { name, state: file.kind, commit: file.commit?.oid ?? null, diagnostics: file.diagnostics };
  }
}

/**
 * Writes a check run, unless the commit has one that says the same.
 * @throws GitHubError
 */
export async function writeReport(
  context: JobContext,
  job: Job,
  { run, sha, seen = null }: { readonly run: CheckRun; readonly sha: string; readonly seen?: HeadSeen | null },
): Promise<void> {
  const { memory, observeOnly, appId } = context;
  const { repository } = job;
  const log = jobLog(context.log, job);
  const digest = digestOf(run);
  if (isReported(context, job, { run, sha })) return;
  const key = reportKey(job, run);
  if (observeOnly) {
    log.info({ name: run.name, conclusion: run.conclusion, title: run.title }, 'Would report');
    memory.reported.set(key, `${sha} ${digest}`);
    return;
  }
  const github = writerFor(context, job);
  const isSame = seen?.run?.digest === digest;
  const existing = isSame ? null : await runToWriteOver();
  if (!isSame && existing?.digest !== digest) {
    const change: CheckRunChange = {
      kind: 'check_run',
      rule: 'report',
      reason: run.title,
      headSha: sha,
      run,
      digest,
      existing: existing?.id ?? null,
    };
    await applyChanges(github, repository, { changes: [change], listener: logOutcomes(log) });
    forgetSeen(context, job);
    context.metrics.changes.inc({ kind: change.kind });
  }
  // Also where GitHub refused it: it would refuse it again.
  memory.reported.set(key, `${sha} ${digest}`);

  async function runToWriteOver(): Promise<ExistingCheckRun | null> {
    if (seen !== null && (seen.run === null || 'id' in seen.run)) return seen.run;
    return observeCheckRun(github, { repository, sha, name: run.name, isOfKind: isReportDigest, appId });
  }
}

function isReported(
  { memory }: JobContext,
  job: Job,
  { run, sha }: { readonly run: CheckRun; readonly sha: string },
): boolean {
  return memory.reported.get(reportKey(job, run)) === `${sha} ${digestOf(run)}`;
}

function reportKey({ repository, scope }: Job, { name }: Pick<CheckRun, 'name'>): string {
  const proposal = scope.kind === 'policy' ? (scope.pullRequest ?? '') : '';
  return `${repository.id} ${name} ${proposal}`;
}

/** Differs where what a check run says does. */
export function digestOf(run: CheckRun): string {
  return createHash('sha256').update(JSON.stringify(run)).digest('hex').slice(0, 32);
}
