import type { WaitingCandidate } from './gates-memory.ts';
import { lastSeenPolicy } from '../policy/load.ts';
import { findWaiting } from './find-waiting.ts';
import { hasAnyGate } from './gates-look.ts';
import type { Job, Subject } from './job.ts';
import type { JobContext } from './run-job.ts';

/**
 * Has the environments looked at in which something waits for what the job is about, and only those. Where this process
 * knows that nothing waits, nothing is asked; where it has not looked so far, it looks once.
 * @throws GitHubError
 */
export async function wakeWaiting(context: JobContext, job: Job): Promise<void> {
  const { memory } = context;
  const subjects = (job.about ?? []).filter(wakes);
  if (subjects.length === 0) return;
  const known = memory.gates.waiting.get(job.repository.id);
  const isKnown = known?.isWhole === true && !context.sharesJobs;
  if (!isKnown && !mayWait(context, job, subjects)) return;
  const { by } = isKnown ? known : await findWaiting(context, job);
  for (const [environment, waiting] of by) {
    const about = subjects.filter((subject) => waiting.some((one) => isAbout(subject, one)));
    if (about.length === 0) continue;
    await context.enqueue({ ...job, scope: { kind: 'environment', environment }, about: about.map(asWake) });
  }
}

/**
 * Whether anything may wait in a repository where this process has not looked: not where it saw a policy without gates,
 * because a changed policy has a delivery of its own. What a pull request was deployed to is looked at in any case.
 */
function mayWait({ memory }: JobContext, { repository }: Job, subjects: readonly Subject[]): boolean {
  const last = lastSeenPolicy(memory.policies, repository);
  if (last === undefined) return subjects.some(({ kind }) => kind !== 'pull_request');
  const { governing } = last;
  return governing.kind === 'valid' ? hasAnyGate(governing.policy) : governing.kind === 'broken';
}

/** Whether gates ask about it; that a deployment is about to be looked at is not news to other environments. */
function wakes({ kind }: Subject): boolean {
  return kind === 'commit' || kind === 'review' || kind === 'pull_request' || kind === 'waiting';
}

function isAbout(subject: Subject, { sha, gates }: WaitingCandidate): boolean {
  switch (subject.kind) {
    case 'commit':
      return subject.sha === sha;
    // Which commits belong to a pull request is not told by its delivery.
    case 'review':
    case 'pull_request':
      return gates === null || gates.has('pull_request');
    case 'waiting':
      return true;
    case 'deployment':
    case 'ref':
    case 'waiting_run':
      return false;
  }
}

/** The environment has nothing else to be looked at for. */
function asWake(subject: Subject): Subject {
  return subject.kind === 'pull_request' ? { kind: 'review', pullRequest: subject.number } : subject;
}

/** Whether a job is about nothing but what gates ask. */
export function isAboutGatesAlone({ about = [], presses = [] }: Job): boolean {
  if (about.length === 0) return presses.length > 0;
  return about.every(
    ({ kind }) => kind === 'commit' || kind === 'review' || kind === 'waiting' || kind === 'waiting_run',
  );
}
