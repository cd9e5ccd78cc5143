import type { Resource } from './limit.ts';

/*
 * GitHub's secondary limits, kept by design: 900 points a minute for REST and 2,000 for GraphQL, where a read is one
 * point and a write five; 80 requests a minute and 500 an hour that make something; a second between writes.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** So many at once, and so many in each `every` milliseconds from then on: in any such time no more than both together. */
export interface Rate {
  readonly atOnce: number;
  readonly amount: number;
  readonly every: number;
}

/** A tenth below what GitHub allows: its minute and ours do not begin together. */
export const RATES = {
  rest: { atOnce: 90, amount: 720, every: MINUTE },
  graphql: { atOnce: 200, amount: 1600, every: MINUTE },
  write: { atOnce: 1, amount: 60, every: MINUTE },
  content: { atOnce: 120, amount: 330, every: HOUR },
} as const satisfies Readonly<Record<string, Rate>>;

export type RateName = keyof typeof RATES;

const READ_POINTS = 1;
const WRITE_POINTS = 5;

/** What a request takes of each rate. */
export interface Taken {
  readonly rate: RateName;
  readonly amount: number;
}

/** What one request counts for. */
export function takenBy({
  resource,
  writes,
}: {
  readonly resource: Resource;
  readonly writes: boolean;
}): readonly Taken[] {
  if (!writes) return [{ rate: resource, amount: READ_POINTS }];
  return [
    { rate: resource, amount: WRITE_POINTS },
    { rate: 'write', amount: 1 },
    { rate: 'content', amount: 1 },
  ];
}

/** Says when an installation's next request may be sent. */
export interface Pace {
  /**
   * Takes a turn, and resolves to how long it has to be waited for, in milliseconds of GitHub's. A turn that is more than
   * `patience` away is not taken.
   */
  take(request: { readonly resource: Resource; readonly writes: boolean }, patience: number): Promise<number>;
}

/** @param now milliseconds of GitHub's, from anywhere, never going back. */
export function createPace(now: () => number): Pace {
  /** When each rate would be at rest, if nothing more came. */
  const restAt = new Map<RateName, number>();

  return {
    take(request, patience) {
      const at = now();
      const next = takenBy(request).map(({ rate, amount }) => {
        const { atOnce, amount: many, every } = RATES[rate];
        const rest = Math.max(restAt.get(rate) ?? 0, at) + (amount * every) / many;
        return { rate, rest, wait: rest - at - (atOnce * every) / many };
      });
      const wait = Math.max(0, ...next.map((one) => one.wait));
      if (wait <= patience) for (const { rate, rest } of next) restAt.set(rate, rest);
      return Promise.resolve(wait);
    },
  };
}

/** For simulators: nobody waits. */
export const unpaced: Pace = { take: () => Promise.resolve(0) };
