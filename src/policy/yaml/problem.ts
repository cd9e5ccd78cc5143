import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { Span } from './tree.ts';

/** The first thing that keeps a text from being a YAML document that a policy could be. */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';
  readonly code: DiagnosticCode;
  readonly span: Span;

  constructor(code: DiagnosticCode, span: Span, message: string) {
    super(message);
    this.code = code;
    this.span = span;
  }
}
