import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createScript } from '../../redis/script.ts';
import { ADD, COMPACT, DEPTH, FINISH, TAKE, TICK, WAKE } from './scripts.ts';

/** The right to run what waits under a key, once. */
export interface Ticket {
  readonly key: string;
  readonly id: string;
}

/** What a ticket lets run. */
export interface Taken {
  /** As they were written, oldest first; empty where another run has done it. */
  readonly jobs: readonly string[];
  /** Failed runs since anybody last asked for it. */
  readonly tries: number;
  /** Failed runs in a row, whoever asked. */
  readonly failures: number;
}

export interface Finished {
  /** `lost`: it took so long that another process was given the ticket. */
  readonly result: 'done' | 'retried' | 'dropped' | 'lost';
  readonly tickets: readonly Ticket[];
}

/**
 * Which key runs when, as all processes agree on it. Each function is one script: it happens as a whole or not at all.
 * Tickets that come back are to be handed out.
 */
export interface Turns {
  add(
    redis: Redis,
    added: { readonly key: string; readonly installation: number; readonly job: string },
  ): Promise<{
    readonly waiting: number;
    readonly tickets: readonly Ticket[];
  }>;
  /** Merges what waits under a key by `merge`, unless somebody adds or takes meanwhile. */
  compact(redis: Redis, key: string, merge: (jobs: readonly string[]) => string | null): Promise<void>;
  /** Null where the ticket is used up. */
  take(redis: Redis, ticket: Ticket, spacing: number): Promise<Taken | null>;
  /** @param run.delay milliseconds until it is tried again; null where it went well. */
  finish(
    redis: Redis,
    run: { readonly ticket: Ticket; readonly delay: number | null; readonly most: number },
  ): Promise<Finished>;
  wake(redis: Redis, wake: { readonly key: string; readonly at: number; readonly job: string }): Promise<void>;
  /** @param own.alive milliseconds that this process counts as alive from now; 0 when it ends. */
  tick(
    redis: Redis,
    own: { readonly process: string; readonly slots: number; readonly alive: number; readonly patience: number },
  ): Promise<{ readonly next: number | null; readonly tickets: readonly Ticket[] }>;
  depth(
    redis: Redis,
    installation?: number,
  ): Promise<{
    readonly waiting: number;
    readonly oldest: number;
    /** Keys with a ticket, running or about to. */
    readonly open: number;
  }>;
}

const tickets = z
  .array(z.string())
  .transform((flat): readonly Ticket[] =>
    Array.from({ length: flat.length / 2 }, (_, i) => ({ key: flat[2 * i] ?? '', id: flat[2 * i + 1] ?? '' })),
  );
const whole = z.coerce.number().int();
const added = z.tuple([whole, tickets]);
const taken = z.union([z.tuple([whole, whole, z.array(z.string())]), z.tuple([])]);
const finished = z.tuple([z.enum(['done', 'retried', 'dropped', 'lost']), tickets]);
const ticked = z.tuple([whole, tickets]);
const depths = z.tuple([whole, whole, whole]);

/** @param prefix of every key in Redis, with a hash tag in it. */
export function createTurns(prefix: string): Turns {
  const scripts = {
    add: createScript(ADD, prefix),
    compact: createScript(COMPACT, prefix),
    take: createScript(TAKE, prefix),
    finish: createScript(FINISH, prefix),
    wake: createScript(WAKE, prefix),
    tick: createScript(TICK, prefix),
    depth: createScript(DEPTH, prefix),
  };
  return {
    async add(redis, { key, installation, job }) {
      const [waiting, some] = added.parse(await scripts.add(redis, key, installation, job));
      return { waiting, tickets: some };
    },
    async compact(redis, key, merge) {
      const jobs = await redis.lrange(`${prefix}w:${key}`, 0, -1);
      const merged = merge(jobs);
      if (merged !== null) await scripts.compact(redis, key, jobs.length, merged);
    },
    async take(redis, { key, id }, spacing) {
      const [tries, failures, jobs] = taken.parse(await scripts.take(redis, key, id, spacing));
      return jobs === undefined ? null : { jobs, tries: tries ?? 0, failures: failures ?? 0 };
    },
    async finish(redis, { ticket, delay, most }) {
      const args = [ticket.key, ticket.id, delay === null ? '' : Math.ceil(delay), most];
      const [result, some] = finished.parse(await scripts.finish(redis, ...args));
      return { result, tickets: some };
    },
    async wake(redis, { key, at, job }) {
      await scripts.wake(redis, key, Math.ceil(at), job);
    },
    async tick(redis, { process, slots, alive, patience }) {
      const [next, some] = ticked.parse(await scripts.tick(redis, process, slots, alive, patience));
      return { next: next < 0 ? null : next, tickets: some };
    },
    async depth(redis, installation) {
      const [waiting, oldest, open] = depths.parse(await scripts.depth(redis, installation ?? ''));
      return { waiting, oldest, open };
    },
  };
}
