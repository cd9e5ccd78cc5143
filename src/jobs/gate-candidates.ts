import type { AskedCandidate, AskedRun } from '../gates/asked.ts';
import { observeRunsThatWait } from '../gates/observe-runs.ts';
import { deploymentsIn, findHere, findIn, nameOf } from './find-waiting.ts';
import { isGated, type GatesLook } from './gates-look.ts';
import { runsThatAsk, type Job, type WaitingRun } from './job.ts';
import type { JobContext } from './run-job.ts';

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
  if (asked.filter((one) => one.kind === 'run' && one.seen === undefined).length < 2) return asked;
  const runs = await observeRunsThatWait(clients.installation(installation), repository);
  return asked.map((one) => {
    const seen = one.kind === 'run' ? (one.seen ?? runs.get(one.run)) : undefined;
    return one.kind === 'run' && seen !== undefined ? { ...one, seen } : one;
  });
}

async function candidatesHere(context: JobContext, job: Job, look: GatesLook): Promise<readonly AskedCandidate[]> {
  const { memory } = context;
  const { environment, governing } = look;
  const named = runsThatAsk(job).map(askedOf);
  const waiting = memory.gates.waiting.get(job.repository.id);
  const before = (waiting?.by.get(environment) ?? []).map(({ asked }) => asked);
  // A run that asks where nothing can hold it back is approved without asking GitHub who else waits.
  if (named.length > 0 && !isGated(look)) return distinct([...before, ...named]);
  const isKnown = waiting?.isWhole === true && job.about !== undefined && !context.sharesJobs;
  if (!isKnown) return distinct([...before, ...(await findUnknown(context, job, { look, named })), ...named]);
  const hasNews = job.about.some(({ kind }) => kind === 'deployment') || (job.presses ?? []).length > 0;
  if (!hasNews) return distinct([...before, ...named]);
  const deployments = await deploymentsIn(context, job, { governing, only: environment });
  const runs = before.filter(({ kind }) => kind === 'run');
  return distinct([...runs, ...deployments.map(({ asked }) => asked), ...named]);
}

function askedOf({ kind: _kind, found: _found, createdAt, ...run }: WaitingRun): AskedRun {
  return { kind: 'run', ...run, ...(createdAt === undefined ? {} : { createdAt: Date.parse(createdAt) }) };
}

/**
 * What waits in the environment, where this process does not know. Who asks is not to wait for a look at everything; nor is
 * one taken where other processes take jobs too, because it would not last.
 */
async function findUnknown(
  context: JobContext,
  job: Job,
  { look, named }: { readonly look: GatesLook; readonly named: readonly AskedRun[] },
): Promise<readonly AskedCandidate[]> {
  const { environment, governing } = look;
  if (named.length > 0 || context.sharesJobs) return findHere(context, job, { environment, governing, named });
  const { by } = await findIn(context, job, governing);
  return (by.get(environment) ?? []).map(({ asked }) => asked);
}

/** Of one that is there twice, what was said last counts; which deployment it is for is not to be mixed up. */
function distinct(all: readonly AskedCandidate[]): readonly AskedCandidate[] {
  const found = new Map<string, AskedCandidate>();
  for (const one of all) {
    const name = nameOf(one);
    const before = found.get(name);
    if (one.kind !== 'run' || before?.kind !== 'run') {
      found.set(name, one);
      continue;
    }
    const { deployment, createdAt, ...read } = before;
    const isSame = createdAt !== undefined && one.deployment === deployment;
    found.set(name, { ...read, ...(isSame ? { createdAt } : {}), ...one });
  }
  return [...found.values()];
}
