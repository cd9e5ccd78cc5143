import type { AskedCandidate, AskedRun } from '../gates/asked.ts';
import { isAnswered, observeWaitingDeployments } from '../gates/observe-waiting-deployments.ts';
import { observeWaitingRuns, type WaitingRun } from '../gates/observe-waiting-runs.ts';
import { environmentKey, type CommitSha, type DeploymentId } from '../github/ids.ts';
import { hasAnyGate } from './gates-look.ts';
import type { WaitingCandidate, WaitingIn } from './gates-memory.ts';
import { governingGates, type GatesGoverning } from './governing-gates.ts';
import { loadedPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { jobLog } from './report-to-log.ts';
import type { JobContext } from './run-job.ts';
import type { ShownToWait } from './shown-to-wait.ts';

const NOTHING: WaitingIn = { isWhole: true, by: new Map() };

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

/**
 * Finds what waits in one environment. Nothing is remembered of it.
 *
 * @param here.named runs that are known to ask there: of them GitHub need not be asked what they wait for.
 * @throws GitHubError
 */
export async function findHere(
  context: JobContext,
  job: Job,
  here: {
    /** In lower case. */
    readonly environment: string;
    readonly governing: GatesGoverning;
    readonly named: readonly AskedRun[];
  },
): Promise<readonly AskedCandidate[]> {
  const { repository, installation } = job;
  const { environment, governing, named } = here;
  const only = { environment, asking: new Map(named.map((one) => [one.run, one.environment ?? environment])) };
  const question = { repository, appId: context.appId, only };
  const runs = asksForRuns(governing, [])
    ? await observeWaitingRuns(context.clients.installation(installation), question)
    : [];
  const deployments = await deploymentsIn(context, job, { governing, only: environment });
  return [
    ...runs.map(({ environment: spelled, run }): AskedRun => {
      context.memory.spellings.see(repository.id, spelled);
      return { kind: 'run', run: run.id, environment: spelled, seen: run };
    }),
    ...deployments.map(({ asked }) => asked),
  ];
}

/** What tells one candidate from the others. */
export function nameOf(asked: AskedCandidate): string {
  switch (asked.kind) {
    case 'run':
      return `run ${asked.run}`;
    case 'deployment':
      return `deployment ${asked.id}`;
    case 'imagined':
      return asked.key;
  }
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

/** The deployments of the API that wait, in the repository or in one environment. */
export async function deploymentsIn(
  { clients, memory }: JobContext,
  { repository, installation }: Job,
  { governing, only }: { readonly governing: GatesGoverning; readonly only?: string },
): Promise<readonly Found[]> {
  if (governing.kind !== 'usable' || (only !== undefined && !isAnswered(governing.policy, only))) return [];
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
