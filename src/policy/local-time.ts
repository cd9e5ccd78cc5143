import { Temporal } from 'temporal-polyfill';
import type { Moment } from './moment.ts';

/** A day of the calendar, without a time zone. Of `weekday`, 1 is Monday and 7 Sunday. */
export interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

/** A time on the clocks of a time zone. `hour` 24 is the midnight that ends the day. */
export interface LocalTime {
  readonly date: Pick<LocalDate, 'year' | 'month' | 'day'>;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * What a local time begins or ends. A time that daylight saving skips moves forward by the gap either way; one that
 * happens twice begins at its first and ends at its second.
 */
export type Edge = 'start' | 'end';

/** The instant of a local time, in milliseconds since 1970 UTC. */
export function instantOf(time: LocalTime, zone: string, edge: Edge): number {
  const { date, hour, minute, second } = time;
  const isNextDay = hour === 24;
  const { year, month, day } = isNextDay ? addDays(date, 1) : date;
  const plain = new Temporal.PlainDateTime(year, month, day, isNextDay ? 0 : hour, minute, second);
  // Temporal's "compatible" is "later" for a time that is skipped and "earlier" for one that happens twice.
  const disambiguation = edge === 'start' ? 'compatible' : 'later';
  return plain.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** The instant of a moment of a policy; `zone` counts where the moment has no offset. Milliseconds since 1970 UTC. */
export function instantOfMoment(moment: Moment, zone: string, edge: Edge): number {
  const { hour, minute, second, offset_minutes: offset } = moment;
  const local = { date: moment, hour, minute, second };
  return offset === null ? instantOf(local, zone, edge) : instantOf(local, 'UTC', edge) - offset * 60_000;
}

/** The day that the calendars of a zone show at an instant. */
export function localDateAt(instant: number, zone: string): LocalDate {
  return toLocalDate(Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate());
}

/** What the calendars and clocks of a zone show at an instant. Fractions of a second are cut off. */
export function localTimeAt(instant: number, zone: string): LocalTime & { readonly date: LocalDate } {
  const at = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return { date: toLocalDate(at.toPlainDate()), hour: at.hour, minute: at.minute, second: at.second };
}

/** The day so many days later (earlier, where negative). */
export function addDays({ year, month, day }: Pick<LocalDate, 'year' | 'month' | 'day'>, days: number): LocalDate {
  return toLocalDate(new Temporal.PlainDate(year, month, day).add({ days }));
}

function toLocalDate({ year, month, day, dayOfWeek }: Temporal.PlainDate): LocalDate {
  return { year, month, day, weekday: dayOfWeek };
}
