import { effectOf, type Diagnostic, type Finding, type PolicyPath, type TextRange } from './diagnostics.ts';

/** Looks up where a file says something. */
export type Locate = (path: PolicyPath, at?: 'key' | 'value') => TextRange | null;

const START: TextRange = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A finding stands where its path leads, or as near to it as the file goes. */
export function placeFinding(finding: Finding, locate: Locate): Diagnostic {
  const { code, message, path, at } = finding;
  const effect = effectOf(finding);
  const severity = effect === 'none' ? 'warning' : 'error';
  let range: TextRange | null = null;
  for (let length = path.length; range === null && length >= 0; length -= 1) {
    range = locate(path.slice(0, length), length === path.length ? at : 'value');
  }
  return { severity, code, message, path, effect, ...(range ?? START) };
}
