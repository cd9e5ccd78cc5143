import { spanOfFreeze } from '../calendar.ts';
import type { Finding } from '../diagnostics.ts';
import { warning, type LintContext } from './rule.ts';

/** A freeze that ends before it begins, or whose list of environments is empty, holds nothing. */
export function freezeEmpty({ policy }: LintContext): readonly Finding[] {
  return policy.freezes.flatMap((freeze, index) => {
    const { start, end } = spanOfFreeze(freeze);
    if (freeze.environments?.length === 0) {
      const message = 'Name an environment, or leave `environments` out for all: this freeze covers none.';
      return [warning('freeze-empty', ['freezes', index, 'environments'], message)];
    }
    if (start < end) return [];
    return [
      warning('freeze-empty', ['freezes', index, 'to'], 'Write a later moment: this freeze ends before it begins.'),
    ];
  });
}

/** A freeze that is over does nothing any more. */
export function freezePast({ policy, now }: LintContext): readonly Finding[] {
  return policy.freezes.flatMap((freeze, index) => {
    const { start, end } = spanOfFreeze(freeze);
    if (end > now || start >= end) return [];
    return [
      warning('freeze-past', ['freezes', index, 'to'], 'Take this freeze out, or write a later moment: it is over.'),
    ];
  });
}
