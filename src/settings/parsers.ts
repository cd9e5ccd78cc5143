import { z } from 'zod';

/*
 * One variable of the environment each. The messages continue a sentence that starts with the variable's name, and
 * never repeat a value: it may be a secret in the wrong place.
 */

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A variable that must be there. `what` says where to find it. */
export function given(what: string): z.ZodString {
  return z.string({ error: `is missing: set it to ${what}` });
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: `must be one of ${names.join(', ')}` });
}

export function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number);
}

/** `30s`, `15m`, `12h`, `1d`, `2w`, or `0`; in milliseconds. */
export function duration(most: number): z.ZodType<number, string> {
  return z
    .string()
    .transform(milliseconds)
    .refine((value) => !Number.isNaN(value), 'must be a duration such as 15m or 12h, or 0')
    .refine((value) => !(value > most), `must be at most ${Math.floor(most / UNITS.d)}d`);
}

function milliseconds(text: string): number {
  if (text === '0') return 0;
  const match = /^(?<count>\d{1,9})(?<unit>[smhdw])$/.exec(text);
  const unit = Object.entries(UNITS).find(([name]) => name === match?.groups?.['unit']);
  return unit === undefined ? Number.NaN : Number(match?.groups?.['count']) * unit[1];
}

export function flag(): z.ZodType<boolean, string> {
  return z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
}

/** A host name or address, with a port where it has one, and nothing else of a URL. */
export function host(): z.ZodString {
  return z.string().regex(/^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i, {
    error: 'must be a host name such as github.example.com, with a port at most',
  });
}

/** An address of Redis, with the number of a database where it has one. */
export function redisAddress(): z.ZodType<string, string> {
  return z
    .url({ protocol: /^rediss?$/, error: 'must be an address such as redis://localhost:6379', abort: true })
    .refine(
      (url) => /^\/?\d{0,9}$/.test(new URL(url).pathname),
      'must have the number of a database as its path, or none',
    );
}
