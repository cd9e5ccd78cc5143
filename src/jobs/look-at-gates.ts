import { bypassOf, neededFacts } from '../gates/gates-policy.ts';
import { observeGates, type ObservedGates } from '../gates/observe.ts';
import type { AskedCandidate } from '../gates/asked.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import { gateCheckName } from '../reports/gate-check.ts';
import { bypassesOf } from '../reports/gate-state.ts';
import { answerCandidates, type Answered } from './answer-candidates.ts';
import { answerLatePresses } from './late-presses.ts';
import { approveUngated } from './approve-ungated.ts';
import { rememberFindings } from './findings.ts';
import { askedHere } from './gate-candidates.ts';
import { stateOfRun } from './gate-states.ts';
import { rememberWaiting } from './gates-memory.ts';
import { isGated, type GatesLook } from './gates-look.ts';
import { gatesPolicyOf, governingGates } from './governing-gates.ts';
import { withoutAskers, type Job } from './job.ts';
import { jobLog } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import type { Finding } from '../reports/reason-codes.ts';

/**
 * Looks at what waits for the gates of an environment, answers it, and remembers when to look again. Resolves to the
 * deployments that go on waiting: they are not stuck.
 * @throws GitHubError
 */
export async function lookAtGates(
  context: JobContext,
  job: Job,
  { environment, loaded }: { readonly environment: string; readonly loaded: LoadedPolicy },
): Promise<ReadonlySet<number>> {
  const { memory, clock } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const governing = await governingGates(github, { repository, memory, governing: loaded.governing });
  const look: GatesLook = {
    environment,
    governing,
    policy: gatesPolicyOf(governing, environment),
    mode: governing.kind === 'usable' ? governing.policy.mode : 'enforce',
    now: clock(),
  };
  const asked = await askedHere(context, job, look);
  const findings: Finding[] = [];
  const acting = { job, log: jobLog(context.log, job), findings };
  try {
    if (asked.length === 0 && (job.presses ?? []).length === 0)
      return settle(context, job, { environment, ...NOTHING_WAITS });
    if (!isGated(look) && asked.every(({ kind }) => kind === 'run') && (job.presses ?? []).length === 0) {
      await approveUngated(context, acting, { look, asked });
      return settle(context, job, { environment, ...NOTHING_WAITS });
    }
    const observed = asked.length === 0 ? null : await observe(context, job, { look, asked });
    if (asked.length > 0 && observed === null) return new Set(deploymentsAmong(asked).map(({ id }) => id));
    const answered = observed === null ? NOTHING_WAITS : await answerCandidates(context, acting, { look, observed });
    await answerLatePresses(context, acting, { look, answered: answered.commits });
    return settle(context, job, { environment, ...withUnseen(answered, { asked, observed }) });
  } finally {
    const found = { repository, source: `\0gates ${environment}`, standing: [], happened: findings, now: look.now };
    if (rememberFindings(memory, found)) {
      await context.enqueue({ ...withoutAskers(job), scope: { kind: 'policy' }, reason: 'report', about: [] });
    }
  }
}

/** What could not be looked for is not known to wait no longer. */
function withUnseen(
  answered: Answered,
  { asked, observed }: { readonly asked: readonly AskedCandidate[]; readonly observed: ObservedGates | null },
): Answered {
  if (observed === null) return answered;
  const seen = new Set(observed.snapshot.candidates.map(({ deployment }) => deployment));
  const unseen = deploymentsAmong(asked).filter((one) => !seen.has(one.id) && !observed.over.includes(one));
  return {
    ...answered,
    waits: [...answered.waits, ...unseen.map((one) => ({ asked: one, sha: one.sha, gates: null }))],
    deployments: new Set([...answered.deployments, ...unseen.map(({ id }) => id)]),
  };
}

function deploymentsAmong(asked: readonly AskedCandidate[]) {
  return asked.filter((one) => one.kind === 'deployment');
}

const NOTHING_WAITS: Answered = { waits: [], at: null, deployments: new Set(), commits: new Set() };

function observe(
  context: JobContext,
  job: Job,
  { look, asked }: { readonly look: GatesLook; readonly asked: readonly AskedCandidate[] },
): Promise<ObservedGates | null> {
  const { memory, appId } = context;
  const { repository } = job;
  const { environment, policy, now } = look;
  return observeGates(context.clients.installation(job.installation), {
    repository,
    environment,
    spellings: [...new Set([...memory.spellings.spellings(repository.id, environment), environment])],
    now,
    needs: neededFacts(policy),
    candidates: asked,
    appId,
    checkName: gateCheckName(environment),
    recall: (run) => {
      const state = stateOfRun(run);
      const answered = state.answers.flatMap(({ key, answered }) =>
        answered === null ? [] : [[key, answered] as const],
      );
      return { answered: new Map(answered), bypasses: bypassOf(policy) === null ? [] : bypassesOf(state) };
    },
    settledBefore: null,
  });
}

/** Remembers what waits, and when it may change by itself. */
function settle(
  { memory, timers }: JobContext,
  job: Job,
  result: Answered & { readonly environment: string },
): ReadonlySet<number> {
  const { environment, waits, at } = result;
  rememberWaiting(memory.gates, { repository: job.repository, environment, candidates: waits });
  timers.set({ what: 'gates', job: asTimer(job), at });
  return result.deployments;
}

/** The job that a timer adds: whatever waits in the same environment. */
export function asTimer(job: Job): Job {
  const { deliveries: _deliveries, ...rest } = withoutAskers(job);
  return { ...rest, reason: 'timer', about: [{ kind: 'waiting' }] };
}
