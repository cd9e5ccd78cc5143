import { randomUUID } from 'node:crypto';

/** A message in the queue. */
export interface Held {
  readonly id: string;
  readonly sequence: string;
  readonly body: string;
  readonly group: string;
  readonly receives: number;
  /** Of the last time it was handed out. */
  readonly receipt: string;
}

/** A FIFO queue of SQS, with a clock that stands still until it is advanced. */
export interface FifoQueue {
  /** A message whose deduplication id was seen in its group within five minutes is taken, and forgotten. */
  send(message: { readonly body: string; readonly group: string; readonly deduplication: string }): Held;
  /** In order. A group of which something is in flight gives nothing. */
  receive(most: number): readonly Held[];
  /** Waits for so many milliseconds of real time at most until there is something. */
  receiveWithin(most: number, milliseconds: number): Promise<readonly Held[]>;
  remove(receipt: string): void;
  hide(receipt: string, seconds: number): void;
  /** Those that could be handed out, or could once those before them in their group are gone. */
  waiting(): readonly Held[];
  inFlight(): readonly Held[];
  dead(): readonly Held[];
  advance(milliseconds: number): void;
  /** Lets those go that wait for messages. */
  close(): void;
}

type Message = { -readonly [K in keyof Held]: Held[K] } & { hiddenUntil: number };

const DEDUPLICATION = 5 * 60_000;

/** @param options.visibilityTimeout in seconds */
export function createFifoQueue(options: {
  readonly visibilityTimeout: number;
  readonly maxReceiveCount: number;
}): FifoQueue {
  let now = 0;
  let sequence = 0;
  let messages: Message[] = [];
  const dead: Message[] = [];
  const seen = new Map<string, { readonly at: number; readonly message: Held }>();
  const watchers = new Set<() => void>();
  let closed = false;

  const isHidden = (message: Message): boolean => message.hiddenUntil > now;
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };

  function receive(most: number): readonly Held[] {
    const locked = new Set(messages.filter(isHidden).map(({ group }) => group));
    const taken: Message[] = [];
    for (const message of [...messages]) {
      if (taken.length >= most) break;
      if (locked.has(message.group)) continue;
      if (message.receives >= options.maxReceiveCount) {
        messages = messages.filter((other) => other !== message);
        dead.push(message);
        continue;
      }
      message.receives += 1;
      message.receipt = randomUUID();
      message.hiddenUntil = now + options.visibilityTimeout * 1000;
      taken.push(message);
    }
    return taken.map((message) => ({ ...message }));
  }

  /** A receipt is good until the message is handed out again. */
  function byReceipt(receipt: string): Message {
    const found = messages.find((message) => message.receipt === receipt);
    if (found === undefined) throw new Error('ReceiptHandleIsInvalid');
    return found;
  }

  return {
    send({ body, group, deduplication }) {
      const key = JSON.stringify([group, deduplication]);
      const known = seen.get(key);
      if (known !== undefined && now - known.at < DEDUPLICATION) return known.message;
      sequence += 1;
      const id = randomUUID();
      const message = { id, sequence: String(sequence), body, group, receives: 0, receipt: '', hiddenUntil: 0 };
      messages.push(message);
      seen.set(key, { at: now, message: { ...message } });
      changed();
      return { ...message };
    },
    receive,
    async receiveWithin(most, milliseconds) {
      const first = receive(most);
      if (first.length > 0 || milliseconds === 0 || closed) return first;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        watchers.add(done);
      });
      return receive(most);
    },
    remove(receipt) {
      const message = byReceipt(receipt);
      messages = messages.filter((other) => other !== message);
      changed();
    },
    hide(receipt, seconds) {
      byReceipt(receipt).hiddenUntil = now + seconds * 1000;
      changed();
    },
    waiting: () => messages.filter((message) => !isHidden(message)),
    inFlight: () => messages.filter(isHidden),
    dead: () => dead,
    advance(milliseconds) {
      now += milliseconds;
      changed();
    },
    close() {
      closed = true;
      changed();
    },
  };
}
