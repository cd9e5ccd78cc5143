import { jobKey, type Job } from './job.ts';

/** Jobs that are due at a moment: a window opens, a freeze or a soak ends. What a process forgets, the sweep finds. */
export interface Timers {
  /** Has a job added at a moment, in the place of one of its key that was set for the same thing. */
  set(timer: {
    readonly what: 'gates' | 'promotion';
    readonly job: Job;
    /** Milliseconds since the epoch; null: not at all. */
    readonly at: number | null;
  }): void;
  /** Adds what is due by now. */
  ring(): void;
  stop(): void;
}

/** More are left to the sweep, the farthest first. */
const MOST = 10_000;
/** Clocks are set, and machines sleep: nothing is waited for longer in one go. */
const LONGEST = 3_600_000;
const LATER = 60_000;

/** Timers in this process. They keep it from nothing, and not alive. */
export function createTimers(options: {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly add: (job: Job) => void;
}): Timers {
  const { clock, add } = options;
  const due = new Map<string, { readonly job: Job; readonly at: number }>();
  let timer: NodeJS.Timeout | null = null;
  let waitsFor = Infinity;

  function schedule(at: number): void {
    if (timer !== null) clearTimeout(timer);
    waitsFor = at;
    timer = setTimeout(ring, Math.min(LONGEST, Math.max(0, at - clock())));
    timer.unref();
  }

  function forgetFarthest(): void {
    const [farthest] = [...due].sort(([, a], [, b]) => b.at - a.at);
    if (farthest !== undefined) due.delete(farthest[0]);
  }

  function ring(): void {
    const now = clock();
    let next = Infinity;
    for (const [key, { job, at }] of due) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      due.delete(key);
      add(job);
    }
    waitsFor = Infinity;
    if (next < Infinity) schedule(next);
  }

  return {
    set({ what, job, at }) {
      const key = `${what} ${jobKey(job)}`;
      due.delete(key);
      if (at === null) return;
      // What should have changed by now and has not, GitHub does not show yet: asking at once would be asking in a ring.
      const next = at > clock() ? at : clock() + LATER;
      due.set(key, { job, at: next });
      if (due.size > MOST) forgetFarthest();
      if (next < waitsFor) schedule(next);
    },
    ring,
    stop() {
      if (timer !== null) clearTimeout(timer);
      due.clear();
    },
  };
}
