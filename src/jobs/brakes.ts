import { LRUCache } from 'lru-cache';
import type { Amounts } from '../changes/limits.ts';
import { NOTHING } from '../changes/limits.ts';
import type { Job } from './job.ts';
import { judgedAccepted, verdictOn, type Judged, type Verdict } from './judge.ts';

/** A repository as an installation sees it: after a transfer another one begins anew. */
export type BrakedPlace = Pick<Job, 'installation' | 'repository'>;

/**
 * What keeps a repository from being changed too much: which version of its policy is acted on, and what of the policy's
 * `limits` is used up since the last sweep. Two engines: of a process that is alone, and of those that share a Redis.
 * All functions reject where it cannot be known; then nothing may be ended, deleted or exchanged.
 */
export interface Brakes {
  /** Whether all processes that jobs come to know the same. */
  readonly isShared: boolean;
  /** Undefined where no version of the policy has been seen. */
  judged(place: BrakedPlace): Promise<Judged | undefined>;
  /** Judges by what is known, as one step. `next` may be asked again, where somebody else was quicker. */
  judge(place: BrakedPlace, next: (known: Judged | undefined) => Judged): Promise<Judgement>;
  /** Takes what is wanted of what the limits have left, and says how much that is. */
  take(place: BrakedPlace, asked: { readonly wanted: Amounts; readonly limits: Amounts }): Promise<Amounts>;
  /** What was taken and not used. */
  giveBack(place: BrakedPlace, unused: Amounts): Promise<void>;
  /** A sweep has come: the limits are whole again. */
  renew(place: BrakedPlace): Promise<void>;
}

export interface Judgement {
  readonly before: Judged | undefined;
  readonly after: Judged;
}

const MOST = 50_000;

/** The brakes of a process that is alone, or of one that cannot know what others do. */
export function createOwnBrakes(): Brakes {
  // With `max`, lru-cache would take all of the room at once.
  const room = { maxSize: MOST, sizeCalculation: () => 1 };
  const versions = new LRUCache<string, Judged>(room);
  const spent = new LRUCache<string, Amounts>(room);
  return {
    isShared: false,
    judged: (place) => Promise.resolve(versions.get(keyOf(place))),
    judge(place, next) {
      const before = versions.get(keyOf(place));
      const after = next(before);
      versions.set(keyOf(place), after);
      return Promise.resolve({ before, after });
    },
    take(place, { wanted, limits }) {
      const used = spent.get(keyOf(place)) ?? NOTHING;
      const taken = eachKind((kind) => Math.max(0, Math.min(wanted[kind], limits[kind] - used[kind])));
      spent.set(
        keyOf(place),
        eachKind((kind) => used[kind] + taken[kind]),
      );
      return Promise.resolve(taken);
    },
    giveBack(place, unused) {
      const used = spent.get(keyOf(place)) ?? NOTHING;
      spent.set(
        keyOf(place),
        eachKind((kind) => Math.max(0, used[kind] - unused[kind])),
      );
      return Promise.resolve();
    },
    renew(place) {
      spent.delete(keyOf(place));
      return Promise.resolve();
    },
  };
}

function keyOf({ installation, repository }: BrakedPlace): string {
  return `${installation}/${repository.id}`;
}

/** Amounts, kind by kind. */
export function eachKind(amount: (kind: keyof Amounts) => number): Amounts {
  return { inactivate: amount('inactivate'), delete: amount('delete'), keys: amount('keys') };
}

/** The verdict on a version for a job that would act on it. @throws where it cannot be known. */
export async function verdictFor(brakes: Brakes, job: Job, version: string): Promise<Verdict> {
  return verdictBy(job, version, await brakes.judged(job));
}

/**
 * The same for a job that goes on to act: a version that is accepted is the one that is acted on from then on.
 * @throws where it cannot be known.
 */
export async function takeUpVersion(brakes: Brakes, job: Job, version: string): Promise<Verdict> {
  const known = await brakes.judged(job);
  const verdict = verdictBy(job, version, known);
  if (verdict !== 'accepted' || judgedAccepted(version, known)) return verdict;
  const { before } = await brakes.judge(job, (now) =>
    now === undefined || verdictBy(job, version, now) === 'accepted' ? { accepted: version, held: null } : now,
  );
  return verdictBy(job, version, before);
}

function verdictBy(job: Job, version: string, known: Judged | undefined): Verdict {
  return job.accepted === version ? 'accepted' : verdictOn(version, known);
}

/**
 * The job as it is passed on once a version is accepted. Where processes cannot know what others have judged, the job
 * tells them: one that knew another version would ask for a judgement again and again.
 */
export function carryingVerdict(
  { brakes, sharesJobs }: { readonly brakes: Brakes; readonly sharesJobs: boolean },
  job: Job,
  version: string,
): Job {
  if (sharesJobs && !brakes.isShared) return { ...job, accepted: version };
  const { accepted: _accepted, ...rest } = job;
  return rest;
}
