import type { AskedCandidate } from '../gates/asked.ts';
import { observeWaitingDeployments, hasGates } from '../gates/observe-waiting-deployments.ts';
import { observeWaitingRuns, type WaitingRun } from '../gates/observe-waiting-runs.ts';
import { observeRunsThatWait } from '../gates/observe-runs.ts';
import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import type { WaitingCandidate, WaitingIn } from './gates-memory.ts';
import { governingGates, type GatesGoverning } from './governing-gates.ts';
import { loadedPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { hasAnyGate, isGated, type GatesLook } from './gates-look.ts';
import { jobLog } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import type { ShownToWait } from './shown-to-wait.ts';

/**
 * What the gates of an environment are to be asked about: what a delivery named, and what is known to wait or is found.
 * @throws GitHubError
 */
export async function askedHere(context: JobContext, job: Job, look: GatesLook): Promise<readonly AskedCandidate[]> {
  return withSeenRuns(context, job, await candidatesHere(context, job, look));
}

/** Several runs are read with one request. One that is not among those that wait is asked for by its number. */
async function withSeenRuns(
  { clients }: JobContext,
  { repository, installation }: Job,
  asked: readonly AskedCandidate[],
): Promise<readonly AskedCandidate[]> {
  if (asked.filter(({ kind }) => kind === 'run').length < 2) return asked;
  const runs = await observeRunsThatWait(clients.installation(installation), repository);
  return asked.map((one) => {
    const seen = one.kind === 'run' ? runs.get(one.run) : undefined;
    return one.kind === 'run' && seen !== undefined ? { ...one, seen } : one;
  });
}

async function candidatesHere(context: JobContext, job: Job, look: GatesLook): Promise<readonly AskedCandidate[]> {
  const { memory } = context;
  const { environment, governing } = look;
  const named = (job.about ?? []).flatMap((subject): readonly AskedCandidate[] => {
    if (subject.kind !== 'waiting_run') return [];
    const { kind: _kind, found: _found, ...run } = subject;
    return [{ kind: 'run', ...run }];
  });
  // A run that asks where nothing can hold it back is approved without asking GitHub who else waits.
  if (named.length > 0 && !isGated(look)) {
    const before = memory.gates.waiting.get(job.repository.id)?.by.get(environment) ?? [];
    return distinct([...before.map(({ asked }) => asked), ...named]);
  }
  const isKnown =
    memory.gates.waiting.get(job.repository.id)?.isWhole === true && job.about !== undefined && !context.sharesJobs;
  const { by } = isKnown
    ? (memory.gates.waiting.get(job.repository.id) ?? NOTHING)
    : await findIn(context, job, governing);
  const known = (by.get(environment) ?? []).map(({ asked }) => asked);
  const hasNews = isKnown && (job.about.some(({ kind }) => kind === 'deployment') || (job.presses ?? []).length > 0);
  if (!hasNews) return distinct([...known, ...named]);
  const deployments = await deploymentsIn(context, job, { governing, only: environment });
  const runs = known.filter(({ kind }) => kind === 'run');
  return distinct([...runs, ...deployments.map(({ asked }) => asked), ...named]);
}

const NOTHING: WaitingIn = { isWhole: true, by: new Map() };

function distinct(all: readonly AskedCandidate[]): readonly AskedCandidate[] {
  return [...new Map(all.map((one) => [nameOf(one), one])).values()];
}

function nameOf(asked: AskedCandidate): string {
  switch (asked.kind) {
    case 'run':
      return `run ${asked.run}`;
    case 'deployment':
      return `deployment ${asked.id}`;
    case 'imagined':
      return asked.key;
  }
}

/**
 * Finds everything that waits in a repository, and remembers it.
 * @throws GitHubError
 */
export async function findWaiting(context: JobContext, job: Job): Promise<WaitingIn> {
  const { memory } = context;
  const { repository } = job;
  const github = context.clients.installation(job.installation);
  const log = jobLog(context.log, job);
  const loaded = await loadedPolicy(github, { repository, memory, log });
  if (loaded === null) return NOTHING;
  const { governing } = loaded;
  return findIn(context, job, await governingGates(github, { repository, memory, governing }));
}

/**
 * The same, where it is known what governs the gates. Runs are asked for where something can hold them back, or a list
 * shows that something does: the app's rule may be enabled where the policy has no gates.
 * @throws GitHubError
 */
export async function findIn(
  context: JobContext,
  job: Job,
  governing: GatesGoverning,
  shown: ShownToWait = [],
): Promise<WaitingIn> {
  const found = [
    ...(asksForRuns(governing, shown) ? await runsIn(context, job, shown) : []),
    ...(await deploymentsIn(context, job, { governing })),
  ];
  // A list of GitHub's may not show yet what this process knows: what waits no longer, a look at its environment tells.
  const by = new Map<string, readonly WaitingCandidate[]>(context.memory.gates.waiting.get(job.repository.id)?.by);
  for (const { environment, ...one } of found) {
    const others = (by.get(environment) ?? []).filter(({ asked }) => nameOf(asked) !== nameOf(one.asked));
    by.set(environment, [...others, one]);
  }
  const waiting: WaitingIn = { isWhole: true, by };
  context.memory.gates.waiting.set(job.repository.id, waiting);
  return waiting;
}

interface Found extends WaitingCandidate {
  /** In lower case. */
  readonly environment: string;
}

async function runsIn(context: JobContext, job: Job, shown: ShownToWait): Promise<readonly Found[]> {
  const { repository, installation } = job;
  const { clients, appId, memory } = context;
  const runs = await observeWaitingRuns(clients.installation(installation), { repository, appId });
  return runs.map(({ environment, run }) => {
    memory.spellings.see(repository.id, environment);
    const deployment = deploymentOf({ environment, sha: run.sha }, { shown, runs });
    return {
      environment: environmentKey(environment),
      asked: { kind: 'run', run: run.id, environment, ...(deployment === null ? {} : { deployment }) },
      sha: run.sha,
      gates: null,
    };
  });
}

/** Which deployment a run asks for: the newest that is shown to wait, where no other run asks for the same. */
function deploymentOf(
  place: { readonly environment: string; readonly sha: CommitSha },
  { shown, runs }: { readonly shown: ShownToWait; readonly runs: readonly WaitingRun[] },
): DeploymentId | null {
  const isHere = (environment: string, sha: CommitSha): boolean =>
    sha === place.sha && environmentKey(environment) === environmentKey(place.environment);
  if (shown === 'not listed' || runs.filter(({ environment, run }) => isHere(environment, run.sha)).length > 1)
    return null;
  return shown.find(({ environment, sha }) => isHere(environment, sha))?.id ?? null;
}

/** Without gates and freezes the rule is enabled nowhere, as far as the policy goes. */
export function asksForRuns(governing: GatesGoverning, shown: ShownToWait): boolean {
  if (shown.length > 0) return true;
  return governing.kind === 'usable' ? hasAnyGate(governing.policy) : governing.kind === 'unusable';
}

async function deploymentsIn(
  { clients, memory }: JobContext,
  { repository, installation }: Job,
  { governing, only }: { readonly governing: GatesGoverning; readonly only?: string },
): Promise<readonly Found[]> {
  if (governing.kind !== 'usable' || (only !== undefined && !hasGates(governing.policy, only))) return [];
  const { policy, files } = governing;
  const found = await observeWaitingDeployments(clients.installation(installation), {
    repository,
    policy,
    files,
    spellings: (environment) => [...memory.spellings.spellings(repository.id, environment)],
    ...(only === undefined ? {} : { only }),
  });
  return found.map(({ environment, id, sha }) => ({
    environment,
    asked: { kind: 'deployment', id, sha },
    sha,
    gates: null,
  }));
}
