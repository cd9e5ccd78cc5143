/** First in, first out, at a constant cost however long it gets; `Array.shift` moves the whole rest. */
export interface Fifo<T> {
  readonly size: () => number;
  readonly push: (item: T) => void;
  readonly shift: () => T | undefined;
}

/** Slots that were taken out are given back once there are this many of them, and more of them than items. */
const SLACK = 64;

export function createFifo<T>(): Fifo<T> {
  let items: T[] = [];
  let head = 0;
  return {
    size: () => items.length - head,
    push(item) {
      items.push(item);
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      head += 1;
      if (head >= SLACK && head * 2 >= items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
