import type { Delivery, FaultAction, LoggedRequest, Simulator } from '../simulator/index.ts';
import { chance, numbersOf } from './seeds.ts';

interface Share {
  readonly action: FaultAction;
  /** Of the requests that it may strike. */
  readonly rate: number;
  readonly strikes: (request: LoggedRequest) => boolean;
}

const any = () => true;
const isGraphql = ({ operation }: LoggedRequest) => operation !== null;
const fiveHundred = (action: FaultAction): Share => ({ action, rate: 0.05 / 3, strikes: any });

const SHARES: readonly Share[] = [
  fiveHundred('500'),
  fiveHundred('502'),
  fiveHundred('503'),
  { action: 'graphql-lost', rate: 0.02, strikes: (request) => request.write && isGraphql(request) },
  { action: 'drop-after-apply', rate: 0.02, strikes: (request) => request.write && !isGraphql(request) },
  { action: 'cut-body', rate: 0.01, strikes: any },
  { action: 'secondary-limit', rate: 0.005, strikes: any },
  { action: '401', rate: 0.005, strikes: ({ as }) => as === 'installation' },
  { action: 'graphql-partial', rate: 0.02, strikes: isGraphql },
];

/** Seconds that a secondary limit asks to wait. */
const RETRY_AFTER = 10;

/**
 * Lets GitHub fail as often as it may on a very bad day, until its faults are cleared. Whether a request is struck follows
 * from the seed, from what it asks for and from how often that was asked before: not from what goes on beside it.
 */
export function blowOver(github: Simulator, seed: number): void {
  const asked = new Map<string, number>();
  const drawn = new WeakMap<LoggedRequest, string>();
  const nameOf = (request: LoggedRequest): string => {
    const known = drawn.get(request);
    if (known !== undefined) return known;
    const { method, path, query, body } = request;
    const what = `${method} ${path}?${query} ${JSON.stringify(body)}`;
    const before = asked.get(what) ?? 0;
    asked.set(what, before + 1);
    drawn.set(request, `${what} ${before}`);
    return `${what} ${before}`;
  };
  for (const { action, rate, strikes } of SHARES) {
    github.faults.add({
      action,
      times: Infinity,
      retryAfter: RETRY_AFTER,
      match: (request) => {
        const name = nameOf(request);
        return strikes(request) && chance(seed, action, name) < rate;
      },
    });
  }
}

/** A post that loses a fifth of the deliveries, doubles three tenths of them and mixes all of them up. */
export interface Post {
  /** Takes what was held and brings some of what it has. */
  bring(): Promise<void>;
  /** Brings the rest. */
  bringAll(): Promise<void>;
}

export function disorderlyPost(github: Pick<Simulator, 'held' | 'release'>, seed: number): Post {
  const next = numbersOf(seed);
  const bag: Delivery[] = [];
  const take = () => {
    for (const delivery of github.held.splice(0)) {
      if (next() < 0.2) continue;
      bag.push(delivery);
      if (next() < 0.3) bag.push(delivery);
    }
    shuffle(bag, next);
  };
  return {
    async bring() {
      take();
      await github.release(bag.splice(0, Math.floor(bag.length * next())));
    },
    async bringAll() {
      take();
      await github.release(bag.splice(0));
    },
  };
}

function shuffle(list: Delivery[], next: () => number): void {
  for (let end = list.length - 1; end > 0; end -= 1) {
    const [taken] = list.splice(Math.floor(next() * (end + 1)), 1);
    if (taken !== undefined) list.push(taken);
  }
}
