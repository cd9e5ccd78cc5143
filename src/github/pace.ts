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

/** What a write is made for: a deployment waits for its gates, somebody for what a delivery tells of, nobody for a sweep. */
export type Purpose = 'gate' | 'delivery' | 'sweep';

/** How a write lets others go first. */
export interface Terms {
  /** What of the writes that may be made at once is left to those who are waited for more. */
  readonly kept: number;
  /** How far ahead a turn is taken, in milliseconds: turns are not given back, and who takes one is in the way of others. */
  readonly ahead: number;
  /** How long it is waited for, in milliseconds: a job that waits holds a slot that another one could have. */
  readonly patience: number;
}

export const TERMS = {
  gate: { kept: 0, ahead: Infinity, patience: Infinity },
  delivery: { kept: 20, ahead: 10_000, patience: Infinity },
  sweep: { kept: 60, ahead: 2000, patience: 20_000 },
} as const satisfies Readonly<Record<Purpose, Terms>>;

/** What of a request its turn depends on. */
export interface Paced {
  readonly resource: Resource;
  readonly writes: boolean;
  /** Of a write; left out: it goes first. */
  readonly purpose?: Purpose;
}

/** What a request takes of each rate. */
export interface Taken {
  readonly rate: RateName;
  readonly amount: number;
  /** As many at once as there is room for, for whom this is. */
  readonly atOnce: number;
}

/** What one request counts for. */
export function takenBy({ resource, writes, purpose = 'gate' }: Paced): readonly Taken[] {
  const { atOnce } = RATES[resource];
  if (!writes) return [{ rate: resource, amount: READ_POINTS, atOnce }];
  return [
    { rate: resource, amount: WRITE_POINTS, atOnce },
    { rate: 'write', amount: 1, atOnce: RATES.write.atOnce },
    { rate: 'content', amount: 1, atOnce: RATES.content.atOnce - TERMS[purpose].kept },
  ];
}

/** Says when an installation's next request may be sent. */
export interface Pace {
  /**
   * Takes a turn, and resolves to how long it has to be waited for, in milliseconds of GitHub's. A turn that is more than
   * `patience` away is not taken.
   */
  take(request: Paced, patience: number): Promise<number>;
}

/** @param now milliseconds of GitHub's, from anywhere, never going back. */
export function createPace(now: () => number): Pace {
  /** When each rate would be at rest, if nothing more came. */
  const restAt = new Map<RateName, number>();

  return {
    take(request, patience) {
      const at = now();
      const next = takenBy(request).map(({ rate, amount, atOnce }) => {
        const { amount: many, every } = RATES[rate];
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
