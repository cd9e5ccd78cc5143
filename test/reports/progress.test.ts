import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createPaint } from '../../src/reports/paint.ts';
import { createProgress, progressLine } from '../../src/reports/progress.ts';

describe('a progress line', () => {
  test.each<[string, Parameters<typeof progressLine>[0], string]>([
    ['that cannot know how long', { what: 'Looking', done: 0, total: null, elapsed: 4_000 }, 'Looking: 4 s so far'],
    ['before the first step', { what: 'Changing', done: 0, total: 40, elapsed: 3_000 }, 'Changing: 0 of 40'],
    ['halfway', { what: 'Changing', done: 20, total: 40, elapsed: 9_000 }, 'Changing: 20 of 40, about 9 s left'],
    ['of hours', { what: 'Changing', done: 1, total: 61, elapsed: 60_000 }, 'Changing: 1 of 61, about 60 min left'],
    ['at its end', { what: 'Changing', done: 40, total: 40, elapsed: 9_000 }, 'Changing: 40 of 40'],
  ])('%s', (_, at, line) => {
    expect(progressLine(at)).toBe(line);
  });
});

describe('progress', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function on(isTTY: boolean) {
    let written = '';
    let now = 0;
    const stream = { isTTY, write: (text: string) => void (written += text) };
    const progress = createProgress(stream, () => now);
    return {
      progress,
      after(milliseconds: number) {
        now += milliseconds;
        jest.advanceTimersByTime(500);
      },
      /** The lines in the order in which they took each other's place. */
      lines: () => written.split('\r\u001B[K').slice(1),
      written: () => written,
    };
  }

  test('is not worth a line within two seconds', () => {
    const { progress, after, written } = on(true);
    progress.begin('Changing', 10);
    after(1_900);
    progress.step();
    progress.end();
    expect(written()).toBe('');
  });

  test('is one line that is written over, and gone at the end', () => {
    const { progress, after, lines } = on(true);
    progress.begin('Changing', 4);
    progress.step();
    after(3_000);
    progress.step();
    after(1_000);
    progress.end();
    expect(lines()).toEqual(['Changing: 1 of 4, about 9 s left', 'Changing: 2 of 4, about 4 s left', '']);
  });

  test('goes on while nothing happens', () => {
    const { progress, after, lines } = on(true);
    progress.begin('Looking', null);
    for (let i = 0; i < 3; i += 1) after(1_000);
    expect(lines()).toEqual(['Looking: 2 s so far', 'Looking: 3 s so far']);
    progress.end();
  });

  test('makes room for a line of the result', () => {
    const { progress, after, lines } = on(true);
    progress.begin('Changing', 4);
    after(3_000);
    progress.clear();
    progress.clear();
    expect(lines()).toEqual(['Changing: 0 of 4', '']);
    progress.end();
  });

  test('is never written to what is no terminal', () => {
    const { progress, after, written } = on(false);
    progress.begin('Changing', 4);
    after(60_000);
    progress.step();
    progress.clear();
    progress.end();
    expect(written()).toBe('');
  });
});

describe('colour', () => {
  test.each<[string, { isTTY?: boolean }, Record<string, string>, boolean]>([
    ['is for terminals', { isTTY: true }, { TERM: 'xterm' }, true],
    ['is for nothing else', {}, { TERM: 'xterm' }, false],
    ['is not for who does not want it', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['is for who says nothing with NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
    ['is not for a terminal that has none', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, environment, colourful) => {
    expect(createPaint(stream, environment)('red', 'text') !== 'text').toBe(colourful);
  });
});
