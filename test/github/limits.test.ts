import { describe, expect, test } from '@jest/globals';
import { createLimits } from '../../src/github/limits.ts';
import { createPace, type Pace, type Purpose } from '../../src/github/pace.ts';

/** Milliseconds that a second of GitHub's takes here. */
const SECOND = 40;

const write = (purpose: Purpose) => ({ operation: 'POST /x', resource: 'rest', writes: true, purpose }) as const;

/** A pace whose next turn is always so far away. */
function turnIn(wait: number): Pace {
  return { take: () => Promise.resolve(wait) };
}

describe('writes that wait for their turn', () => {
  test('let the answer of a gate go before those of a sweep that have waited for longer', async () => {
    const limits = createLimits(
      SECOND,
      createPace(() => (performance.now() * 1000) / SECOND),
    );
    const sent: string[] = [];
    const send = (name: string, purpose: Purpose): Promise<unknown> =>
      limits.send(write(purpose), () => Promise.resolve(sent.push(name)));
    const swept = Array.from({ length: 12 }, (_, i) => send(`sweep ${i}`, 'sweep'));
    // The sweep is at it.
    await swept[0];
    await send('gate', 'gate');
    expect(sent.indexOf('gate')).toBeLessThanOrEqual(4);
    await Promise.all(swept);
    expect(sent).toHaveLength(13);
  });

  test.each<[Purpose, number, 'sent' | 'limited']>([
    ['gate', 60_000, 'sent'],
    ['gate', 62_000, 'limited'],
    ['sweep', 1500, 'sent'],
    ['sweep', 21_000, 'limited'],
  ])('one for a %s, whose turn is %i ms away, is %s', async (purpose, wait, expected) => {
    const limits = createLimits(1, turnIn(wait));
    const sending = limits.send(write(purpose), () => Promise.resolve('sent'));
    if (expected === 'sent') await expect(sending).resolves.toBe('sent');
    else await expect(sending).rejects.toMatchObject({ kind: 'limited', retryAfter: wait });
  });

  test('that may not take so distant a turn ask again when it is nearer', async () => {
    const waits = [5000, 1000];
    const asked: number[] = [];
    const limits = createLimits(1, {
      take(_request, patience) {
        asked.push(patience);
        return Promise.resolve(waits[asked.length - 1] ?? 0);
      },
    });
    await limits.send(write('sweep'), () => Promise.resolve('sent'));
    expect(asked).toEqual([2000, 2000]);
  });
});
