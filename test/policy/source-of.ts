import { parsePolicy } from '../../src/policy/parse.ts';
import type { PolicySource } from '../../src/policy/merge.ts';

/** A file that parses, ready to be merged. */
export function sourceOf(file: string, text: string): PolicySource {
  const { policy, diagnostics, locate } = parsePolicy(text);
  if (policy === null) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return { file, policy, locate, commit: null };
}
