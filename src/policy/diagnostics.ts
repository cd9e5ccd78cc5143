import { DIAGNOSTIC_CODES, type DiagnosticCode, type DiagnosticEffect } from './diagnostic-codes.ts';

/** Where something is in a policy: keys and the positions in lists, from 0. */
export type PolicyPath = readonly (string | number)[];

/** A place in a file. Lines and columns count from 1; the end column is that of the character after the last. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Something that is wrong with a policy file, or odd about it, and where. */
export interface Diagnostic extends TextRange {
  readonly severity: 'error' | 'warning';
  readonly code: DiagnosticCode;
  /** A sentence that says what to write instead. May repeat what the file says; never any of a deploy key. */
  readonly message: string;
  /** The value that it speaks of; empty for the whole file. */
  readonly path: PolicyPath;
  /** What it does to a run: the file does not parse, that entry's environments are left alone, or nothing. */
  readonly effect: DiagnosticEffect;
}

/** What was found, before it is placed in the text. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: PolicyPath;
  /** Whether the key is the trouble, or its value. */
  readonly at: 'key' | 'value';
}

/** What a finding does to a run. What is wrong outside of the entries cannot be laid at one environment's door. */
export function effectOf({ code, path }: Pick<Finding, 'code' | 'path'>): DiagnosticEffect {
  const { effect } = DIAGNOSTIC_CODES[code];
  const inEntry = path[0] === 'environments' && typeof path[1] === 'number' && path[2] !== 'name';
  return effect === 'entry' && !inEntry ? 'file' : effect;
}

/** By place in the file, and errors before warnings at the same place. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.line !== b.line) return a.line - b.line;
  if (a.column !== b.column) return a.column - b.column;
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}
