const UNITS = [
  { letter: 'w', name: 'week', length: 604_800_000 },
  { letter: 'd', name: 'day', length: 86_400_000 },
  { letter: 'h', name: 'hour', length: 3_600_000 },
  { letter: 'm', name: 'minute', length: 60_000 },
] as const;

/** How a duration is written: one whole number and one unit. */
export const DURATION_FORM = /^(\d+)([mhdw])$/;

/** Ten years of 365 days, in milliseconds. */
export const LONGEST_DURATION = 3_650 * 86_400_000;

/**
 * Milliseconds of a duration such as `30m`, `12h`, `14d` or `2w`; null where it is not written so. A number too large
 * to count exactly comes back as Infinity, which is longer than {@link LONGEST_DURATION}.
 */
export function parseDuration(text: string): number | null {
  const match = DURATION_FORM.exec(text);
  const unit = UNITS.find(({ letter }) => letter === match?.[2]);
  if (match === null || unit === undefined) return null;
  const length = Number(match[1]) * unit.length;
  return Number.isSafeInteger(length) ? length : Infinity;
}

/**
 * A duration in words: `14 days`, `2 hours 30 minutes`. Days are the largest unit, and at most two units are named; what
 * is left is cut off. Less than a minute is named in whole seconds.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 60_000) return count(Math.max(0, Math.floor(milliseconds / 1_000)), 'second');
  const parts: string[] = [];
  let rest = milliseconds;
  for (const { name, length } of UNITS.slice(1)) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole > 0) parts.push(count(whole, name));
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** A duration as a policy would write it, in the largest unit that divides it: `14d`, `90m`. Cut to whole minutes. */
export function writeDuration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000) * 60_000;
  const unit = UNITS.find(({ length }) => minutes > 0 && minutes % length === 0 && length !== UNITS[0].length);
  return unit === undefined ? '0m' : `${minutes / unit.length}${unit.letter}`;
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
