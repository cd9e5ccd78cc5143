import type { z } from 'zod';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.ts';
import type { Finding, PolicyPath } from './diagnostics.ts';
import { nearest } from './nearest.ts';
import { homesOfKey, knownKeys } from './schema/known-keys.ts';

type Issue = z.core.$ZodIssue;
/** Looks up what the file says at a path: undefined where there is nothing. */
type ValueAt = (path: PolicyPath) => unknown;

/** Turns what zod found into findings. */
export function findingsOf(issues: readonly Issue[], valueAt: ValueAt): Finding[] {
  const findings = issues.flatMap((issue) => fromIssue(issue, { prefix: [], valueAt }));
  const misspelt = new Set(
    findings.filter(({ code }) => code === 'unknown-key').map(({ path }) => JSON.stringify(path.slice(0, -1))),
  );
  // A misspelt key is also one that is missing. Saying so twice helps nobody.
  return findings.filter(({ code, path }) => code !== 'one-key' || !misspelt.has(JSON.stringify(path)));
}

interface Place {
  readonly prefix: PolicyPath;
  readonly valueAt: ValueAt;
}

function fromIssue(issue: Issue, place: Place): Finding[] {
  const path = [...place.prefix, ...issue.path.filter((step) => typeof step !== 'symbol')];
  const value = place.valueAt(path);
  const say = (code: DiagnosticCode, message: string): Finding[] => [{ code, message, path, at: 'value' }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_union':
      return fromUnion(issue, { path, value, valueAt: place.valueAt });
    case 'invalid_type':
      return wrongType({ path, value, expected: nameOfType(issue.expected) });
    case 'invalid_value':
      return wrongValue({ path, value, allowed: issue.values.map(String) });
    case 'too_small':
      return say('out-of-range', rangeAdvice(issue.origin, `at least ${issue.minimum}`, Number(issue.minimum)));
    case 'too_big':
      return say('out-of-range', rangeAdvice(issue.origin, `at most ${issue.maximum}`, Number(issue.maximum)));
    case 'invalid_key':
      return issue.issues.flatMap((inner) => fromIssue({ ...inner, path: [] }, { ...place, prefix: path })).map(atKey);
    case 'custom':
      return say(codeOf(issue.params), issue.message);
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return say('wrong-type', `Write another value: ${issue.message}.`);
  }
}

function atKey(finding: Finding): Finding {
  return { ...finding, at: 'key' };
}

function codeOf(params: Readonly<Record<string, unknown>> | undefined): DiagnosticCode {
  const code = params?.['code'];
  return typeof code === 'string' && isDiagnosticCode(code) ? code : 'wrong-type';
}

function isDiagnosticCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTIC_CODES, code);
}

function unknownKey(path: PolicyPath, key: string): Finding {
  const known = knownKeys(path);
  const meant = nearest(key, known);
  const homes = homesOfKey(key);
  const shown = JSON.stringify(key.slice(0, 100));
  const advice =
    homes[0] !== undefined && (meant === null || homes.length === 1)
      ? `It belongs at \`${homes[0]}\`.`
      : meant !== null
        ? `Did you mean \`${meant}\`?`
        : `Known here: ${known.map((name) => `\`${name}\``).join(', ')}.`;
  return { code: 'unknown-key', message: `There is no key ${shown} here. ${advice}`, path: [...path, key], at: 'key' };
}

interface Expectation {
  readonly path: PolicyPath;
  readonly value: unknown;
}

function wrongType({ path, value, expected }: Expectation & { readonly expected: string }): Finding[] {
  if (value === undefined) return [missingKey(path)];
  if (value === null) {
    const message = `Write ${expected} here, or take the key out: it has no value.`;
    return [{ code: 'empty-value', message, path, at: 'value' }];
  }
  const quote =
    expected === 'a text' && (typeof value === 'number' || typeof value === 'boolean') ? ` Quote it: "${value}".` : '';
  const unquote =
    typeof value === 'string' && (expected === 'a whole number' || expected === 'true or false')
      ? ' A quoted value is a text.'
      : '';
  const message = `Write ${expected} here, not ${describe(value)}.${quote}${unquote}`;
  return [{ code: 'wrong-type', message, path, at: 'value' }];
}

function missingKey(path: PolicyPath): Finding {
  const key = String(path.at(-1));
  const example = path.length === 1 && key === 'version' ? ' Write `version: 1`.' : '';
  return {
    code: 'missing-key',
    message: `The key \`${key}\` is missing here.${example}`,
    path: path.slice(0, -1),
    at: 'value',
  };
}

function wrongValue({ path, value, allowed }: Expectation & { readonly allowed: readonly string[] }): Finding[] {
  const list = allowed.map((item) => `\`${item}\``).join(', ');
  const expected = allowed.length === 1 ? list : `one of ${list}`;
  if (value === undefined || value === null) return wrongType({ path, value, expected });
  const meant = typeof value === 'string' ? nearest(value, allowed) : null;
  const hint = meant === null ? '' : ` Did you mean \`${meant}\`?`;
  const code = typeof value === 'object' ? 'wrong-type' : 'wrong-value';
  return [{ code, message: `Write ${expected} here, not ${describe(value)}.${hint}`, path, at: 'value' }];
}

interface UnionPlace extends Expectation {
  readonly valueAt: ValueAt;
}

/** Of a union's alternatives, the one that the value was probably meant to be speaks; else all are named. */
function fromUnion(issue: z.core.$ZodIssueInvalidUnion, { path, value, valueAt }: UnionPlace): Finding[] {
  const fitting = issue.errors.filter((issues) => !issues.some(isWrongFromTheStart));
  const best = fitting.sort((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((inner) => fromIssue(inner, { prefix: path, valueAt }));
  const starts = issue.errors.flat().filter((inner) => inner.path.length === 0);
  const values = starts.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const types = starts.flatMap((inner) => (inner.code === 'invalid_type' ? [nameOfType(inner.expected)] : []));
  if (typeof value === 'string' && values.length > 0 && nearest(value, values) !== null) {
    return wrongValue({ path, value, allowed: values });
  }
  return wrongType({ path, value, expected: [...values.map((item) => `\`${item}\``), ...types].join(' or ') });
}

function isWrongFromTheStart(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function rangeAdvice(origin: string, bound: string, amount: number): string {
  if (origin === 'string') return `Write a text of ${bound} ${amount === 1 ? 'character' : 'characters'}.`;
  if (origin === 'array') return `Write a list of ${bound} ${amount === 1 ? 'item' : 'items'}.`;
  return `Write a number of ${bound}.`;
}

function nameOfType(expected: string): string {
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
function describe(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? 'a text' : `the text ${JSON.stringify(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'nothing' : 'a mapping';
}
