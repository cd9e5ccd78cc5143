import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeState, encodeState, mergeEvents, NO_STATE, withEvents } from '../../src/reports/report-state.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

const event = fc.record({
  at: fc.integer({ min: NOW - 20 * DAY, max: NOW }),
  kind: fc.constantFrom('changed' as const, 'deleted' as const, 'drifted' as const),
  line: fc.record({
    sign: fc.constantFrom('+' as const, '~' as const, '-' as const),
    what: fc.string(),
    name: fc.string({ unit: 'binary' }),
    difference: fc.string(),
    reason: fc.string(),
  }),
});
const state = fc.record({ applied: fc.option(fc.string()), open: fc.array(fc.string()), events: fc.array(event) });

describe('what a report says to the next process', () => {
  test('is read back as it was said, whatever comes after it', () => {
    fc.assert(
      fc.property(state, fc.string(), (said, rest) => {
        const comment = encodeState(said);
        if (comment === '') expect(said).toEqual({ applied: null, open: [], events: [] });
        else expect(decodeState(`${comment}\n\n${rest}`)).toEqual(said);
      }),
    );
  });

  test('is never read from what somebody else wrote further down', () => {
    const forged = encodeState({ ...NO_STATE, applied: 'a commit' });
    for (const before of ['`', 'x ', '\n', '`file`: in force.\n\n'])
      expect(decodeState(`${before}${forged}`)).toBeNull();
  });

  test.each(['', 'nothing', '<!-- lockkeeper:bm90IGpzb24 -->', '<!-- lockkeeper:e30 -->'])(
    'is nothing where it cannot be understood: %j',
    (markdown) => {
      expect(decodeState(markdown)).toBeNull();
    },
  );

  test('tells what was done once, for a week, and no more than fits', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (one, other) => {
        const merged = mergeEvents(one, other);
        expect(mergeEvents(merged, one)).toEqual(merged);
        const { events } = withEvents(NO_STATE, merged, NOW);
        expect(events.length).toBeLessThanOrEqual(50);
        expect(events.every(({ at }) => NOW - at < 7 * DAY)).toBe(true);
        expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
      }),
    );
  });

  test('tells of a variable once, with its value where either knows it', () => {
    const told = (difference: string) =>
      ({
        at: NOW,
        kind: 'changed',
        line: { sign: '~', what: 'variable', name: 'e (A)', difference, reason: '' },
      }) as const;
    const [knowing, silent] = [[told('a → b')], [told('')]];
    expect([mergeEvents(knowing, silent), mergeEvents(silent, knowing)]).toEqual([knowing, knowing]);
  });

  test('takes a third of a report at most, however long things are called, and loses the oldest first', () => {
    const long = event.map((one) => ({
      ...one,
      at: NOW,
      line: { ...one.line, name: '…'.repeat(255), difference: '\u{1f511}'.repeat(600), reason: '"'.repeat(200) },
    }));
    fc.assert(
      fc.property(fc.array(long, { minLength: 1, maxLength: 80 }), (events) => {
        const kept = withEvents({ ...NO_STATE, applied: 'a commit' }, events, NOW);
        expect(encodeState(kept).length).toBeLessThan(65_535 / 3 + 200);
        expect(kept.events.length).toBeGreaterThan(0);
        const names = events.map(({ line }) => line.what);
        expect(kept.events.map(({ line }) => line.what)).toEqual(names.slice(-kept.events.length));
      }),
      { numRuns: 30 },
    );
  });

  test('is that nothing was applied where more is open than it can name', () => {
    const open = Array.from({ length: 301 }, (_, i) => `wait_timer environment-${i}`);
    expect(withEvents({ applied: 'a commit', open, events: [] }, [], NOW)).toEqual(NO_STATE);
  });
});
