import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createPace, RATES, takenBy, TERMS, type Purpose } from '../../src/github/pace.ts';
import type { Resource } from '../../src/github/limit.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Asked {
  readonly resource: Resource;
  readonly writes: boolean;
  readonly purpose?: Purpose;
}

/** Sends one request after another, each as soon as it may be, and says when. */
async function send(requests: readonly (Asked & { readonly idle?: number })[]): Promise<readonly number[]> {
  let now = 0;
  const pace = createPace(() => now);
  const times: number[] = [];
  for (const { idle = 0, ...request } of requests) {
    now += idle;
    now += await pace.take(request, Infinity);
    times.push(now);
  }
  return times;
}

const many = (count: number, request: Asked): readonly Asked[] => Array.from({ length: count }, () => request);
const READ: Asked = { resource: 'rest', writes: false };
const QUERY: Asked = { resource: 'graphql', writes: false };
const WRITE: Asked = { resource: 'rest', writes: true };
const MUTATION: Asked = { resource: 'graphql', writes: true };

describe("an installation's pace", () => {
  test.each([
    ['two thousand reads', many(2000, READ), 2.7 * MINUTE],
    ['two thousand queries', many(2000, QUERY), 1.2 * MINUTE],
    ['fifty mutations', many(50, MUTATION), 50_000],
    ['a handful of reads', many(10, READ), 0],
  ])('%s take no longer than they have to', async (_, requests, most) => {
    expect((await send(requests)).at(-1)).toBeLessThanOrEqual(most);
  });

  test('a turn that is too far away is not taken, and nobody else waits for it', async () => {
    let now = 0;
    const pace = createPace(() => now);
    await pace.take(WRITE, Infinity);
    expect(await pace.take(WRITE, 500)).toBe(1000);
    expect(await pace.take(WRITE, 1000)).toBe(1000);
    now = 2000;
    expect(await pace.take(WRITE, 500)).toBe(0);
  });

  test("what is asked in any order and at any time oversteps none of GitHub's limits", async () => {
    const asked = fc.record({
      resource: fc.constantFrom<Resource>('rest', 'graphql'),
      writes: fc.boolean(),
      purpose: fc.constantFrom<Purpose>('gate', 'delivery', 'sweep'),
      idle: fc.constantFrom(0, 0, 0, 0, 10, 500, 30_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 200, maxLength: 1200 }), async (requests) => {
        const times = await send(requests);
        const sent = requests.map((request, i) => ({ ...request, at: times[i] ?? 0 }));
        const points = (resource: Resource) =>
          sent.map((one) => ({ at: one.at, amount: one.resource === resource ? (one.writes ? 5 : 1) : 0 }));
        const writes = sent.map(({ at, writes: isWrite }) => ({ at, amount: isWrite ? 1 : 0 }));
        expect(most(points('rest'), MINUTE)).toBeLessThanOrEqual(900);
        expect(most(points('graphql'), MINUTE)).toBeLessThanOrEqual(2000);
        expect(most(writes, MINUTE)).toBeLessThanOrEqual(80);
        expect(most(writes, HOUR)).toBeLessThanOrEqual(500);
      }),
      { numRuns: 15 },
    );
  });

  test.each<[Purpose, number]>([
    ['gate', 120],
    ['delivery', 100],
    ['sweep', 60],
  ])('for a %s, %i writes may be made in a row', async (purpose, expected) => {
    let now = 0;
    const pace = createPace(() => now);
    const { every, amount } = RATES.content;
    let made = 0;
    // A second apart, as GitHub asks, until the next one would have to wait for more than that.
    for (; (await pace.take({ ...WRITE, purpose }, 1000)) <= 1000; now += 1000) made += 1;
    const refilled = (now * amount) / every;
    expect(made - refilled).toBeGreaterThan(expected - 1);
    expect(made - refilled).toBeLessThanOrEqual(expected + 1);
  });

  test('however much a sweep writes, a gate is answered within three seconds, for as many answers as are kept for it', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: TERMS.sweep.kept });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3600 }), pauses, async (start, idle) => {
        let now = 0;
        const pace = createPace(() => now);
        const sweepFor = async (seconds: number): Promise<void> => {
          for (let i = 0; i < seconds; i += 1, now += 1000)
            await pace.take({ ...MUTATION, purpose: 'sweep' }, TERMS.sweep.ahead);
        };
        await sweepFor(start);
        for (const seconds of idle) {
          expect(await pace.take({ ...WRITE, purpose: 'gate' }, Infinity)).toBeLessThanOrEqual(3000);
          await sweepFor(seconds);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('every rate that is taken from is known', () => {
    for (const request of [READ, QUERY, WRITE, MUTATION]) {
      for (const { rate } of takenBy(request)) expect(RATES[rate].amount).toBeGreaterThan(0);
    }
  });
});

/** The most that falls into any stretch of `span`. */
function most(events: readonly { readonly at: number; readonly amount: number }[], span: number): number {
  let first = 0;
  let sum = 0;
  let found = 0;
  for (const { at, amount } of events) {
    sum += amount;
    for (let old = events[first]; old !== undefined && old.at <= at - span; old = events[first]) {
      sum -= old.amount;
      first += 1;
    }
    found = Math.max(found, sum);
  }
  return found;
}
