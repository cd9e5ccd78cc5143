import { environmentKey } from '../github/ids.ts';
import type { Governing, LoadedPolicy } from '../policy/load.ts';
import { isPattern, matchEntry } from '../policy/match.ts';
import type { EnvironmentEntry, Policy } from '../policy/schema.ts';
import { findIn } from './find-waiting.ts';
import { governingGates } from './governing-gates.ts';
import { withoutAskers, type Job, type Subject } from './job.ts';
import type { JobContext } from './run-job.ts';

/**
 * Has those environments looked at that what is deployed in another one matters to: where something waits for the commit to
 * succeed there, and where its successes are promoted to. Only those; where this process does not know what waits, it
 * looks once.
 * @throws GitHubError
 */
export async function wakeElsewhere(
  context: JobContext,
  job: Job,
  seen: { readonly environment: string; readonly loaded: LoadedPolicy },
): Promise<void> {
  const { environment, loaded } = seen;
  const news = (job.about ?? []).flatMap((one) => (one.kind === 'deployment' ? [one] : []));
  if (news.length === 0) return;
  const woken = new Map(await waitingFor(context, job, { ...seen, shas: new Set(news.map(({ sha }) => sha)) }));
  // What is promoted is looked at as well where whatever waits is.
  if (news.some(({ succeeded }) => succeeded === true)) {
    for (const name of promotedTo(loaded.governing, environment)) woken.set(name, { kind: 'waiting' });
  }
  const rest = withoutAskers(job);
  for (const [name, subject] of woken) {
    await context.enqueue({ ...rest, scope: { kind: 'environment', environment: name }, about: [subject] });
  }
}

/** Whether deployments elsewhere may wait for those of an environment, or be made from them. */
export function isLookedAtFromElsewhere(governing: Governing, environment: string): boolean {
  if (governing.kind !== 'valid') return false;
  const isAwaited = governing.policy.environments.some((entry) => waitsOn(entry, environment));
  return isAwaited || promotedTo(governing, environment).length > 0;
}

async function waitingFor(
  context: JobContext,
  job: Job,
  seen: {
    readonly environment: string;
    readonly loaded: LoadedPolicy;
    readonly shas: ReadonlySet<string | undefined>;
  },
): Promise<readonly (readonly [string, Subject])[]> {
  const { memory, clients } = context;
  const { repository } = job;
  const { environment, loaded, shas } = seen;
  const github = clients.installation(job.installation);
  const gates = await governingGates(github, { repository, memory, governing: loaded.governing });
  if (gates.kind !== 'usable' || !gates.policy.environments.some((entry) => waitsOn(entry, environment))) return [];
  const known = memory.gates.waiting.get(repository.id);
  const { by } = known?.isWhole === true && !context.sharesJobs ? known : await findIn(context, job, gates);
  return [...by].flatMap(([other, waiting]): readonly (readonly [string, Subject])[] => {
    const found = waiting.find(({ sha }) => shas.has(sha));
    if (found === undefined || !isAwaitedIn(gates.policy, { other, environment })) return [];
    return [[other, { kind: 'commit', sha: found.sha }]];
  });
}

/** By the one entry that counts there, be it of that name or a pattern. */
function isAwaitedIn(
  policy: Policy,
  { other, environment }: { readonly other: string; readonly environment: string },
): boolean {
  const entry = other === environment ? null : matchEntry(policy, other);
  return entry !== null && waitsOn(entry, environment);
}

function waitsOn({ gates = [], unusable }: EnvironmentEntry, environment: string): boolean {
  if (unusable.length > 0) return false;
  return gates.some((gate) => 'succeeded_in' in gate && environmentKey(gate.succeeded_in.environment) === environment);
}

/** In lower case. A pattern names no environment to promote to. */
function promotedTo(governing: Governing, environment: string): readonly string[] {
  if (governing.kind !== 'valid') return [];
  return governing.policy.environments
    .filter(({ name, unusable }) => !isPattern(name) && unusable.length === 0)
    .filter(({ promote }) => promote !== undefined && environmentKey(promote.from) === environment)
    .map(({ name }) => environmentKey(name));
}
