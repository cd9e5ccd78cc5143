import type { Queue as BullQueue } from 'bullmq';
import type { Logger } from '../../logging.ts';
import type { Ticket } from './turns.ts';

/** The way of tickets to BullMQ. Nobody waits for it: what a ticket stands for is kept already. */
export interface HandOut {
  /** Those that do not arrive are handed out by the next tick; and if this process ends before, by another's. */
  give(some: readonly Ticket[]): void;
  /** Sends what did not arrive once more. */
  again(): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

const LOOK = 'look';

/** What comes while a request is on its way goes together in the next one. */
export function createHandOut(tickets: BullQueue<Ticket>, log: Logger): HandOut {
  let next: readonly Ticket[] = [];
  let undelivered: readonly Ticket[] = [];
  let sending: Promise<void> | null = null;

  async function deliver(some: readonly Ticket[]): Promise<void> {
    const [first, ...others] = some;
    if (first === undefined) return;
    // One needs no transaction.
    if (others.length === 0) await tickets.add(LOOK, first, { jobId: first.id });
    else await tickets.addBulk(some.map((ticket) => ({ name: LOOK, data: ticket, opts: { jobId: ticket.id } })));
  }

  async function sendAll(): Promise<void> {
    while (next.length > 0) {
      const some = next;
      next = [];
      try {
        await deliver(some);
      } catch (error) {
        undelivered = [...undelivered, ...some];
        log.debug({ err: error, tickets: some.length }, 'tickets wait to be handed out');
      }
    }
    sending = null;
  }

  function give(some: readonly Ticket[]): void {
    if (some.length === 0) return;
    next = [...next, ...some];
    sending ??= sendAll();
  }

  return {
    give,
    again() {
      const some = undelivered;
      undelivered = [];
      give(some);
    },
    async settled() {
      while (sending !== null) await sending;
    },
  };
}
