/** Time as a queue needs it. */
export interface Clock {
  /** Milliseconds, from anywhere, never going back. */
  readonly now: () => number;
  /** Calls `ring` once after `delay` milliseconds. Returns what takes that back. */
  readonly after: (delay: number, ring: () => void) => () => void;
}

/** The longest delay that Node's timers can hold; a longer one would ring at once. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, ring) {
    const timer = setTimeout(ring, Math.min(delay, LONGEST));
    return () => {
      clearTimeout(timer);
    };
  },
};
