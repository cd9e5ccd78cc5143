import { createFifo, type Fifo } from './fifo.ts';

/**
 * What is ready to run, a lane for each owner (an installation). Lanes take turns, and none holds more than its share
 * of the slots: one installation's flood, or its rate limit, is not everybody's.
 */
export interface Lanes<Owner> {
  readonly push: (owner: Owner, key: string) => void;
  /** The key whose turn it is, counted as running until it is released; undefined where nobody may run. */
  readonly take: () => { readonly owner: Owner; readonly key: string } | undefined;
  readonly release: (owner: Owner) => void;
}

interface Lane {
  readonly ready: Fifo<string>;
  running: number;
  /** Whether the lane is in the ring: it has something ready, and may run it. */
  queued: boolean;
}

/** @param share how many of one owner's may run at once. */
export function createLanes<Owner>(share: number): Lanes<Owner> {
  const lanes = new Map<Owner, Lane>();
  const ring = createFifo<Owner>();

  function queue(owner: Owner, lane: Lane): void {
    if (lane.queued || lane.ready.size() === 0 || lane.running >= share) return;
    lane.queued = true;
    ring.push(owner);
  }

  return {
    push(owner, key) {
      const lane = lanes.get(owner) ?? { ready: createFifo<string>(), running: 0, queued: false };
      lanes.set(owner, lane);
      lane.ready.push(key);
      queue(owner, lane);
    },
    take() {
      const owner = ring.shift();
      const lane = owner === undefined ? undefined : lanes.get(owner);
      const key = lane?.ready.shift();
      if (owner === undefined || lane === undefined || key === undefined) return undefined;
      lane.queued = false;
      lane.running += 1;
      queue(owner, lane);
      return { owner, key };
    },
    release(owner) {
      const lane = lanes.get(owner);
      if (lane === undefined) return;
      lane.running -= 1;
      queue(owner, lane);
      if (lane.running === 0 && lane.ready.size() === 0) lanes.delete(owner);
    },
  };
}
