import type { z } from 'zod';
import type { DiagnosticCode } from '../diagnostic-codes.ts';

/** What a rule of our own says about a value, carried in zod's `params`. */
export interface Refusal {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Where below the checked value the problem lies. */
  readonly path?: readonly (string | number)[];
}

/** Zod's context of a check or a transform, as far as a refusal needs it. */
interface IssueSink {
  readonly issues: z.core.$ZodRawIssue[];
}

/** Puts a problem on record. Other checks go on, so that one run finds all problems. */
export function refuse(context: IssueSink, input: unknown, { code, message, path = [] }: Refusal): void {
  context.issues.push({ code: 'custom', message, input, path: [...path], params: { code }, continue: true });
}
