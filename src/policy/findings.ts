import type { z } from 'zod';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.ts';
import type { Finding, PolicyPath } from './diagnostics.ts';
import { nearestOf, nearestValue } from './nearest.ts';
import { describe, FORMS, nameOfType, quotingHint, rangeAdvice } from './finding-words.ts';
import { homesOfKey, knownKeys, titleAt } from './schema/known-keys.ts';

type Issue = z.core.$ZodIssue;
/** Looks up what the file says at a path: undefined where there is nothing. */
type ValueAt = (path: PolicyPath) => unknown;

/** Nobody reads more, and each costs a search for what was meant. */
const MOST_FINDINGS = 1_000;

/** Turns what zod found into findings: the first of them, where a hostile file has more than anybody reads. */
export function findingsOf(issues: readonly Issue[], valueAt: ValueAt): Finding[] {
  const findings: Found[] = [];
  for (const issue of issues) {
    if (findings.length >= MOST_FINDINGS) break;
    findings.push(...fromIssue(issue, { prefix: [], valueAt }));
  }
  return withoutEchoes(findings);
}

/** Leaves out what only follows from another finding: a misspelt key is also one that is missing, for one. */
function withoutEchoes(findings: readonly Found[]): Found[] {
  const placeOf = (path: PolicyPath): string => JSON.stringify(path);
  const misspelt = new Set<string>();
  const misread = new Set<string>();
  for (const { code, path, meant } of findings) {
    const parent = placeOf(path.slice(0, -1));
    if (code === 'unknown-key') misspelt.add(parent).add(`${parent} ${meant ?? ''}`);
    if (code === 'wrong-type') misread.add(placeOf(path));
  }
  return findings.filter(({ code, path, meant }) => {
    if (code === 'one-key') return !misspelt.has(placeOf(path));
    if (code === 'missing-key') return !misspelt.has(`${placeOf(path)} ${meant ?? ''}`);
    return code !== 'out-of-range' || !misread.has(placeOf(path));
  });
}

/** A finding about a key, with the key that was meant or is missing. */
type Found = Finding & { readonly meant?: string };

interface Place {
  readonly prefix: PolicyPath;
  readonly valueAt: ValueAt;
}

function fromIssue(issue: Issue, place: Place): Found[] {
  const path = [...place.prefix, ...issue.path.filter((step) => typeof step !== 'symbol')];
  const value = place.valueAt(path);
  const say = (code: DiagnosticCode, message: string): Finding[] => [{ code, message, path, at: 'value' }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_FINDINGS).map((key) => unknownKey(path, key));
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

function unknownKey(path: PolicyPath, key: string): Found {
  const known = knownKeys(path);
  const near = nearestOf(key, known);
  const homes = homesOfKey(key);
  const shown = JSON.stringify(key.slice(0, 100));
  const found = { code: 'unknown-key', path: [...path, key], at: 'key' } as const;
  const say = (advice: string): string => `There is no key ${shown} here. ${advice}`;
  if (near !== null && (near.distance <= 1 || homes[0] === undefined)) {
    return { ...found, message: say(`Did you mean \`${near.name}\`?`), meant: near.name };
  }
  if (homes[0] !== undefined) return { ...found, message: say(`It belongs at \`${homes[0]}\`.`) };
  return { ...found, message: say(`Known here: ${known.map((name) => `\`${name}\``).join(', ')}.`) };
}

interface Expectation {
  readonly path: PolicyPath;
  readonly value: unknown;
}

function wrongType({ path, value, expected: type }: Expectation & { readonly expected: string }): Found[] {
  if (value === undefined) return [missingKey(path)];
  const form = type === 'a text' ? FORMS[titleAt(path) ?? ''] : undefined;
  const expected = form ?? type;
  if (value === null) {
    const instead = type === 'a list' || type === 'a mapping' ? ', or take the key out' : '';
    return [
      { code: 'empty-value', message: `Write ${expected} here${instead}: the key has no value.`, path, at: 'value' },
    ];
  }
  const message = `Write ${expected} here, not ${describe(value)}.${form === undefined ? quotingHint(type, value) : ''}`;
  return [{ code: 'wrong-type', message, path, at: 'value' }];
}

function missingKey(path: PolicyPath): Found {
  const key = String(path.at(-1));
  const example = path.length === 1 && key === 'version' ? ' Write `version: 1`.' : '';
  const message = `The key \`${key}\` is missing here.${example}`;
  return { code: 'missing-key', message, path: path.slice(0, -1), at: 'value', meant: key };
}

function wrongValue({ path, value, allowed }: Expectation & { readonly allowed: readonly string[] }): Finding[] {
  const list = allowed.map((item) => `\`${item}\``).join(', ');
  const expected = allowed.length === 1 ? list : `one of ${list}`;
  if (value === undefined || value === null) return wrongType({ path, value, expected });
  const meant = typeof value === 'string' ? nearestValue(value, allowed) : null;
  const hint = meant === null ? '' : meant === value ? ' Take the quotes off.' : ` Did you mean \`${meant}\`?`;
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
  if (typeof value === 'string' && values.length > 0 && nearestValue(value, values) !== null) {
    return wrongValue({ path, value, allowed: values });
  }
  return wrongType({ path, value, expected: [...values.map((item) => `\`${item}\``), ...types].join(' or ') });
}

function isWrongFromTheStart(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}
