import type { Window } from '../../src/policy/schema.ts';

/*
 * What clocks in a zone show, minute by minute, and windows painted on it: a second implementation of the calendar that
 * is slow and has no arithmetic of dates in it. Minutes count from 1970 UTC.
 */

const MINUTE = 60_000;
/** Minutes between two looks at the clocks. */
const STEP = 360;
const DAY_MINUTES = 1_440;
/** More than any zone is from UTC. */
const FAR = 2 * DAY_MINUTES;

export interface LocalClock {
  readonly from: number;
  readonly to: number;
  /** The UTC minutes at which the clocks show a local minute, the first and the last; null where they skip it. */
  readonly shown: (local: number) => { readonly first: number; readonly last: number } | null;
  /** UTC minutes at which the clocks are moved. */
  readonly changes: readonly number[];
}

/** Reads the runtime's own clocks every few hours, and each minute of those in which they are moved. */
export function localClock(zone: string, span: { readonly from: number; readonly to: number }): LocalClock {
  const { from, to } = span;
  const offsetAt = offsetReader(zone);
  const first = new Int32Array(to - from + 2 * FAR).fill(-1);
  const last = new Int32Array(first.length).fill(-1);
  const changes: number[] = [];
  let before = offsetAt(from);
  for (let start = from; start < to; start += STEP) {
    const end = Math.min(start + STEP, to);
    const after = offsetAt(end);
    for (let minute = start; minute < end; minute += 1) {
      const offset = before === after ? after : offsetAt(minute);
      if (offset !== before) changes.push(minute);
      before = offset;
      const place = minute + offset - from + FAR;
      if (first[place] === -1) first[place] = minute - from;
      last[place] = minute - from;
    }
    if (after !== before) changes.push(end);
    before = after;
  }
  return {
    from,
    to,
    changes,
    shown(local) {
      const place = local - from + FAR;
      const start = first[place] ?? -1;
      return start === -1 ? null : { first: start + from, last: (last[place] ?? start) + from };
    },
  };
}

/** Minutes that a zone's clocks are ahead of UTC. */
function offsetReader(zone: string): (minute: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (minute) => {
    const part = Object.fromEntries(
      format.formatToParts(minute * MINUTE).map(({ type, value }) => [type, Number(value)]),
    ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>;
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) / MINUTE - minute;
  };
}

/**
 * The UTC minute of a local minute: the first of two as a start, the second as an end. One that is skipped moves forward
 * by the gap, which is found by walking to where the clocks show something again.
 */
export function minuteOf(clock: LocalClock, local: number, edge: 'start' | 'end'): number {
  const shown = clock.shown(local);
  if (shown !== null) return edge === 'start' ? shown.first : shown.last;
  let [before, after] = [local, local];
  while (clock.shown(before) === null) before -= 1;
  while (clock.shown(after) === null) after += 1;
  const gap = after - before - 1;
  return minuteOf(clock, local + gap, edge);
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** For each minute of the clock's span, whether one of the windows is open. */
export function paintWindows(clock: LocalClock, windows: readonly Window[]): Uint8Array {
  const { from, to } = clock;
  const open = new Uint8Array(to - from);
  for (const { days, from: start, to: end } of windows) {
    const opens = start.hour * 60 + start.minute;
    const closes = end.hour * 60 + end.minute;
    for (let day = Math.ceil(from / DAY_MINUTES) + 1; (day + 3) * DAY_MINUTES < to; day += 1) {
      const weekday = WEEKDAYS[new Date(day * DAY_MINUTES * MINUTE).getUTCDay()];
      if (weekday === undefined || !days.includes(weekday)) continue;
      const midnight = day * DAY_MINUTES;
      const first = minuteOf(clock, midnight + opens, 'start');
      const last = minuteOf(clock, midnight + closes + (closes <= opens ? DAY_MINUTES : 0), 'end');
      if (first < last) open.fill(1, first - from, last - from);
    }
  }
  return open;
}
