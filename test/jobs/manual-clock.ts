import type { Clock } from '../../src/jobs/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass, ringing what comes due on the way, in order. */
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly alarms: () => number;
}

/** Lets promises that are settled already take their course. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export function createManualClock(): ManualClock {
  let time = 0;
  const alarms = new Set<{ readonly due: number; readonly ring: () => void }>();
  return {
    now: () => time,
    after(delay, ring) {
      const alarm = { due: time + delay, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async pass(milliseconds) {
      const end = time + milliseconds;
      for (;;) {
        await settle();
        const [next] = [...alarms].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        alarms.delete(next);
        time = Math.max(time, next.due);
        next.ring();
      }
      time = end;
      await settle();
    },
    alarms: () => alarms.size,
  };
}
