import { unprocessable } from './problem.ts';

type Body = Readonly<Record<string, unknown>>;

/** What GitHub answers to a body of the wrong shape. */
function wrongType(field: string, value: unknown, wanted: string) {
  return unprocessable(
    `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value) || 'nil'} is not ${wanted}.`,
  );
}

function missing(field: string) {
  return unprocessable(`Invalid request.\n\n"${field}" wasn't supplied.`);
}

export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(field, value, 'a string');
  return value;
}

export function requiredText(body: Body, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined) throw missing(field);
  return value;
}

export function optionalFlag(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(field, value, 'a boolean');
  return value;
}

export function optionalNumber(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(field, value, 'an integer');
  return value;
}

export function optionalList(body: Body, field: string): readonly unknown[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(field, value, 'an array');
  return value as readonly unknown[];
}

export function optionalTexts(body: Body, field: string): readonly string[] | undefined {
  return optionalList(body, field)?.map((value) => {
    if (typeof value !== 'string') throw wrongType(field, value, 'a string');
    return value;
  });
}

export function optionalObject(body: Body, field: string): Body | null | undefined {
  const value = body[field];
  if (value === undefined || value === null) return value;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(field, value, 'an object');
  return value as Body;
}

/** One of a list of words. */
export function optionalChoice<T extends string>(body: Body, field: string, choices: readonly T[]): T | undefined {
  const value = optionalText(body, field);
  if (value === undefined) return undefined;
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw wrongType(field, value, `a member of ${JSON.stringify(choices)}`);
  return chosen;
}
