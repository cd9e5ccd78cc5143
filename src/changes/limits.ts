import { limitOf, type Change } from './change.ts';

/** How many changes of each kind one run on one repository may make, or has made. */
export interface Amounts {
  readonly inactivate: number;
  readonly delete: number;
  readonly keys: number;
}

export const NOTHING: Amounts = { inactivate: 0, delete: 0, keys: 0 };

/** Takes the first changes of each kind that `allowed` has room for, and says how many of each kind are left over. */
export function withinLimits(
  changes: readonly Change[],
  allowed: Amounts,
): { readonly now: readonly Change[]; readonly later: Amounts } {
  const taken = { ...NOTHING };
  const later = { ...NOTHING };
  const now = changes.filter((change) => {
    const kind = limitOf(change);
    if (kind === null) return true;
    const fits = taken[kind] < allowed[kind];
    (fits ? taken : later)[kind] += 1;
    return fits;
  });
  return { now, later };
}

export function count(changes: readonly Change[]): Amounts {
  const amounts = { ...NOTHING };
  for (const change of changes) {
    const kind = limitOf(change);
    if (kind !== null) amounts[kind] += 1;
  }
  return amounts;
}
