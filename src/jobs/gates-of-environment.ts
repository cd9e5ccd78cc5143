import { gatesPolicyFor } from '../gates/gates-policy.ts';
import { environmentKey } from '../github/ids.ts';
import type { Governing, LoadedPolicy } from '../policy/load.ts';
import { isPattern } from '../policy/match.ts';
import type { Job, Subject } from './job.ts';
import { isGated } from './gates-look.ts';
import { asTimer, lookAtGates } from './look-at-gates.ts';
import { lookAtPromotion } from './look-at-promotion.ts';
import type { JobContext } from './run-job.ts';

interface Concern {
  /** In lower case. */
  readonly environment: string;
  readonly governing: Governing;
}

/** Whether gates have anything to look at in an environment, as far as can be told without asking. */
export function concernsGates({ memory, clock }: JobContext, job: Job, { environment, governing }: Concern): boolean {
  if ((job.presses ?? []).length > 0 || job.about?.some(({ kind }) => kind === 'waiting_run') === true) return true;
  if (memory.gates.waiting.get(job.repository.id)?.by.has(environment) === true) return true;
  if (governing.kind !== 'valid') return governing.kind === 'broken';
  const policy = gatesPolicyFor(governing.policy, environment);
  if (policy.entry?.promote !== undefined || isGated({ policy, environment, now: clock() })) return true;
  return followers(governing, environment).length > 0;
}

/**
 * The gates' part of a job about an environment: answers what waits there, promotes into it, and wakes what waits for it
 * elsewhere. Resolves to the deployments that go on waiting.
 * @throws GitHubError
 */
export async function lookAtGatesOf(
  context: JobContext,
  job: Job,
  seen: { readonly environment: string; readonly loaded: LoadedPolicy },
): Promise<ReadonlySet<number>> {
  const { environment, loaded } = seen;
  await wakeElsewhere(context, job, { environment, governing: loaded.governing });
  const waiting = await lookAtGates(context, job, seen);
  const isDue = job.about === undefined || job.about.some(({ kind }) => kind === 'waiting');
  if (isDue) {
    const at = await lookAtPromotion(context, job, seen);
    context.timers.set({ what: 'promotion', job: asTimer(job), at });
  }
  return waiting;
}

/** A deployment that another environment's gates look at, or that is promoted from here, has news. */
async function wakeElsewhere(context: JobContext, job: Job, { environment, governing }: Concern): Promise<void> {
  const news = (job.about ?? []).flatMap((one) => (one.kind === 'deployment' ? [one] : []));
  if (news.length === 0) return;
  const { presses: _presses, ...rest } = job;
  const shas = new Set(news.map(({ sha }) => sha));
  const known = context.memory.gates.waiting.get(job.repository.id);
  const woken = new Map<string, Subject>();
  for (const [other, waiting] of known?.by ?? []) {
    const found = waiting.find(({ sha }) => shas.has(sha));
    if (other !== environment && found !== undefined) woken.set(other, { kind: 'commit', sha: found.sha });
  }
  const succeeded = news.some((one) => one.succeeded === true);
  for (const { name, promotes } of followers(governing, environment)) {
    // `waiting`: what is promoted is looked at as well.
    if (promotes ? succeeded : known?.isWhole !== true || context.sharesJobs) woken.set(name, { kind: 'waiting' });
  }
  for (const [name, subject] of woken) {
    await context.enqueue({ ...rest, scope: { kind: 'environment', environment: name }, about: [subject] });
  }
}

/** The environments, by exact name, that look at this one: their `succeeded_in` names it, or their `promote` does. */
function followers(governing: Governing, environment: string): readonly { name: string; promotes: boolean }[] {
  if (governing.kind !== 'valid') return [];
  const isHere = (name: string): boolean => environmentKey(name) === environment;
  return governing.policy.environments.flatMap(({ name, gates = [], promote, unusable }) => {
    if (isPattern(name) || unusable.length > 0) return [];
    const promotes = promote !== undefined && isHere(promote.from);
    const waits = gates.some((gate) => 'succeeded_in' in gate && isHere(gate.succeeded_in.environment));
    return promotes || waits ? [{ name: environmentKey(name), promotes }] : [];
  });
}
