import { freezesAt, nextOpening, openingAt, spanOfFreeze, windowsAt } from '../../src/policy/calendar.ts';
import { parseMoment, type Moment } from '../../src/policy/moment.ts';
import type { Freeze, Window } from '../../src/policy/schema.ts';

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function windowOf(text: string, changes: Partial<Window> = {}): Window {
  const [from = '', to = ''] = text.split('-');
  const time = (written: string) => ({ hour: Number(written.slice(0, 2)), minute: Number(written.slice(3)) });
  return { name: 'w', time_zone: 'UTC', days: EVERY_DAY, from: time(from), to: time(to), ...changes };
}

function momentOf(text: string): Moment {
  const moment = parseMoment(text);
  if (moment.kind !== 'ok') throw new Error(`No moment: ${text}`);
  return moment.value;
}

function freezeOf(from: string | null, to: string | null, changes: Partial<Freeze> = {}): Freeze {
  return {
    name: 'f',
    time_zone: 'UTC',
    ...(from === null ? {} : { from: momentOf(from) }),
    ...(to === null ? {} : { to: momentOf(to) }),
    ...changes,
  };
}

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | null | undefined): string | null =>
  instant === null || instant === undefined ? null : new Date(instant).toISOString().replace('.000Z', 'Z');

describe('a window', () => {
  const berlin = { time_zone: 'Europe/Berlin' };
  const newYork = { time_zone: 'America/New_York' };
  test.each<[string, Window, string, [string, string] | null]>([
    [
      'its start is inside it',
      windowOf('09:00-16:30'),
      '2026-06-01T09:00:00Z',
      ['2026-06-01T09:00:00Z', '2026-06-01T16:30:00Z'],
    ],
    ['its end is not inside it', windowOf('09:00-16:30'), '2026-06-01T16:30:00Z', null],
    ['the moment before its start is not inside it', windowOf('09:00-16:30'), '2026-06-01T08:59:59Z', null],
    [
      'is read in its zone, in summer',
      windowOf('09:00-16:30', berlin),
      '2026-06-01T07:00:00Z',
      ['2026-06-01T07:00:00Z', '2026-06-01T14:30:00Z'],
    ],
    [
      'is read in its zone, in winter',
      windowOf('09:00-16:30', berlin),
      '2026-12-01T08:00:00Z',
      ['2026-12-01T08:00:00Z', '2026-12-01T15:30:00Z'],
    ],
    [
      'over midnight ends on the next day',
      windowOf('22:00-04:00'),
      '2026-06-02T03:59:59Z',
      ['2026-06-01T22:00:00Z', '2026-06-02T04:00:00Z'],
    ],
    [
      'over midnight belongs to the day it begins on',
      windowOf('22:00-04:00', { days: ['mon'] }),
      '2026-06-02T01:00:00Z',
      ['2026-06-01T22:00:00Z', '2026-06-02T04:00:00Z'],
    ],
    [
      'over midnight does not begin the day before',
      windowOf('22:00-04:00', { days: ['mon'] }),
      '2026-06-01T01:00:00Z',
      null,
    ],
    [
      'whose end is its start lasts a day',
      windowOf('09:00-09:00', { days: ['mon'] }),
      '2026-06-02T08:59:59Z',
      ['2026-06-01T09:00:00Z', '2026-06-02T09:00:00Z'],
    ],
    [
      'to 24:00 ends at midnight',
      windowOf('18:00-24:00'),
      '2026-06-01T23:59:59Z',
      ['2026-06-01T18:00:00Z', '2026-06-02T00:00:00Z'],
    ],
    [
      'of the whole day is 23 hours long when clocks spring forward',
      windowOf('00:00-24:00', berlin),
      '2026-03-29T10:00:00Z',
      ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ],
    [
      'of the whole day is 25 hours long when clocks fall back',
      windowOf('00:00-24:00', berlin),
      '2026-10-25T10:00:00Z',
      ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ],
    [
      'whose start is skipped begins later by the gap',
      windowOf('02:30-05:00', berlin),
      '2026-03-29T01:30:00Z',
      ['2026-03-29T01:30:00Z', '2026-03-29T03:00:00Z'],
    ],
    ['whose start is skipped has not begun before', windowOf('02:30-05:00', berlin), '2026-03-29T01:29:59Z', null],
    [
      'whose end is skipped ends later by the gap',
      windowOf('01:00-02:30', berlin),
      '2026-03-29T01:29:59Z',
      ['2026-03-29T00:00:00Z', '2026-03-29T01:30:00Z'],
    ],
    [
      'that is skipped whole moves forward whole',
      windowOf('02:10-02:50', berlin),
      '2026-03-29T01:20:00Z',
      ['2026-03-29T01:10:00Z', '2026-03-29T01:50:00Z'],
    ],
    ['of which the gap leaves nothing does not open', windowOf('02:30-03:10', berlin), '2026-03-29T01:05:00Z', null],
    [
      'whose start happens twice begins at its first',
      windowOf('02:30-05:00', berlin),
      '2026-10-25T00:30:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-25T04:00:00Z'],
    ],
    [
      'whose end happens twice ends at its second',
      windowOf('01:00-02:30', berlin),
      '2026-10-25T01:29:59Z',
      ['2026-10-24T23:00:00Z', '2026-10-25T01:30:00Z'],
    ],
    [
      'keeps New York’s days',
      windowOf('22:00-23:00', { ...newYork, days: ['fri'] }),
      '2026-06-06T02:30:00Z',
      ['2026-06-06T02:00:00Z', '2026-06-06T03:00:00Z'],
    ],
    [
      'knows zones of odd offsets',
      windowOf('09:00-10:00', { time_zone: 'Asia/Kathmandu' }),
      '2026-06-01T03:15:00Z',
      ['2026-06-01T03:15:00Z', '2026-06-01T04:15:00Z'],
    ],
    [
      'knows gaps of half an hour',
      windowOf('02:15-04:00', { time_zone: 'Australia/Lord_Howe' }),
      '2026-10-03T15:50:00Z',
      ['2026-10-03T15:45:00Z', '2026-10-03T17:00:00Z'],
    ],
    ['without days never opens', windowOf('09:00-10:00', { days: [] }), '2026-06-01T09:30:00Z', null],
  ])('%s', (_title, window, now, expected) => {
    const opening = openingAt(window, at(now));
    expect(opening === null ? null : [iso(opening.start), iso(opening.end)]).toEqual(expected);
  });
});

describe('the next opening', () => {
  test.each<[string, Window[], string, string | null]>([
    [
      'is today’s, where it is still to come',
      [windowOf('09:00-10:00')],
      '2026-06-01T08:00:00Z',
      '2026-06-01T09:00:00Z',
    ],
    [
      'is tomorrow’s, where today’s has begun',
      [windowOf('09:00-10:00')],
      '2026-06-01T09:00:00Z',
      '2026-06-02T09:00:00Z',
    ],
    [
      'skips the days that the window does not have',
      [windowOf('09:00-10:00', { days: ['mon'] })],
      '2026-06-01T10:00:00Z',
      '2026-06-08T09:00:00Z',
    ],
    [
      'is the earliest of several windows',
      [windowOf('20:00-21:00'), windowOf('09:00-10:00')],
      '2026-06-01T10:00:00Z',
      '2026-06-01T20:00:00Z',
    ],
    [
      'passes over an opening that daylight saving swallows',
      [windowOf('02:30-03:10', { time_zone: 'Europe/Berlin', days: ['sun'] })],
      '2026-03-28T12:00:00Z',
      '2026-04-05T00:30:00Z',
    ],
    [
      'of a day that a zone skipped moves forward by that day',
      [windowOf('09:00-10:00', { time_zone: 'Pacific/Apia', days: ['fri'] })],
      '2011-12-29T12:00:00Z',
      '2011-12-30T19:00:00Z',
    ],
    ['does not exist without days', [windowOf('09:00-10:00', { days: [] })], '2026-06-01T10:00:00Z', null],
  ])('%s', (_title, windows, now, expected) => {
    expect(iso(nextOpening(windows, at(now)))).toBe(expected);
  });
});

test('every zone that a policy may name has clocks', () => {
  for (const zone of [...Intl.supportedValuesOf('timeZone'), 'US/Eastern', 'Europe/Kiev', 'Etc/GMT+12', 'GMT', 'UTC']) {
    expect(nextOpening([windowOf('09:00-10:00', { time_zone: zone })], at('2026-06-01T00:00:00Z'))).not.toBeNull();
  }
});

describe('several windows', () => {
  test('that follow on one another are open until the last one closes', () => {
    const windows = [windowOf('09:00-12:00'), windowOf('12:00-17:00')];
    expect(windowsAt(windows, at('2026-06-01T10:00:00Z'))).toEqual({ kind: 'open', until: at('2026-06-01T17:00:00Z') });
  });

  test('around the clock never close', () => {
    expect(windowsAt([windowOf('00:00-24:00')], at('2026-06-01T10:00:00Z'))).toEqual({ kind: 'open', until: null });
  });

  test('that are closed say when the first one opens', () => {
    const windows = [windowOf('09:00-12:00', { days: ['tue'] }), windowOf('13:00-17:00')];
    expect(windowsAt(windows, at('2026-06-01T18:00:00Z'))).toEqual({
      kind: 'closed',
      opensAt: at('2026-06-02T09:00:00Z'),
    });
  });
});

describe('a freeze', () => {
  const berlin = { time_zone: 'Europe/Berlin' };
  test.each<[string, Freeze, string, string]>([
    [
      'is read in its zone',
      freezeOf('2026-12-19T00:00', '2027-01-04T08:00', berlin),
      '2026-12-18T23:00:00Z',
      '2027-01-04T07:00:00Z',
    ],
    [
      'with an offset needs no zone',
      freezeOf('2026-12-19T00:00+05:30', '2027-01-04T08:00:30Z', berlin),
      '2026-12-18T18:30:00Z',
      '2027-01-04T08:00:30Z',
    ],
    [
      'whose start is skipped begins later by the gap',
      freezeOf('2026-03-29T02:30', '2026-03-30T00:00', berlin),
      '2026-03-29T01:30:00Z',
      '2026-03-29T22:00:00Z',
    ],
    [
      'whose ends happen twice takes the longest',
      freezeOf('2026-10-25T02:30', '2026-10-25T02:30', berlin),
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
    ],
  ])('%s', (_title, freeze, start, end) => {
    const span = spanOfFreeze(freeze);
    expect([iso(span.start), iso(span.end)]).toEqual([start, end]);
  });

  test('without an end is in force until it is taken out', () => {
    const held = freezesAt([freezeOf('2026-01-01T00:00', null)], {
      environment: 'production',
      at: at('2030-01-01T00:00:00Z'),
    });
    expect(held.map(({ endsAt }) => endsAt)).toEqual([null]);
  });

  test('without a beginning is in force since ever', () => {
    const freezes = [freezeOf(null, '2026-01-01T00:00')];
    expect(freezesAt(freezes, { environment: 'production', at: at('1999-01-01T00:00:00Z') })).toHaveLength(1);
    expect(freezesAt(freezes, { environment: 'production', at: at('2026-01-01T00:00:00Z') })).toEqual([]);
  });

  test.each([
    ['all environments, where it names none', undefined, 'anything', true],
    ['an environment by its name, whatever the case', ['production'], 'Production', true],
    ['environments by a pattern', ['prod*'], 'prod-eu', true],
    ['none where its list is empty', [], 'production', false],
    ['not what it does not name', ['production'], 'staging', false],
  ])('covers %s', (_title, environments, environment, covered) => {
    const freeze = freezeOf(null, null, environments === undefined ? {} : { environments });
    expect(freezesAt([freeze], { environment, at: 0 })).toHaveLength(covered ? 1 : 0);
  });
});
