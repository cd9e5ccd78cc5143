import type { Finding } from '../diagnostics.ts';
import { isPattern } from '../pattern.ts';
import { includesPattern } from '../pattern-inclusion.ts';
import type { Budget } from '../pattern-machine.ts';
import { warning, type LintContext } from './rule.ts';

/** Finding out which pattern covers which can be made expensive; past this, it is not found out. */
const STEPS = 100_000;

/** A pattern comes to nothing after one that matches all that it does. An exact name always counts. */
export function entryUnreachable({ policy }: LintContext): readonly Finding[] {
  const budget: Budget = { steps: STEPS };
  const earlier: string[] = [];
  const found: Finding[] = [];
  for (const [index, { name }] of policy.environments.entries()) {
    if (budget.steps < 0) break;
    if (!isPattern(name)) continue;
    const by = earlier.find((outer) => includesPattern({ outer, inner: name, letters: 'ignore-case' }, budget));
    if (by !== undefined) {
      const message = `Move this entry up: every environment that it matches is taken by ${JSON.stringify(by)} above it.`;
      found.push(warning('entry-unreachable', ['environments', index, 'name'], message));
    }
    earlier.push(name);
  }
  return found;
}
