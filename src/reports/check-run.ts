import type { Diagnostic } from '../policy/diagnostics.ts';

/** GitHub takes so many annotations in one request; further ones are added by further requests. */
export const MOST_ANNOTATIONS = 50;
/** GitHub's limit on a check run's summary, in characters. */
export const MOST_SUMMARY = 65_535;

/** A place in a file that a check run points at. Lines and columns count from 1. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Only where the place lies in one line: GitHub takes columns for nothing else. */
  readonly columns: { readonly start: number; readonly end: number } | null;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

export type Conclusion = 'success' | 'neutral' | 'failure';

/** A button. GitHub's limits: 20 characters each, and 40 for the description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** What a check run says. It is always completed. */
export interface CheckRun {
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown, within {@link MOST_SUMMARY}. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** At most three. */
  readonly actions?: readonly CheckAction[];
}

/** Diagnostics of a file as annotations on its lines. */
export function annotate(path: string, diagnostics: readonly Diagnostic[]): readonly Annotation[] {
  return diagnostics.map(({ line, endLine, column, endColumn, severity, code, message }) => ({
    path,
    startLine: line,
    endLine,
    columns: line === endLine && endColumn > column ? { start: column, end: endColumn } : null,
    level: severity === 'error' ? 'failure' : 'warning',
    title: code,
    message,
  }));
}

/** Joins paragraphs, and cuts at a paragraph where GitHub would take no more, saying so. */
export function summarize(paragraphs: readonly string[]): string {
  const cut = '\n\n_There is more than fits here; the log has all of it._';
  let text = '';
  for (const paragraph of paragraphs) {
    const next = text === '' ? paragraph : `${text}\n\n${paragraph}`;
    if (next.length > MOST_SUMMARY - cut.length) return text + cut;
    text = next;
  }
  return text;
}

/** `1 error`, `3 errors` */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
