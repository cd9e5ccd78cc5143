import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freezesAt, windowsAt } from '../../src/policy/calendar.ts';
import { parseMoment, parseTimeOfDay } from '../../src/policy/moment.ts';
import type { Window } from '../../src/policy/schema.ts';
import { localClock, minuteOf, paintWindows } from './local-clock.ts';

const MINUTE = 60_000;
const WEEK = 7 * 1_440;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const minute = (text: string): number => Date.parse(text) / MINUTE;

/** Two years with a leap day, and the days before and after that windows and freezes reach into. */
const SPAN = { from: minute('2027-06-20T00:00Z'), to: minute('2029-08-10T00:00Z') };
const LOOKED_AT = { from: minute('2027-07-01T00:00Z'), to: minute('2029-07-01T00:00Z') };
const LEAP_DAY = minute('2028-02-29T12:00Z');

/** Gaps of an hour and of half of one, at night and at midnight, north and south. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago'];

function windowOf(zone: string, written: string, days: readonly (typeof DAYS)[number][] = DAYS): Window {
  const [from, to] = written.split('-').map((text) => parseTimeOfDay(text));
  if (from?.kind !== 'ok' || to?.kind !== 'ok') throw new Error(`No window: ${written}`);
  return { name: written, time_zone: zone, days, from: from.value, to: to.value };
}

/** Windows that gaps and doubles cut into, over midnight and around the clock; and some that chance made up. */
function windowSets(zone: string, seed: number): readonly (readonly Window[])[] {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 10, 15, 30, 59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const made = fc
    .tuple(time, fc.oneof(time, fc.constant('24:00')), fc.subarray([...DAYS]))
    .map(([from, to, days]) => windowOf(zone, `${from}-${to}`, days));
  return [
    [windowOf(zone, '02:30-05:00')],
    [windowOf(zone, '01:00-02:15', ['sun']), windowOf(zone, '22:00-00:30', ['sat', 'thu'])],
    [windowOf(zone, '00:00-24:00', ['sun', 'mon', 'thu'])],
    [windowOf(zone, '00:15-00:45', ['fri', 'sun']), windowOf(zone, '23:30-23:30', ['sat'])],
    [windowOf(zone, '00:00-24:00')],
    ...fc.sample(fc.array(made, { minLength: 1, maxLength: 3 }), { seed, numRuns: 1 }),
  ];
}

/** Minutes worth looking at: around each change of the clocks and the leap day, and now and then in between. */
function minutesToLookAt(changes: readonly number[], open: Uint8Array): readonly number[] {
  const near = [...changes, LEAP_DAY].flatMap((change) =>
    Array.from({ length: 12 }, (_, index) => change + (index - 6) * 61 + (index % 2)),
  );
  const between: number[] = [];
  for (let at = LOOKED_AT.from; at < LOOKED_AT.to; at += 30_011) between.push(at);
  const edges: number[] = [];
  for (let at = LOOKED_AT.from; at < LOOKED_AT.to; at += 1) {
    if (open[at - SPAN.from] !== open[at - 1 - SPAN.from]) edges.push(at - 1, at);
  }
  const nearEdges = edges.filter((at) => [...changes, LEAP_DAY].some((change) => Math.abs(at - change) < 1_000));
  return [...new Set([...near, ...between, ...nearEdges, ...edges.filter((_, index) => index % 199 === 0)])];
}

/** The minute at which what is so at `at` changes next; null where it does not for longer than a week or three. */
function changesNext(open: Uint8Array, at: number): number | null {
  const now = open[at - SPAN.from];
  let next = at + 1;
  while (next - at < 3 * WEEK && open[next - SPAN.from] === now) next += 1;
  return next - at < 3 * WEEK ? next : null;
}

describe.each(ZONES.map((zone, index) => [zone, index] as const))(
  'in %s, minute by minute over two years',
  (zone, seed) => {
    const clock = localClock(zone, SPAN);

    test('the clocks are moved, or there would be nothing to see', () => {
      expect(clock.changes.length).toBeGreaterThanOrEqual(4);
    });

    test('windows are open when a slow walk over the clocks says so, and open and close then', () => {
      const differing = windowSets(zone, seed).flatMap((windows) => {
        const open = paintWindows(clock, windows);
        return minutesToLookAt(clock.changes, open).flatMap((at) => {
          const next = changesNext(open, at);
          const changesAt = next === null ? null : next * MINUTE;
          const expected =
            open[at - SPAN.from] === 1 ? { kind: 'open', until: changesAt } : { kind: 'closed', opensAt: changesAt };
          const found = windowsAt(windows, at * MINUTE);
          const names = windows.map(({ name, days }) => `${name} ${days.join()}`);
          return isDeepStrictEqual(found, expected) ? [] : [{ names, at: new Date(at * MINUTE), found, expected }];
        });
      });
      expect(differing).toEqual([]);
    });

    test('freezes hold from and until when it says so', () => {
      const moment = fc.oneof(
        fc.integer({ min: LOOKED_AT.from, max: LOOKED_AT.to }),
        // Local minutes around a change of the clocks, doubled and skipped ones among them.
        fc
          .tuple(fc.constantFrom(...clock.changes), fc.integer({ min: -150, max: 150 }))
          .map(([change, off]) => change + off),
      );
      const momentOf = (local: number) => {
        const parsed = parseMoment(new Date(local * MINUTE).toISOString().slice(0, 16));
        if (parsed.kind !== 'ok') throw new Error('No moment');
        return parsed.value;
      };
      fc.assert(
        fc.property(moment, moment, fc.constantFrom(-1440, -60, 0, 60, 1440), (one, other, off) => {
          // Written in local time: so many hours from UTC are as good as any others.
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          const [start, end] = [minuteOf(clock, from, 'start'), minuteOf(clock, to, 'end')];
          const freeze = { name: 'f', time_zone: zone, from: momentOf(from), to: momentOf(to) };
          for (const at of [start - 1, start, end - 1, end, start + off, end + off]) {
            const holds = start <= at && at < end;
            expect(freezesAt([freeze], { environment: 'production', at: at * MINUTE })).toEqual(
              holds ? [{ freeze, endsAt: end * MINUTE }] : [],
            );
          }
        }),
        { numRuns: 60, seed },
      );
    });
  },
);
