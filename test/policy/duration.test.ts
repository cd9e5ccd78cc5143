import fc from 'fast-check';
import { formatDuration, LONGEST_DURATION, parseDuration, writeDuration } from '../../src/policy/duration.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  ['30m', 30 * MINUTE],
  ['12h', 12 * HOUR],
  ['14d', 14 * DAY],
  ['2w', 14 * DAY],
  ['0m', 0],
  ['007d', 7 * DAY],
  ['3650d', LONGEST_DURATION],
  ['99999999999999999999d', Infinity],
])('%s is read', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '30', 'm', '1.5h', '-1d', '1 d', '1D', '1h30m', '1y', '1s', ' 1d', '1d\n', '١d'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test.each([
  [0, '0 seconds'],
  [1_000, '1 second'],
  [59_999, '59 seconds'],
  [MINUTE, '1 minute'],
  [2 * HOUR + 30 * MINUTE, '2 hours 30 minutes'],
  [14 * DAY, '14 days'],
  [DAY + HOUR + MINUTE, '1 day 1 hour'],
  [DAY + MINUTE, '1 day 1 minute'],
  [400 * DAY, '400 days'],
])('%d milliseconds are %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test.each([
  [0, '0m'],
  [90 * MINUTE, '90m'],
  [2 * HOUR, '2h'],
  [14 * DAY, '14d'],
])('%d milliseconds are written %s', (milliseconds, expected) => {
  expect(writeDuration(milliseconds)).toBe(expected);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LONGEST_DURATION / MINUTE }), (minutes) => {
      expect(parseDuration(writeDuration(minutes * MINUTE))).toBe(minutes * MINUTE);
    }),
  );
});
