/** The time that GitHub's own timestamps are taken from. It stands still unless it is told to move. */
export interface Clock {
  now(): Date;
  /** Moves forward by so many milliseconds. */
  advance(milliseconds: number): void;
  /** Moves to a moment, forward or back. */
  set(moment: Date): void;
}

const DEFAULT_START = new Date('2026-03-02T09:00:00Z');

/** A clock that stands at `start`, or with `realTime` runs from there. */
export function createClock(options: { readonly start?: Date; readonly realTime?: boolean } = {}): Clock {
  const realTime = options.realTime ?? false;
  const elapsed = realTime ? () => performance.now() : () => 0;
  let base = (options.start ?? (realTime ? new Date() : DEFAULT_START)).getTime() - elapsed();
  return {
    now: () => new Date(base + elapsed()),
    advance(milliseconds) {
      base += milliseconds;
    },
    set(moment) {
      base = moment.getTime() - elapsed();
    },
  };
}

const MOST_REMEMBERED = 10_000;
const written = new Map<number, string>();

/** GitHub's timestamps are whole seconds. The same ones are written over and over, so they are remembered. */
export function timestamp(moment: Date): string {
  const time = moment.getTime();
  const known = written.get(time);
  if (known !== undefined) return known;
  const text = `${moment.toISOString().slice(0, 19)}Z`;
  if (written.size >= MOST_REMEMBERED) written.clear();
  written.set(time, text);
  return text;
}
