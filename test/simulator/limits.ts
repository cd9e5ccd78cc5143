/*
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
const HOUR = 3_600_000;
const MINUTE = 60_000;

const MOST_AT_ONCE = 100;
const MOST_REST_POINTS = 900;
const MOST_GRAPHQL_POINTS = 2_000;
const MOST_CONTENT_A_MINUTE = 80;
const MOST_CONTENT_AN_HOUR = 500;

export type Resource = 'core' | 'graphql';

/** A secondary limit that was overstepped. */
export interface Breach {
  readonly holder: string;
  readonly limit: 'concurrency' | 'rest-points' | 'graphql-points' | 'content-a-minute' | 'content-an-hour';
  readonly value: number;
  /** Milliseconds of the wall clock. */
  readonly at: number;
}

export interface Window {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Milliseconds of the wall clock. */
  readonly resetAt: number;
}

/** Adds up amounts of the last so many milliseconds. */
interface Sliding {
  add(amount: number, now: number): number;
}

function slidingSum(span: number): Sliding {
  const entries: { readonly at: number; readonly amount: number }[] = [];
  let start = 0;
  let sum = 0;
  return {
    add(amount, now) {
      entries.push({ at: now, amount });
      sum += amount;
      for (let first = entries[start]; first !== undefined && first.at <= now - span; first = entries[start]) {
        sum -= first.amount;
        start += 1;
      }
      if (start > 10_000) {
        entries.splice(0, start);
        start = 0;
      }
      return sum;
    },
  };
}

interface Holder {
  readonly windows: Map<Resource, { limit: number; used: number; resetAt: number }>;
  readonly points: Readonly<Record<Resource, Sliding>>;
  readonly contentMinute: Sliding;
  readonly contentHour: Sliding;
  open: number;
}

export interface Limits {
  /** Counts a request's beginning; the returned function counts its end. The breach is the first that it made. */
  enter(
    holder: string,
    request: { readonly resource: Resource; readonly write: boolean },
  ): {
    readonly breach: Breach | null;
    readonly leave: () => void;
  };
  window(holder: string, resource: Resource): Window;
  charge(holder: string, resource: Resource, points: number): void;
  /** Uses up what is left of an hour's limit. */
  exhaust(holder: string, resource: Resource): void;
  readonly breaches: Breach[];
  /** From here on nothing is counted. */
  pause(): void;
  resume(): void;
}

/** Counts primary and secondary limits for each holder (an installation, a person). */
export function createLimits(options: { readonly wall: () => number; readonly limit: number }): Limits {
  const holders = new Map<string, Holder>();
  const breaches: Breach[] = [];
  let isPaused = false;
  const holderOf = (name: string): Holder => {
    const known = holders.get(name);
    if (known !== undefined) return known;
    const made = {
      windows: new Map(),
      points: { core: slidingSum(MINUTE), graphql: slidingSum(MINUTE) },
      contentMinute: slidingSum(MINUTE),
      contentHour: slidingSum(HOUR),
      open: 0,
    };
    holders.set(name, made);
    return made;
  };
  const windowOf = (name: string, resource: Resource) => {
    const { windows } = holderOf(name);
    const known = windows.get(resource);
    const now = options.wall();
    if (known !== undefined && now < known.resetAt) return known;
    const fresh = { limit: options.limit, used: 0, resetAt: now + HOUR };
    windows.set(resource, fresh);
    return fresh;
  };
  return {
    breaches,
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
    },
    enter(name, { resource, write }) {
      if (isPaused) return { breach: null, leave: () => undefined };
      const holder = holderOf(name);
      const now = options.wall();
      holder.open += 1;
      const points = holder.points[resource].add(write ? 5 : 1, now);
      const minute = write ? holder.contentMinute.add(1, now) : 0;
      const hour = write ? holder.contentHour.add(1, now) : 0;
      const found: (readonly [Breach['limit'], number, number])[] = [
        ['concurrency', holder.open, MOST_AT_ONCE],
        resource === 'core'
          ? ['rest-points', points, MOST_REST_POINTS]
          : ['graphql-points', points, MOST_GRAPHQL_POINTS],
        ['content-a-minute', minute, MOST_CONTENT_A_MINUTE],
        ['content-an-hour', hour, MOST_CONTENT_AN_HOUR],
      ];
      const made = found
        .filter(([, value, most]) => value > most)
        .map(([limit, value]): Breach => ({ holder: name, limit, value, at: now }));
      breaches.push(...made);
      return {
        breach: made[0] ?? null,
        leave: () => {
          holder.open -= 1;
        },
      };
    },
    window(name, resource) {
      const { limit, used, resetAt } = windowOf(name, resource);
      return { limit, used, remaining: Math.max(0, limit - used), resetAt };
    },
    charge(name, resource, points) {
      if (!isPaused) windowOf(name, resource).used += points;
    },
    exhaust(name, resource) {
      const window = windowOf(name, resource);
      window.used = window.limit;
    },
  };
}
