import { localTimeAt } from '../policy/local-time.ts';
import type { ZonedMoment } from './gate-decision.ts';

const MINUTE = 60_000;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/**
 * A moment at which something may change, in its zone and in UTC: `Wed 2026-03-04 08:00 Europe/Berlin (2026-03-04 07:00
 * UTC)`. Counted up to whole minutes: who comes back then is not too early.
 */
export function zonedMomentText({ at, zone }: ZonedMoment): string {
  const upwards = Math.ceil(at / MINUTE) * MINUTE;
  return zone === 'UTC' ? weekdayText(upwards, 'UTC') : `${weekdayText(upwards, zone)} (${utcText(upwards)})`;
}

/** A moment that was, cut to its minute: `2026-03-04 07:00 UTC`. */
export function utcText(at: number): string {
  return `${dateAndTime(at, 'UTC').text} UTC`;
}

function weekdayText(at: number, zone: string): string {
  const { text, weekday } = dateAndTime(at, zone);
  return `${WEEKDAYS[weekday - 1] ?? ''} ${text} ${zone}`;
}

function dateAndTime(at: number, zone: string): { readonly text: string; readonly weekday: number } {
  const { date, hour, minute } = localTimeAt(at, zone);
  const day = `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;
  return { text: `${day} ${two(hour)}:${two(minute)}`, weekday: date.weekday };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
