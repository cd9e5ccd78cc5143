import { z } from 'zod';
import type { PlanLine } from './plan.ts';
import { withoutValue } from './protection-lines.ts';

/** Something that was done, and is told of for a while. */
export interface ReportedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'changed' | 'deleted' | 'drifted';
  readonly line: PlanLine;
}

/**
 * What a report on the default branch's head says to the next process. It is written into the report itself, since GitHub
 * is the only database.
 */
export interface ReportState {
  /** The commits of the policy whose `protection` was applied; null where none was. */
  readonly applied: string | null;
  /** What of it could not be done, or not yet: keys of `protection`, each with an environment. */
  readonly open: readonly string[];
  /** Oldest first. */
  readonly events: readonly ReportedEvent[];
}

export const NO_STATE: ReportState = { applied: null, open: [], events: [] };

/** What was done is told for so long, and so much of it. */
const MEMORY = 7 * 86_400_000;
const MOST_EVENTS = 50;
/** A third of what GitHub takes of a report, in bytes before they are encoded, which makes four characters of three. */
const MOST_BYTES = 16_384;
/** With more that is open than this, in bytes, nothing counts as done. */
const MOST_OPEN = 6_144;
/** Variables may be 48 KiB long. */
const LONGEST_DIFFERENCE = 500;

/** The state with what has happened since, and without what is too old to be told of or too much to be kept: the oldest goes. */
export function withEvents(state: ReportState, events: readonly ReportedEvent[], now: number): ReportState {
  const all = [...state.events, ...events.map(shortened)].filter(({ at }) => now - at < MEMORY);
  const isTooMuch = bytesOf(state.open) > MOST_OPEN;
  const kept = { applied: isTooMuch ? null : state.applied, open: isTooMuch ? [] : state.open };
  return { ...kept, events: newestWithin(all.slice(-MOST_EVENTS), MOST_BYTES - bytesOf({ ...kept, events: [] })) };
}

function newestWithin(events: readonly ReportedEvent[], bytes: number): readonly ReportedEvent[] {
  let left = bytes;
  let first = events.length;
  for (const event of events.toReversed()) {
    left -= bytesOf(event) + 1;
    if (left < 0) break;
    first -= 1;
  }
  return events.slice(first);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** What either tells of, oldest first. A variable is told of once, be it with or without its value. */
export function mergeEvents(a: readonly ReportedEvent[], b: readonly ReportedEvent[]): readonly ReportedEvent[] {
  const each = new Map<string, ReportedEvent>();
  for (const event of [...a, ...b]) {
    const key = JSON.stringify({ ...event, line: withoutValue(event.line) });
    const known = each.get(key);
    if (known === undefined || known.line.difference === '') each.set(key, event);
  }
  return [...each.values()].sort((one, other) => one.at - other.at);
}

function shortened(event: ReportedEvent): ReportedEvent {
  const { line } = event;
  const difference = Array.from(line.difference).slice(0, LONGEST_DIFFERENCE).join('');
  return difference === line.difference ? event : { ...event, line: { ...line, difference } };
}

/** At the very beginning, where nothing that somebody else wrote can stand. */
const MARK = /^<!-- lockkeeper:([\w-]+) -->/;

const stored = z.object({
  applied: z.string().nullable(),
  open: z.array(z.string()),
  events: z.array(
    z.object({
      at: z.number(),
      kind: z.enum(['changed', 'deleted', 'drifted']),
      line: z.object({
        sign: z.enum(['+', '~', '-']),
        what: z.string(),
        name: z.string(),
        difference: z.string(),
        reason: z.string(),
      }),
    }),
  ),
});

/** The state as a comment that a report's Markdown does not show; empty where there is nothing to say. */
export function encodeState(state: ReportState): string {
  if (state.applied === null && state.open.length + state.events.length === 0) return '';
  return `<!-- lockkeeper:${Buffer.from(JSON.stringify(state)).toString('base64url')} -->`;
}

/** The state in a report's Markdown; null where there is none that can be understood. */
export function decodeState(markdown: string): ReportState | null {
  const text = MARK.exec(markdown)?.[1];
  if (text === undefined) return null;
  try {
    return stored.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}
