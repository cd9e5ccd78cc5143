import { createFifo, type Fifo } from './fifo.ts';

/**
 * What is ready to run, a lane for each owner (an installation). The next slot is for whoever holds the fewest, in turn
 * among equals, so that with N owners waiting nobody gets more than an Nth of the slots. Nobody takes one who holds
 * three times what is free already: alone, an owner gets three quarters of the slots, two get three sevenths each, and
 * whoever comes late finds room at once. One installation's flood, or its rate limit, is not everybody's.
 */
export interface Lanes<Owner> {
  readonly push: (owner: Owner, key: string) => void;
  /** The key whose turn it is, counted as running until it is released; undefined where nobody may run. */
  readonly take: () => { readonly owner: Owner; readonly key: string } | undefined;
  readonly release: (owner: Owner) => void;
}

/** How many times what is free an owner may hold and still get more. */
const SHARE = 3;

interface Lane {
  readonly ready: Fifo<string>;
  running: number;
}

/** @param slots how many may run at once. */
export function createLanes<Owner>(slots: number): Lanes<Owner> {
  const lanes = new Map<Owner, Lane>();
  /** By how many they hold: the owners with something ready, in turn. */
  const rings = Array.from({ length: slots + 1 }, () => new Set<Owner>());
  let free = slots;

  /** Puts an owner into the ring that it belongs in, behind the others there. */
  function queue(owner: Owner, lane: Lane): void {
    if (lane.ready.size() > 0) rings[lane.running]?.add(owner);
  }

  function next(): Owner | undefined {
    for (const [holds, ring] of rings.entries()) {
      const [owner] = ring;
      // Who holds more has less of a claim still.
      if (owner !== undefined) return holds < SHARE * free ? owner : undefined;
    }
    return undefined;
  }

  return {
    push(owner, key) {
      const lane = lanes.get(owner) ?? { ready: createFifo<string>(), running: 0 };
      lanes.set(owner, lane);
      lane.ready.push(key);
      queue(owner, lane);
    },
    take() {
      const owner = free > 0 ? next() : undefined;
      const lane = owner === undefined ? undefined : lanes.get(owner);
      const key = lane?.ready.shift();
      if (owner === undefined || lane === undefined || key === undefined) return undefined;
      rings[lane.running]?.delete(owner);
      lane.running += 1;
      free -= 1;
      queue(owner, lane);
      return { owner, key };
    },
    release(owner) {
      const lane = lanes.get(owner);
      if (lane === undefined) return;
      rings[lane.running]?.delete(owner);
      lane.running -= 1;
      free += 1;
      queue(owner, lane);
      if (lane.running === 0 && lane.ready.size() === 0) lanes.delete(owner);
    },
  };
}
