/*
 * The words that diagnostics describe values with.
 */

/** What to write for a value that has a form of its own. */
export const FORMS: Readonly<Record<string, string>> = {
  duration: 'a duration such as 30m, 12h, 14d or 2w',
  moment: 'a moment such as 2026-12-19T08:00',
  'time of day': 'a time of day such as 09:00',
};

/** What to do about quotes that are missing or too many; empty where that is not the trouble. */
export function quotingHint(expected: string, value: unknown): string {
  if (expected === 'a text' && (typeof value === 'number' || typeof value === 'boolean'))
    return ` Quote it: "${value}".`;
  if (typeof value !== 'string') return '';
  const quoted =
    (expected === 'a whole number' && /^\d+$/.test(value)) ||
    (expected === 'true or false' && /^(?:true|false)$/.test(value));
  return quoted ? ' Take the quotes off.' : '';
}

/** What to write for a value out of bounds; `origin` is zod's word for what was measured. */
export function rangeAdvice(origin: string, bound: string, amount: number): string {
  if (origin === 'string') return `Write a text of ${bound} ${amount === 1 ? 'character' : 'characters'}.`;
  if (origin === 'array') return `Write a list of ${bound} ${amount === 1 ? 'item' : 'items'}.`;
  return `Write a number of ${bound}.`;
}

/** Zod's name of a type, in the words of the reference. */
export function nameOfType(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    int: 'a whole number',
    number: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[expected] ?? expected;
}

/** What a value is, in a few words. Texts are shown, cut off; there may be a secret in a longer one. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? 'a text' : `the text ${JSON.stringify(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'nothing' : 'a mapping';
}
