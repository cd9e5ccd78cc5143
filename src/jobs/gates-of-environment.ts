import { gatesPolicyFor } from '../gates/gates-policy.ts';
import type { Governing, LoadedPolicy } from '../policy/load.ts';
import { runsThatAsk, type Job } from './job.ts';
import { isGated } from './gates-look.ts';
import { asTimer, lookAtGates } from './look-at-gates.ts';
import { lookAtPromotion } from './look-at-promotion.ts';
import type { JobContext } from './run-job.ts';
import { isLookedAtFromElsewhere, wakeElsewhere } from './wake-elsewhere.ts';

interface Concern {
  /** In lower case. */
  readonly environment: string;
  readonly governing: Governing;
}

/** Whether gates have anything to look at in an environment, or in another one because of it, as far as can be told without asking. */
export function concernsGates(context: JobContext, job: Job, concern: Concern): boolean {
  return concernsOwnGates(context, job, concern) || isLookedAtFromElsewhere(concern.governing, concern.environment);
}

function concernsOwnGates({ memory, clock }: JobContext, job: Job, { environment, governing }: Concern): boolean {
  if ((job.presses ?? []).length > 0 || runsThatAsk(job).length > 0) return true;
  if (memory.gates.waiting.get(job.repository.id)?.by.has(environment) === true) return true;
  if (governing.kind !== 'valid') return governing.kind === 'broken';
  const policy = gatesPolicyFor(governing.policy, environment);
  return policy.entry?.promote !== undefined || isGated({ policy, environment, now: clock() });
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
  await wakeElsewhere(context, job, seen);
  if (!concernsOwnGates(context, job, { environment, governing: loaded.governing })) return new Set();
  const waiting = await lookAtGates(context, job, seen);
  const isDue = job.about === undefined || job.about.some(({ kind }) => kind === 'waiting');
  if (isDue) {
    const at = await lookAtPromotion(context, job, seen);
    context.timers.set({ what: 'promotion', job: asTimer(job), at });
  }
  return waiting;
}
