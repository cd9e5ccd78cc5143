/** A moment as it was written. Without an offset it is read in the time zone that stands beside it. */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC; null where none was written. */
  readonly offset_minutes: number | null;
  /** As written. */
  readonly text: string;
}

/** A time of day without a date. `24:00` is the midnight that ends the day. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

export const MOMENT_FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?$/;
export const TIME_FORM = /^(\d{2}):(\d{2})$/;

export type WrittenTime<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'malformed' } | { readonly kind: 'not-in-calendar' };

/** Reads `YYYY-MM-DDTHH:MM[:SS][offset]`, where the offset is `Z` or `±HH:MM`. */
export function parseMoment(text: string): WrittenTime<Moment> {
  const match = MOMENT_FORM.exec(text);
  if (match === null) return { kind: 'malformed' };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  const second = Number(match[6] ?? '0');
  const offset = parseOffset(match[7]);
  if (hour > 23 || minute > 59 || second > 59 || offset === 'not-in-calendar') return { kind: 'not-in-calendar' };
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return { kind: 'not-in-calendar' };
  return { kind: 'ok', value: { year, month, day, hour, minute, second, offset_minutes: offset, text } };
}

/** Reads `HH:MM`, from `00:00` to `24:00`. */
export function parseTimeOfDay(text: string): WrittenTime<TimeOfDay> {
  const match = TIME_FORM.exec(text);
  if (match === null) return { kind: 'malformed' };
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return { kind: 'not-in-calendar' };
  return { kind: 'ok', value: { hour, minute } };
}

function parseOffset(text: string | undefined): number | null | 'not-in-calendar' {
  if (text === undefined) return null;
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  // No place on earth is further than this from UTC, in the past either.
  if (hours > 18 || minutes > 59 || (hours === 18 && minutes > 0)) return 'not-in-calendar';
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
