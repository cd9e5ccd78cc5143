import type { LoggedRequest } from './requests.ts';

export type FaultAction =
  | '500'
  | '502'
  | '503'
  | '401'
  | '404'
  | '403-permission'
  | 'secondary-limit'
  | 'primary-limit'
  /** The connection ends and nothing was carried out. */
  | 'drop-before'
  /** It was carried out; the connection ends without an answer. */
  | 'drop-after-apply'
  /** It was carried out; the answer ends in the middle. */
  | 'cut-body'
  /** Some of the top-level fields fail and are not carried out. */
  | 'graphql-partial'
  /** It was carried out; the answer has no data and says that something went wrong. */
  | 'graphql-lost'
  /** Nothing but `delayMs`. */
  | 'delay';

export interface FaultOptions {
  /** A route, a GraphQL operation's name, or a predicate. Left out: every request. */
  readonly match?: string | ((request: LoggedRequest) => boolean);
  /** How often it strikes; default 1. */
  readonly times?: number;
  readonly action: FaultAction;
  readonly delayMs?: number;
  /** Seconds that a limit asks to wait; default 60. */
  readonly retryAfter?: number;
  /** For `graphql-partial`: which top-level fields fail; default the later half. */
  readonly fails?: (alias: string, index: number, count: number) => boolean;
}

export interface RandomFaults {
  readonly seed: number;
  /** Between 0 and 1: how many of the requests are struck. */
  readonly rate: number;
  readonly actions: readonly FaultAction[];
  readonly match?: FaultOptions['match'];
}

export interface Faults {
  /** Returns a function that takes it away again. */
  add(fault: FaultOptions): () => void;
  random(options: RandomFaults): () => void;
  clear(): void;
}

export function createFaults(): Faults & { readonly strike: (request: LoggedRequest) => FaultOptions | null } {
  const sources = new Set<(request: LoggedRequest) => FaultOptions | null>();
  const install = (source: (request: LoggedRequest) => FaultOptions | null) => {
    sources.add(source);
    return () => void sources.delete(source);
  };
  return {
    add(fault) {
      let left = fault.times ?? 1;
      return install((request) => {
        if (left === 0 || !applies(fault.match, request)) return null;
        left -= 1;
        return fault;
      });
    },
    random({ seed, rate, actions, match }) {
      const next = randomNumbers(seed);
      return install((request) => {
        if (!applies(match, request) || next() >= rate) return null;
        const action = actions[Math.floor(next() * actions.length)];
        return action === undefined ? null : { action };
      });
    },
    clear: () => {
      sources.clear();
    },
    strike(request) {
      for (const source of sources) {
        const fault = source(request);
        if (fault !== null) return fault;
      }
      return null;
    },
  };
}

function applies(match: FaultOptions['match'], request: LoggedRequest): boolean {
  if (match === undefined) return true;
  return typeof match === 'string' ? match === request.route || match === request.operation : match(request);
}

/** Numbers between 0 and 1 that a seed repeats (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const laterHalf = (_alias: string, index: number, count: number) => index >= Math.ceil(count / 2);

/** Which of the top-level fields a fault makes fail. */
export function failingAliases(fault: FaultOptions | null, aliases: readonly string[]): ReadonlySet<string> {
  if (fault?.action !== 'graphql-partial') return new Set();
  const fails = fault.fails ?? laterHalf;
  return new Set(aliases.filter((alias, index) => fails(alias, index, aliases.length)));
}
