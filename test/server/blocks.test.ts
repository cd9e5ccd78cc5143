import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBlocks } from '../../src/server/blocks.ts';

const chunks = fc.array(fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)));

describe('what is gathered in blocks', () => {
  test('is what came, however it was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.array(fc.nat({ max: 30 })), (text, cuts) => {
        const blocks = createBlocks();
        let rest = Buffer.from(text);
        for (const cut of cuts) {
          blocks.append(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        blocks.append(rest);
        expect(blocks.text()).toBe(text);
        expect(blocks.size).toBe(Buffer.byteLength(text));
      }),
    );
  });

  test('takes twice its size at most', () => {
    fc.assert(
      fc.property(chunks, (some) => {
        const blocks = createBlocks();
        for (const chunk of some) {
          blocks.append(chunk);
          expect(blocks.capacity).toBeGreaterThanOrEqual(blocks.size);
          expect(blocks.capacity).toBeLessThanOrEqual(2 * blocks.size);
        }
      }),
    );
  });

  test('does not hold on to what it came in', () => {
    const blocks = createBlocks();
    const chunk = Buffer.from('text');
    blocks.append(chunk);
    chunk.fill(0);
    expect(blocks.text()).toBe('text');
  });

  test('of many megabytes is never a megabyte too large', () => {
    const MEGABYTE = 1024 * 1024;
    const blocks = createBlocks();
    for (let i = 0; i < 200; i++) {
      blocks.append(Buffer.alloc(60_000));
      expect(blocks.capacity - blocks.size).toBeLessThan(MEGABYTE);
    }
  });
});
