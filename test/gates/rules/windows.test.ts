import { expect, test } from '@jest/globals';
import { ask, told } from '../case.ts';

const WINDOWS = `windows:
  - { name: office, time_zone: Europe/Berlin, days: [mon, tue], from: "09:00", to: "16:30" }
  - { name: night, time_zone: America/New_York, from: "22:00", to: "04:00" }
  - { name: never, days: [] }
`;
const at = (now: string, names: string) => ask(`{ windows: [${names}] }`, {}, { rest: WINDOWS, now: Date.parse(now) });

// 2 March 2026 is a Monday. Berlin is an hour ahead of UTC then, New York five behind.
test.each([
  ['inside', '2026-03-02T12:00:00Z', 'office', 'passes: window_open', null],
  ['at its start', '2026-03-02T08:00:00Z', 'office', 'passes: window_open', null],
  ['before its start', '2026-03-02T07:59:59Z', 'office', 'waits: window_closed', '2026-03-02T08:00 Europe/Berlin'],
  ['at its end', '2026-03-02T15:30:00Z', 'office', 'waits: window_closed', '2026-03-03T08:00 Europe/Berlin'],
  ['on another day', '2026-03-04T12:00:00Z', 'office', 'waits: window_closed', '2026-03-09T08:00 Europe/Berlin'],
  ['inside the other of two', '2026-03-03T04:00:00Z', 'office, night', 'passes: window_open', null],
  ['over midnight', '2026-03-03T08:59:00Z', 'night', 'passes: window_open', null],
  [
    'outside of both',
    '2026-03-04T12:00:00Z',
    'office, night',
    'waits: window_closed',
    '2026-03-05T03:00 America/New_York',
  ],
  ['of one that never opens', '2026-03-02T12:00:00Z', 'never', 'waits: window_closed', null],
  [
    'of one that never opens, and one that does',
    '2026-03-01T12:00:00Z',
    'never, office',
    'waits: window_closed',
    '2026-03-02T08:00 Europe/Berlin',
  ],
])('%s (%s)', (...[, now, names, expected, next]) => {
  const said = at(now, names);
  const { changesAt } = said;
  expect(told(said)).toBe(expected);
  expect(changesAt && `${new Date(changesAt.at).toISOString().slice(0, 16)} ${changesAt.zone}`).toBe(next);
});

test('says which window opens next', () => {
  expect(at('2026-03-04T12:00:00Z', 'office, night')).toMatchObject({
    required: 'inside office or night',
    seen: 'closed; night opens next',
  });
});
