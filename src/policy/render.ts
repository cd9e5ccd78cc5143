import type { Diagnostic } from './diagnostics.ts';

/** What scripts read: a diagnostic in the form that `--json` promises. */
export type DiagnosticDocument = Pick<
  Diagnostic,
  'severity' | 'code' | 'message' | 'line' | 'column' | 'endLine' | 'endColumn' | 'path'
>;

/** One line for a terminal: `path:line:column severity code message`. Control characters are spelled out. */
export function renderDiagnostic(path: string, diagnostic: Diagnostic): string {
  const { line, column, severity, code, message } = diagnostic;
  return spellControls(`${path}:${line}:${column} ${severity} ${code} ${message}`);
}

/** A diagnostic as `--json` shows it. */
export function toDocument(diagnostic: Diagnostic): DiagnosticDocument {
  const { severity, code, message, line, column, endLine, endColumn, path } = diagnostic;
  return { severity, code, message, line, column, endLine, endColumn, path };
}

/** A file must not be able to move the cursor, colour the terminal or turn the direction of a line. */
function spellControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
