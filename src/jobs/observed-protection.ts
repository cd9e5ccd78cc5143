import type { LoadedPolicy } from '../policy/load.ts';
import { observeProtection } from '../protection/observe.ts';
import type { ProtectionSnapshot } from '../protection/snapshot.ts';
import type { ValidPolicy } from './governing-policy.ts';
import type { Job } from './job.ts';
import { knownNotAllowed } from './not-allowed.ts';
import type { JobContext } from './run-job.ts';

/** What a sweep has seen of protection, for the job that it then adds. */
export interface SeenProtection {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly snapshot: ProtectionSnapshot;
}

/** After so many milliseconds it is read again: others change environments, too. */
const FRESH = 10_000;

interface Question {
  readonly loaded: LoadedPolicy;
  readonly governing: ValidPolicy;
}

/**
 * How the environments of a job's repository stand that the policy protects.
 * @throws GitHubError
 */
export function observeProtectionFor(
  context: JobContext,
  job: Job,
  { loaded, governing }: Question,
): Promise<ProtectionSnapshot> {
  const { policy, version } = governing;
  return observeProtection(context.clients.installation(job.installation), {
    repository: job.repository,
    policy,
    leftOut: knownNotAllowed(context, job, version).keys,
    isDefaultBranchProtected: loaded.isDefaultBranchProtected,
    appId: context.appId,
  });
}

/** Keeps what was seen for the job that comes right after. */
export function passOn(
  { memory, clock }: JobContext,
  { repository }: Job,
  { version, snapshot }: Pick<SeenProtection, 'version' | 'snapshot'>,
): void {
  memory.seenProtection.set(repository.id, { version, snapshot, at: clock() });
}

/**
 * What was passed on a moment ago, once; else it is read.
 * @throws GitHubError
 */
export async function takeProtection(context: JobContext, job: Job, question: Question): Promise<ProtectionSnapshot> {
  const { memory, clock } = context;
  const seen = memory.seenProtection.get(job.repository.id);
  memory.seenProtection.delete(job.repository.id);
  const isGood = seen !== undefined && seen.version === question.governing.version && clock() - seen.at < FRESH;
  return isGood ? seen.snapshot : observeProtectionFor(context, job, question);
}
