import type { z } from 'zod';
import { refuse } from './refusal.ts';

/** True where exactly one of `keys` is there; else says so. */
export function exactlyOne(context: z.core.ParsePayload, given: object, keys: readonly string[]): boolean {
  const there = keys.filter((key) => Object.hasOwn(given, key));
  if (there.length === 1) return true;
  const names = (list: readonly string[]): string => list.map((key) => `\`${key}\``).join(', ');
  const message =
    there.length === 0
      ? `Write one of ${names(keys)} here.`
      : `Write each of ${names(there)} as an item of its own, with its own dash.`;
  refuse(context, given, { code: 'one-key', message });
  return false;
}
