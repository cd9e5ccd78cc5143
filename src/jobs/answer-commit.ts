import { describeActors } from '../gates/actors.ts';
import { bypassOf } from '../gates/gates-policy.ts';
import type { ObservedGates } from '../gates/observe.ts';
import type { Candidate } from '../gates/snapshot.ts';
import type { CommitSha, RepositoryRef } from '../github/ids.ts';
import { GitHubError } from '../github/port.ts';
import type { GateChange } from '../changes/gate-change.ts';
import { renderGateReport } from '../reports/gate-report.ts';
import { withAnswer, type GateAnswer, type GateState } from '../reports/gate-state.ts';
import { giveAnswers, writeGateReport, writesReports, type GateActing } from './act-on-gates.ts';
import { answerChange, labelOf, type Decided } from './gate-answer-change.ts';
import { policyFiles } from './gate-policy-files.ts';
import { gateMemoryKey, saidOn } from './gates-memory.ts';
import type { GatesLook } from './gates-look.ts';
import type { JobContext } from './run-job.ts';
import { mayHaveArrived, withUntold } from './untold.ts';

interface Seen {
  readonly look: GatesLook;
  readonly observed: ObservedGates;
}

/**
 * Writes what the gates say of a commit into its check run, and then tells those who wait: an approval that nobody
 * remembers could be followed by another. A report that could not be told is the next look's to tell.
 * @throws GitHubError
 */
export async function answerCommit(
  context: JobContext,
  acting: GateActing,
  work: Seen & { readonly sha: CommitSha; readonly decided: readonly Decided[]; readonly state: GateState },
): Promise<void> {
  const { look, observed, sha, decided } = work;
  const { memory } = context;
  const { repository } = acting.job;
  const state = decided.reduce(
    (before, { answer }) => (answer.answer === null ? before : withAnswer(before, answer.answer)),
    work.state,
  );
  const reports = decided.filter(({ answer }) => answer.tell === 'report');
  const remember = (said: GateState): void => {
    if (!context.observeOnly) memory.gates.said.set(gateMemoryKey(repository, look.environment, sha), said);
  };
  let checkRun: number | null = null;
  try {
    const own = observed.ownRuns.get(sha);
    const existing = own?.kind === 'known' ? own.value : null;
    if (writesReports(look)) checkRun = await writeReport(context, acting, { ...work, state, existing });
  } catch (error) {
    // It may have been written, and says that they were told.
    remember(withUntold(saidOn(memory.gates, { repository, environment: look.environment, sha }), reports, null));
    throw error;
  }
  remember(state);
  const detailsUrl = detailsOf(context, repository, checkRun);
  const by = {
    environment: observed.snapshot.environment,
    mode: look.mode,
    detailsUrl,
    own: { appId: context.appId, slug: observed.slug },
  };
  for (const [index, one] of decided.entries()) {
    const change = answerChange(one, by);
    if (change === null) continue;
    try {
      const done = await giveAnswers(context, acting, [change]);
      if (one.answer.tell !== 'report' && done.has(change)) rememberAnswered(context, acting, look, one.candidate);
    } catch (error) {
      const left = decided.slice(index).filter((other) => reports.includes(other));
      const untold = withUntold(state, left, mayHaveArrived(one, error) ? one : null);
      remember(untold);
      if (left.length > 0 && checkRun !== null) await takeBack(context, acting, { ...work, state: untold, checkRun });
      throw error;
    }
  }
}

/** Has the check run not say that something was told that was not: another process may go on. As far as GitHub allows it. */
async function takeBack(
  context: JobContext,
  acting: GateActing,
  work: Parameters<typeof answerCommit>[2] & { readonly checkRun: number },
): Promise<void> {
  try {
    await writeReport(context, acting, { ...work, existing: { id: work.checkRun, digest: '' } });
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    acting.log.debug({ err: error }, 'The check run could not be taken back');
  }
}

async function writeReport(
  context: JobContext,
  acting: GateActing,
  {
    look,
    observed,
    sha,
    decided,
    state,
    existing,
  }: Parameters<typeof answerCommit>[2] & {
    readonly existing: { readonly id: number; readonly digest: string } | null;
  },
): Promise<number | null> {
  const bypass = bypassOf(look.policy);
  const run = renderGateReport({
    environment: observed.snapshot.environment,
    deployments: decided.map(({ candidate, decision }) => ({ label: labelOf(candidate), decision })),
    files: policyFiles(look.governing, { repository: acting.job.repository, webUrl: context.webUrl }),
    told: look.mode,
    bypassers: bypass === null ? null : describeActors(bypass),
    state,
  });
  return writeGateReport(context, acting, { run, sha, existing });
}

/**
 * Tells once more what was decided, where GitHub has not taken note: the answer may have been lost with the process that
 * gave it. Once a process: a run may also wait for somebody else.
 * @throws GitHubError
 */
export async function sendAgain(
  context: JobContext,
  acting: GateActing,
  { look, observed, answers }: Seen & { readonly answers: readonly { candidate: Candidate; answer: GateAnswer }[] },
): Promise<void> {
  const { memory } = context;
  const { environment } = observed.snapshot;
  const own = { appId: context.appId, slug: observed.slug };
  const { repository } = acting.job;
  for (const { candidate, answer } of answers) {
    if (memory.gates.answered.has(gateMemoryKey(acting.job.repository, look.environment, candidate.key))) continue;
    const report = observed.ownRuns.get(candidate.sha);
    const checkRun = report?.kind === 'known' ? (report.value?.id ?? null) : null;
    const detailsUrl = detailsOf(context, repository, checkRun);
    const change = repeated({ candidate, answer, environment, own, mode: look.mode, detailsUrl });
    if (change === null) continue;
    const done = await giveAnswers(context, acting, [change]);
    if (done.has(change)) rememberAnswered(context, acting, look, candidate);
  }
}

function repeated({
  candidate,
  answer,
  environment,
  own,
  mode,
  detailsUrl,
}: {
  readonly candidate: Candidate;
  readonly answer: GateAnswer;
  readonly environment: string;
  readonly own: { readonly appId: number; readonly slug: string | null };
  readonly mode: GatesLook['mode'];
  /** The page of the check run; null where there is none. */
  readonly detailsUrl: string | null;
}): GateChange | null {
  // With `mode: report` no run is held back, whatever was decided, and a deployment of the API's is told nothing.
  const answered = mode === 'report' ? 'approved' : answer.answered;
  if (answer.answered === null || (mode === 'report' && candidate.run === null)) return null;
  const what = answered === 'approved' ? 'Approved' : 'Rejected';
  const text =
    answered === answer.answered
      ? `${what} before; the check run says why.`
      : 'Approved: the policy has `mode: report`. It was rejected before; the check run says why.';
  const because = { rule: 'gates', reason: text } as const;
  if (candidate.run !== null) {
    return {
      kind: 'answer_protection_rule',
      run: candidate.run.id,
      environment,
      state: answered,
      comment: text,
      ...because,
    };
  }
  if (candidate.deployment === null) return null;
  const state = answered === 'approved' ? 'queued' : 'failure';
  const deployment = { id: candidate.deployment, environment };
  return {
    kind: 'gate_status',
    deployment,
    state,
    description: answer.text ?? text,
    logUrl: detailsUrl,
    own,
    ...because,
  };
}

function detailsOf({ webUrl }: JobContext, { owner, name }: RepositoryRef, checkRun: number | null): string | null {
  return checkRun === null ? null : `${webUrl}/${owner}/${name}/runs/${checkRun}`;
}

function rememberAnswered(
  { memory }: JobContext,
  { job }: GateActing,
  { environment }: GatesLook,
  { key }: Pick<Candidate, 'key'>,
): void {
  memory.gates.answered.set(gateMemoryKey(job.repository, environment, key), true);
}
