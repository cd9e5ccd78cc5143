import { describe, expect, test } from '@jest/globals';
import {
  bypassesOf,
  cutPresses,
  mergeGateStates,
  NO_GATE_STATE,
  withPress,
  type ButtonPress,
  type GateState,
} from '../../src/reports/gate-state.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-02T12:00:00Z');
const bypass = (by: string, at: number): ButtonPress => ({ button: 'bypass', by, at, refused: null });
const inVain = (by: string, at: number): ButtonPress => ({ ...bypass(by, at), refused: 'not allowed' });
const many = (length: number, press: (i: number) => ButtonPress): readonly ButtonPress[] =>
  Array.from({ length }, (_, i) => press(i));
const pressed = (presses: readonly ButtonPress[]): GateState => presses.reduce(withPress, NO_GATE_STATE);

describe('what is kept of presses', () => {
  test.each<[string, readonly ButtonPress[], readonly string[]]>([
    [
      'a bypass before many in vain',
      [bypass('carol', NOW), ...many(200, (i) => inVain('mallory', NOW + i))],
      ['carol'],
    ],
    [
      'a bypass among many in vain, by many people',
      [
        ...many(60, (i) => inVain(`m${i}`, NOW + i)),
        bypass('carol', NOW + 60),
        ...many(60, (i) => inVain(`n${i}`, NOW + 61 + i)),
      ],
      ['carol'],
    ],
    [
      'a bypass before many of somebody else who may',
      [bypass('carol', NOW), ...many(80, (i) => bypass('bob', NOW + i))],
      ['carol', ...many(49, (i) => bypass('bob', i)).map(({ by }) => by)],
    ],
    [
      'every bypass of a day by more people than presses are kept',
      many(60, (i) => bypass(`p${i}`, NOW + i)),
      many(60, (i) => bypass(`p${i}`, i)).map(({ by }) => by),
    ],
    [
      'a bypass that covers nothing any more, rather than what was in vain',
      [bypass('carol', NOW - 48 * HOUR), ...many(80, (i) => inVain('mallory', NOW + i))],
      ['carol'],
    ],
  ])('is %s', (_name, presses, expected) => {
    expect(bypassesOf(pressed(presses)).map(({ by }) => by)).toEqual(expected);
    const halves = [presses.slice(0, 40), presses.slice(40)].map(pressed);
    const [first = NO_GATE_STATE, second = NO_GATE_STATE] = halves;
    expect(bypassesOf(mergeGateStates(first, second)).map(({ by }) => by)).toEqual(expected);
  });

  test('are the newest, oldest first, where none counts for more', () => {
    const presses = many(60, (i) => inVain('mallory', NOW + i));
    expect(cutPresses(presses, 50)).toEqual(presses.slice(10));
    expect(cutPresses([], 50)).toEqual([]);
  });
});
