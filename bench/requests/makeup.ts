import type { LoggedRequest } from '../../test/simulator/index.ts';

/** How often each was asked, in the order of the first time. */
export function makeup(requests: readonly LoggedRequest[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { operation, route } of requests) {
    const name = operation ?? route ?? 'unknown';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
}
