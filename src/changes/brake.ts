import type { Amounts } from './limits.ts';

/** A changed policy may end or delete so many at once without a second look. */
const FEW = 20;

/** What a policy would do to a repository, and how many deployments its rules speak of. */
export interface Reach {
  readonly changes: Pick<Amounts, 'inactivate' | 'delete'>;
  readonly governed: { readonly open: number; readonly ended: number };
}

/**
 * Whether a changed policy would do so much that it waits one sweep: it would end or delete more than 20 deployments,
 * and more than half of those that it governs. What could end is held against what is open and what could be deleted
 * against what has ended, so that years of ended deployments do not hide that everything open would go.
 */
export function isSweeping({ changes, governed }: Reach): boolean {
  if (changes.inactivate + changes.delete <= FEW) return false;
  return (
    changes.inactivate + changes.delete > (governed.open + governed.ended) / 2 ||
    (changes.inactivate > FEW && changes.inactivate > governed.open / 2) ||
    (changes.delete > FEW && changes.delete > governed.ended / 2)
  );
}
