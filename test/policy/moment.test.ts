import { parseMoment, parseTimeOfDay } from '../../src/policy/moment.ts';

test.each([
  ['2026-12-19T00:00', [2026, 12, 19, 0, 0, 0, null]],
  ['2026-12-19T08:30:15', [2026, 12, 19, 8, 30, 15, null]],
  ['2026-12-19T08:30Z', [2026, 12, 19, 8, 30, 0, 0]],
  ['2026-12-19T08:30:15+05:45', [2026, 12, 19, 8, 30, 15, 345]],
  ['2026-12-19T08:30-03:30', [2026, 12, 19, 8, 30, 0, -210]],
  ['2028-02-29T00:00', [2028, 2, 29, 0, 0, 0, null]],
  ['2000-02-29T00:00', [2000, 2, 29, 0, 0, 0, null]],
])('%s is a moment', (text, [year, month, day, hour, minute, second, offset_minutes]) => {
  const value = { year, month, day, hour, minute, second, offset_minutes, text };
  expect(parseMoment(text)).toEqual({ kind: 'ok', value });
});

test.each([
  '2026-02-29T00:00',
  '1900-02-29T00:00',
  '2026-04-31T00:00',
  '2026-13-01T00:00',
  '2026-00-01T00:00',
  '2026-01-00T00:00',
  '2026-01-01T24:00',
  '2026-01-01T00:60',
  '2026-01-01T00:00:60',
  '2026-01-01T00:00+19:00',
  '2026-01-01T00:00+01:60',
])('%s is not in the calendar', (text) => {
  expect(parseMoment(text)).toEqual({ kind: 'not-in-calendar' });
});

test.each([
  '',
  '2026-12-19',
  '2026-12-19 00:00',
  '26-12-19T00:00',
  '2026-12-19T0:00',
  '2026-12-19T00:00 ',
  '2026-12-19T00:00+1',
])('%j is not written as a moment', (text) => {
  expect(parseMoment(text)).toEqual({ kind: 'malformed' });
});

test.each([
  ['00:00', { kind: 'ok', value: { hour: 0, minute: 0 } }],
  ['24:00', { kind: 'ok', value: { hour: 24, minute: 0 } }],
  ['24:01', { kind: 'not-in-calendar' }],
  ['12:60', { kind: 'not-in-calendar' }],
  ['9:00', { kind: 'malformed' }],
  ['09:00:00', { kind: 'malformed' }],
])('the time of day %s', (text, expected) => {
  expect(parseTimeOfDay(text)).toEqual(expected);
});
