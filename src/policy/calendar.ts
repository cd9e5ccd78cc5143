import { addDays, instantOf, instantOfMoment, localDateAt, type LocalDate } from './local-time.ts';
import { matchesEnvironment } from './match.ts';
import type { Freeze, Window } from './schema.ts';

/*
 * Windows and freezes as spans of time. All instants are milliseconds since 1970 UTC; a start is inside its span, an
 * end is not.
 */

export interface TimeSpan {
  readonly start: number;
  /** Infinity where there is no end in sight. */
  readonly end: number;
}

/** Whether a deployment may go now as far as windows go, and when that changes. */
export type WindowsNow =
  | { readonly kind: 'open'; readonly until: number | null }
  | { readonly kind: 'closed'; readonly opensAt: number | null };

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Days to look back: a window may have begun yesterday, and clocks may have moved across a midnight. */
const DAYS_BACK = 2;
/** Days to look ahead: a window of one day a week that daylight saving swallows opens a week later. */
const DAYS_AHEAD = 22;
/** Windows that were open for longer than a week without a gap are open around the clock: they are weekly. */
const LONGER_THAN_A_WEEK = 8 * 86_400_000;

/**
 * Whether any of the windows is open at `at`. `until`: when the last of those that follow on one another closes, null
 * where they are open around the clock. `opensAt`: null where none ever opens.
 */
export function windowsAt(windows: readonly Window[], at: number): WindowsNow {
  let until = endOfOpening(windows, at);
  if (until === null) return { kind: 'closed', opensAt: nextOpening(windows, at) };
  while (until - at < LONGER_THAN_A_WEEK) {
    const next = endOfOpening(windows, until);
    if (next === null) return { kind: 'open', until };
    until = next;
  }
  return { kind: 'open', until: null };
}

/** The opening of a window that `at` is inside of, or null. */
export function openingAt(window: Window, at: number): TimeSpan | null {
  return findOpening(window, { at, daysAhead: 1 }, ({ start, end }) => start <= at && at < end);
}

function endOfOpening(windows: readonly Window[], at: number): number | null {
  const ends = windows.flatMap((window) => openingAt(window, at)?.end ?? []);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** When one of the windows opens next, after `at`; null where none ever does. */
export function nextOpening(windows: readonly Window[], at: number): number | null {
  const starts = windows.flatMap(
    (window) => findOpening(window, { at, daysAhead: DAYS_AHEAD }, ({ start }) => start > at)?.start ?? [],
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

/** The first of a window's openings, from some days before `at` to `daysAhead` after it, that is so; or null. */
function findOpening(
  window: Window,
  { at, daysAhead }: { readonly at: number; readonly daysAhead: number },
  isSo: (opening: TimeSpan) => boolean,
): TimeSpan | null {
  const today = localDateAt(at, window.time_zone);
  for (let day = -DAYS_BACK; day <= daysAhead; day += 1) {
    const opening = openingOn(window, addDays(today, day));
    if (opening !== null && isSo(opening)) return opening;
  }
  return null;
}

/** The opening that begins on a day; null where the window has none then, or daylight saving leaves nothing of it. */
function openingOn(window: Window, date: LocalDate): TimeSpan | null {
  const { from, to, time_zone: zone, days } = window;
  const weekday = WEEKDAYS[date.weekday - 1];
  if (weekday === undefined || !days.includes(weekday)) return null;
  const overnight = to.hour * 60 + to.minute <= from.hour * 60 + from.minute;
  const start = instantOf({ date, ...from, second: 0 }, zone, 'start');
  const end = instantOf({ date: overnight ? addDays(date, 1) : date, ...to, second: 0 }, zone, 'end');
  return start < end ? { start, end } : null;
}

/** When a freeze is in force: from minus Infinity where it has no beginning, to Infinity where it has no end. */
export function spanOfFreeze(freeze: Freeze): TimeSpan {
  const { from, to, time_zone: zone } = freeze;
  return {
    start: from === undefined ? -Infinity : instantOfMoment(from, zone, 'start'),
    end: to === undefined ? Infinity : instantOfMoment(to, zone, 'end'),
  };
}

/** True where a freeze speaks of an environment, whether it is in force or not. */
export function freezeCovers(freeze: Freeze, environment: string): boolean {
  return freeze.environments === undefined || matchesEnvironment(freeze.environments, environment);
}

/** A freeze that is in force, and when it ends; null: when it is taken out of the file. */
export interface FreezeInForce {
  readonly freeze: Freeze;
  readonly endsAt: number | null;
}

/** The freezes that hold an environment at `at`, in the order of the policy. */
export function freezesAt(
  freezes: readonly Freeze[],
  { environment, at }: { readonly environment: string; readonly at: number },
): readonly FreezeInForce[] {
  return freezes.flatMap((freeze) => {
    const { start, end } = spanOfFreeze(freeze);
    if (at < start || at >= end || !freezeCovers(freeze, environment)) return [];
    return [{ freeze, endsAt: end === Infinity ? null : end }];
  });
}
