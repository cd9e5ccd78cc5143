import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/schema.ts';

/** The policy of a text that parses. */
export function policyOf(text: string): Policy {
  const { policy, diagnostics } = parsePolicy(text);
  if (policy === null) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return policy;
}
